// @ts-check
/**
 * Bytes as ASCII text that compresses almost as well as the bytes: the commonest bytes are one letter each, the rest an
 * escape and a letter. The text needs no escapes in a JavaScript string and is safe inside `<script>`.
 */

/** Every printable character but `"`, `'`, `` ` ``, `\`, `$` and `<`; the last two are the escapes. */
const LETTERS = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter((c) => !'"\'`\\$<'.includes(c));
const DIRECT = LETTERS.length - 2;

/** @param {Uint8Array} bytes */
export function encode(bytes) {
  const order = assign(bytes);
  const rest = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !order.includes(byte));
  /** @type {string[]} */
  const code = [];
  order.forEach((byte, i) => (code[byte] = LETTERS[i]));
  rest.forEach((byte, i) => (code[byte] = LETTERS[DIRECT + Math.floor(i / LETTERS.length)] + LETTERS[i % LETTERS.length]));
  return {
    text: Array.from(bytes, (byte) => code[byte]).join(''),
    order: order.map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}

/**
 * Which byte each letter stands for. A letter that is a common byte itself keeps its place: compressors model text so.
 * @param {Uint8Array} bytes
 */
function assign(bytes) {
  const count = new Array(256).fill(0);
  for (const byte of bytes) count[byte]++;
  const common = [...count.keys()].sort((a, b) => count[b] - count[a] || a - b).slice(0, DIRECT);
  const letters = LETTERS.slice(0, DIRECT).map((letter) => letter.charCodeAt(0));
  const strangers = common.filter((byte) => !letters.includes(byte)).sort((a, b) => a - b);
  return letters.map((letter) => (common.includes(letter) ? letter : /** @type {number} */ (strangers.shift())));
}

/**
 * A module's source with `bytes()`, which gives the bytes back.
 * @param {Uint8Array} bytes
 */
export function decoder(bytes) {
  const { text, order } = encode(bytes);
  return `const TEXT = "${text}";
const ORDER = "${order}";
export function bytes() {
  const byte = ORDER.match(/../g).map((hex) => parseInt(hex, 16));
  for (let i = 0; i < 256; i++) if (!byte.includes(i)) byte.push(i);
  const index = {};
  let letters = 0;
  for (let c = 32; c < 127; c++) if (![34, 36, 39, 60, 92, 96].includes(c)) index[c] = letters++;
  const result = new Uint8Array(${bytes.length});
  let escaped = 0;
  let length = 0;
  for (let at = 0; at < TEXT.length; at++) {
    const i = index[TEXT.charCodeAt(at)];
    if (!escaped && i >= ${DIRECT}) escaped = i === ${DIRECT} ? ${DIRECT} : ${DIRECT + LETTERS.length};
    else {
      result[length++] = byte[escaped + i];
      escaped = 0;
    }
  }
  return result;
}
`;
}
