// @ts-check
/** An instance of the core as WebAssembly. */

import { MODULE_NAME, glue } from './dist/core.js';
import { decode, encode } from './utf8.js';

/** @typedef {{ core: ReturnType<typeof glue>, memory: { buffer: ArrayBuffer } }} Instance */
/** @typedef {{ memory: WebAssembly.Memory, __wbindgen_start(): void }} Exports */

/**
 * @param {WebAssembly.Module} module
 * @returns {Instance}
 */
export function run(module) {
  const core = glue(encode, decode);
  const { exports } = new WebAssembly.Instance(module, { [MODULE_NAME]: core.imports });
  const { memory, __wbindgen_start: start } = /** @type {Exports} */ (/** @type {unknown} */ (exports));
  core.set(exports);
  start();
  return { core, memory };
}
