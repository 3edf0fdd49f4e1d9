// @ts-check
/** What wasm2js writes, as a module whose `start` gives a fresh core, and whose data takes a third less than as base64. */
import { decoder } from './encode.mjs';

const SEGMENT = /^ *base64DecodeToExistingUint8Array\(bufferView, (\d+), "([^"]*)"\);$/gm;

/** As much as an instance may have before `pkg/instance.js` replaces it: to grow is to copy here. What is not used costs nothing. */
const MEMORY = 1 << 23;

/**
 * @param {string} script what wasm2js wrote
 * @param {string} glue
 * @param {string} imported the name of the module that the wasm imports
 */
export function plain(script, glue, imported) {
  const segments = [...script.matchAll(SEGMENT)].map(([, place, data]) => ({ place: Number(place), data: Buffer.from(data, 'base64') }));
  const code = script.match(/^function initActiveSegments\(imports\) {[^]*?^}\n([^]*?)^var retasmFunc/m)?.[1];
  if (!code || !segments.length) throw new Error("wasm2js's output has changed");
  const begin = Math.min(...segments.map(({ place }) => place));
  const block = new Uint8Array(Math.max(...segments.map(({ place, data }) => place + data.length)) - begin);
  for (const { place, data } of segments) block.set(data, place - begin);
  return `${decoder(block)}
let bufferView;
let data;
const initActiveSegments = () => bufferView.set(data ??= bytes(), ${begin});
${code.replace(/new ArrayBuffer\(\d+\)/, `new ArrayBuffer(${MEMORY})`)}
${glue}
export function start(encode, decode) {
  const core = glue(encode, decode);
  const exports = asmFunc({ ${JSON.stringify(imported)}: core.imports });
  core.set(exports);
  return { core, memory: exports.memory };
}
`.replaceAll('export function bytes', 'function bytes').replaceAll('export function glue', 'function glue');
}
