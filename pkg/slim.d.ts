/** The same without the core: `init` takes it. */
export * from './index.js';

/** `WebAssembly.Module`; the types of Node alone do not know it. */
type Module = typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } } ? M & object : never;

/** The bytes of `reprieve/reprieve.wasm` of the same version, a response with them, their address, or the module that they are. */
export type Source = ArrayBuffer | ArrayBufferView | Response | URL | string | Module;

/**
 * Takes the core; later calls do nothing.
 * @throws where the source cannot be had, or is not the WebAssembly of this version.
 */
export function init(source: Source | Promise<Source>): Promise<void>;

// Otherwise all that is declared here would be exported.
export {};
