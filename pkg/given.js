// @ts-check
/** The core as WebAssembly that the caller brings. */

import { run } from './compiled.js';

export const REMEDY = "write `await init(source)` before this line; `source` is 'reprieve/reprieve.wasm' of this version";

/** @type {WebAssembly.Module | undefined} */
let module;
/** @type {Promise<void>} */
let loading = Promise.resolve();

/** @returns {import('./compiled.js').Instance} */
export function start() {
  if (!module) throw new Error('no WebAssembly was given');
  return run(module);
}

export function prepare() {}

/** @param {import('./slim.js').Source | undefined} [source] */
export function load(source) {
  return source === undefined || module ? loading : (loading = take(source));
}

/** @param {import('./slim.js').Source} source */
async function take(source) {
  let given = await source;
  if (typeof given === 'string' || given instanceof URL) given = await fetch(given);
  if (typeof Response === 'function' && given instanceof Response) {
    if (!given.ok) throw new Error(`init: ${given.url} answered ${given.status}`);
    given = await given.arrayBuffer();
  }
  module = given instanceof WebAssembly.Module ? given : await WebAssembly.compile(/** @type {BufferSource} */ (given));
}
