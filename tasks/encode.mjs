// @ts-check
/**
 * Bytes as ASCII text that compresses better than the bytes: a module taken apart as `pkg/join.js` says, the commonest
 * bytes one letter each, the rest an escape and a letter. The text needs no escapes in a JavaScript string and is safe
 * inside `<script>`.
 */
import { DIRECT, LETTERS, join, walk } from '../pkg/join.js';

/**
 * Which byte each letter stands for. A letter that is a common byte itself keeps its place: compressors model text so.
 * @param {number[]} bytes
 */
function assign(bytes) {
  const count = new Array(256).fill(0);
  for (const byte of bytes) count[byte]++;
  const common = [...count.keys()].sort((a, b) => count[b] - count[a] || a - b).slice(0, DIRECT);
  const letters = Array.from(LETTERS.slice(0, DIRECT), (letter) => letter.charCodeAt(0));
  const strangers = common.filter((byte) => !letters.includes(byte)).sort((a, b) => a - b);
  return letters.map((letter) => (common.includes(letter) ? letter : /** @type {number} */ (strangers.shift())));
}

/**
 * The texts as bytes, and where the functions stand.
 * @param {Uint8Array} wasm
 */
function split(wasm) {
  let at = 8;
  const number = () => {
    for (let value = 0, place = 1; ; place *= 128) {
      value += (wasm[at] & 127) * place;
      if (wasm[at++] < 128) return value;
    }
  };
  while (wasm[at] !== 10) {
    at++;
    const size = number();
    at += size;
  }
  at++;
  number();
  const functions = number();
  const head = at;
  /** @type {number[][]} */
  const texts = [[...wasm.subarray(0, head)]];
  for (let i = 0; i < functions; i++) {
    number();
    walk((text) => {
      (texts[text] ??= []).push(wasm[at]);
      return wasm[at++];
    });
  }
  texts[0].push(...wasm.subarray(at));
  return { texts, functions, head };
}

/**
 * A module's source with `bytes()`, which gives the bytes back.
 * @param {Uint8Array} wasm
 */
export function decoder(wasm) {
  const { texts, functions, head } = split(wasm);
  const order = assign(texts.flat());
  const rest = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !order.includes(byte));
  /** @type {string[]} */
  const code = [];
  order.forEach((byte, i) => (code[byte] = LETTERS[i]));
  rest.forEach((byte, i) => (code[byte] = LETTERS[DIRECT + Math.floor(i / LETTERS.length)] + LETTERS[i % LETTERS.length]));
  const letters = texts.map((bytes) => bytes.map((byte) => code[byte]).join(''));
  const alphabet = order.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const given = join(letters, alphabet, functions, head, wasm.length);
  if (given.some((byte, i) => byte !== wasm[i])) throw new Error('the wasm cannot be put together again as it was');
  const input = [letters, alphabet, functions, head, wasm.length].map((part) => JSON.stringify(part)).join(', ');
  return `import { join } from '../join.js';\nexport const bytes = () => join(${input});\n`;
}
