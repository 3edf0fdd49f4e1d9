// @ts-check
/** Brings the core up: compiled on first need, never fetched, replaced after a trap. */

import { MODULE_NAME, bytes, glue } from './dist/core.js';
import { OptionsError } from './errors.js';

/** @type {WebAssembly.Module | undefined} */
let module;

/** @type {ReturnType<typeof glue> | undefined} */
let instance;

function core() {
  if (!instance) {
    const made = glue();
    module ??= new WebAssembly.Module(bytes());
    const { exports } = new WebAssembly.Instance(module, { [MODULE_NAME]: made.imports });
    made.set(exports);
    /** @type {{ __wbindgen_start(): void }} */ (/** @type {unknown} */ (exports)).__wbindgen_start();
    instance = made;
  }
  return instance;
}

/**
 * Calls a function of the core.
 * @template T
 * @param {(core: ReturnType<typeof glue>) => T} use
 * @returns {T}
 * @throws {OptionsError} for options that do not load
 */
export function ask(use) {
  try {
    return use(core());
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      // The state of an instance that trapped is undefined; a new one has none.
      instance = undefined;
      return use(core());
    }
    const { pointer, reason } = /** @type {{ pointer?: unknown, reason?: unknown }} */ (error);
    throw typeof pointer === 'string' ? new OptionsError(pointer, String(reason)) : error;
  }
}
