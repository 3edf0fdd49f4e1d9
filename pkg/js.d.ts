/** The same with the core as plain JavaScript: for where WebAssembly may not be compiled. */
export * from './index.js';
