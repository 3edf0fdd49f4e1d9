// @ts-check
/**
 * Bytes as ASCII text that compresses better than the bytes: a module taken apart as `pkg/join.js` says, the commonest
 * bytes one letter each, the rest an escape and a letter. The text needs no escapes in a JavaScript string and is safe
 * inside `<script>`.
 */
import { ALIGNMENTS, DIRECT, LETTERS, alphabet, join, walk } from '../pkg/join.js';

/**
 * The commonest bytes, as many as there are letters for them, as the gaps between them.
 * @param {number[]} bytes
 */
function common(bytes) {
  const count = new Array(256).fill(0);
  for (const byte of bytes) count[byte]++;
  const found = [...count.keys()].sort((a, b) => count[b] - count[a] || a - b).slice(0, DIRECT).sort((a, b) => a - b);
  return found.map((byte, i) => LETTERS[byte - (found[i - 1] ?? -1) - 1]).join('');
}

/**
 * The longest text in the module: the dialects.
 * @param {Uint8Array} wasm
 */
function longest(wasm) {
  const [found] = Array.from(Buffer.from(wasm).toString('latin1').matchAll(/[ -~]{1000,}/g)).sort((a, b) => b[0].length - a[0].length);
  return { start: found.index, plain: found[0] };
}

/**
 * The texts as bytes, and where the functions stand.
 * @param {Uint8Array} wasm a module, or its data alone
 */
function split(wasm) {
  const { start, plain } = longest(wasm);
  const isModule = String(wasm.subarray(0, 4)) === '0,97,115,109';
  if (!isModule) return { texts: [[...wasm.subarray(0, start), ...wasm.subarray(start + plain.length)]], functions: 0, head: 0, start, plain };
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
  texts[0].push(...wasm.subarray(at, start), ...wasm.subarray(start + plain.length));
  return { texts: texts.slice(0, ALIGNMENTS), functions, head, start, plain };
}

/**
 * @param {number[]} bytes
 * @param {number[]} alphabet
 */
function write(bytes, alphabet) {
  const code = Array.from({ length: 256 }, (_, byte) => {
    const i = alphabet.indexOf(byte);
    const [escape, letter] = [Math.floor((i - DIRECT) / LETTERS.length), (i - DIRECT) % LETTERS.length];
    return i < DIRECT ? LETTERS[i] : LETTERS[DIRECT + escape] + LETTERS[letter];
  });
  return bytes.map((byte) => code[byte]).join('');
}

/**
 * A module's source with `bytes()`, which gives the bytes back.
 * @param {Uint8Array} wasm a module, or its data alone
 */
export function decoder(wasm) {
  const { texts, functions, head, start, plain } = split(wasm);
  const gaps = texts.map(common);
  // The first holds the texts of the core.
  const letters = texts.map((bytes, i) => write(bytes, alphabet(gaps[i], i === 0)));
  const given = join(plain, start, letters, gaps, functions, head, wasm.length);
  if (given.some((byte, i) => byte !== wasm[i])) throw new Error('the wasm cannot be put together again as it was');
  const input = [plain, start, letters, gaps, functions, head, wasm.length].map((part) => JSON.stringify(part)).join(', ');
  return `import { join } from '../join.js';\nexport const bytes = () => join(${input});\n`;
}
