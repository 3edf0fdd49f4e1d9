// @ts-check
/** The core as WebAssembly, inlined; where that does not run, as plain JavaScript in a file beside this one. */

import { run } from './compiled.js';
import { bytes } from './dist/core.js';
import { decode, encode } from './utf8.js';

export const REMEDY = "write `await init()` before this line, or import from 'reprieve/js'";

/** @type {WebAssembly.Module | undefined} */
let module;
/** @type {typeof import('./dist/plain.js') | undefined} */
let plain;
/** Why WebAssembly does not run here. @type {unknown} */
let refusal;
/** @type {Promise<void> | undefined} */
let loading;

/** The smallest module. */
const EMPTY = [0, 97, 115, 109, 1, 0, 0, 0];

/** @returns {import('./compiled.js').Instance} */
export function start() {
  if (plain) return plain.start(encode, decode);
  if (refusal) throw refusal;
  try {
    return run((module ??= new WebAssembly.Module(bytes())));
  } catch (error) {
    throw (refusal = error);
  }
}

/** Where WebAssembly may not be compiled, the other form is fetched before it is needed: then the network may be down. */
export function prepare() {
  if (module || refusal) return;
  try {
    new WebAssembly.Module(Uint8Array.from(EMPTY));
  } catch (error) {
    refusal = error;
    load().catch(() => {});
  }
}

/** Makes that `start` can start. */
export function load() {
  return (loading ??= bring().finally(() => (loading = undefined)));
}

async function bring() {
  try {
    if (!refusal) module ??= await WebAssembly.compile(bytes());
  } catch (error) {
    refusal = error;
  }
  if (refusal) plain ??= await import('./dist/plain.js');
}
