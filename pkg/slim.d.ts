/** The same without the core: `init` takes it. */
export * from './index.js';

/** The bytes of `reprieve/reprieve.wasm` of the same version, a response with them, their address, or the module that they are. */
export type Source = BufferSource | Response | URL | string | (WebAssembly.Module & object);

/**
 * Takes the core; later calls do nothing.
 * @throws where the source cannot be had, or is not the WebAssembly of this version.
 */
export function init(source: Source | Promise<Source>): Promise<void>;
