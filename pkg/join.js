// @ts-check
/**
 * Puts the wasm together again that `tasks/encode.mjs` took apart: code compresses better where like stands next to like,
 * the opcodes in one text, the locals in another, and so on.
 */

/** What the texts hold, in their order. The alignments are all 0 (`--dealign`), and not written down. */
const [REST, OPS, LOCALS, NUMBERS, CALLS, OFFSETS, BRANCHES] = [0, 1, 2, 3, 4, 5, 6];
export const ALIGNMENTS = 7;

/**
 * Walks over the body of a function, and says of each byte to which text it belongs.
 * @param {(text: number) => number} take gives the next byte
 */
export function walk(take) {
  /** A number in LEB128. @param {number} text */
  const number = (text) => {
    for (let value = 0, place = 1; ; place *= 128) {
      const byte = take(text);
      value += (byte & 127) * place;
      if (byte < 128) return value;
    }
  };
  for (let groups = number(REST); groups > 0; groups--) number(REST), take(REST);
  for (let depth = 1; depth; ) {
    const op = take(OPS);
    /** @param {number} first @param {number} [last] */
    const is = (first, last = first) => op >= first && op <= last;
    if (is(0x0b)) depth--; // end
    if (is(0x02, 0x04)) depth++; // block, loop, if
    if (is(0x02, 0x04) || is(0x23, 0x26) || is(0x3f, 0x40) || is(0xd0, 0xd2)) number(OPS); // types, globals, tables, memory
    if (is(0x0c, 0x0d)) number(BRANCHES);
    if (is(0x0e)) for (let targets = number(BRANCHES); targets >= 0; targets--) number(BRANCHES);
    if (is(0x10, 0x11)) number(CALLS);
    if (is(0x11)) number(OPS);
    if (is(0x1c)) for (let types = number(OPS); types > 0; types--) number(OPS);
    if (is(0x20, 0x22)) number(LOCALS);
    if (is(0x28, 0x3e)) number(ALIGNMENTS), number(OFFSETS); // loads and stores
    if (is(0x41, 0x42)) number(NUMBERS);
    if (is(0x44)) for (let i = 0; i < 8; i++) take(REST); // f64
    if (is(0xfc)) {
      const bulk = number(OPS);
      for (let i = bulk === 11 ? 1 : bulk === 10 ? 2 : 0; i > 0; i--) take(OPS); // memory.fill, memory.copy
    }
  }
}

/** Printable ASCII without what a string in a script would have to escape. The last two letters are escapes. */
export const LETTERS = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter((c) => !'"\'`\\$<'.includes(c)).join('');
export const DIRECT = LETTERS.length - 2;

/**
 * Which byte each letter of a text stands for; after the common ones come all others, which have an escape before them.
 * @param {string} gaps between the common bytes, from 0 up, a letter each
 * @param {boolean} isReadable a letter that is a common byte itself keeps its place: compressors model text so
 */
export function alphabet(gaps, isReadable) {
  let byte = -1;
  let bytes = Array.from(gaps, (gap) => (byte += LETTERS.indexOf(gap) + 1));
  if (isReadable) {
    const letters = Array.from(LETTERS.slice(0, DIRECT), (letter) => letter.charCodeAt(0));
    const strangers = bytes.filter((byte) => !letters.includes(byte));
    bytes = letters.map((letter) => (bytes.includes(letter) ? letter : /** @type {number} */ (strangers.shift())));
  }
  for (byte = 0; byte < 256; byte++) if (!bytes.includes(byte)) bytes.push(byte);
  return bytes;
}

/**
 * @param {string} plain the longest text in the module, as it is
 * @param {number} start where it begins
 * @param {string[]} texts a letter for each of the commonest bytes, an escape and a letter for another
 * @param {string[]} gaps for each text its alphabet
 * @param {number} functions how many there are
 * @param {number} head how many bytes precede them
 * @param {number} length of the whole
 */
export function join(plain, start, texts, gaps, functions, head, length) {
  const alphabets = gaps.map((gaps, text) => alphabet(gaps, text === REST));
  const places = texts.map(() => 0);
  /** @type {number[]} */
  const indices = [];
  Array.from(LETTERS, (letter, i) => (indices[letter.charCodeAt(0)] = i));
  /** @param {number} text */
  const letter = (text) => indices[texts[text].charCodeAt(places[text]++)];
  /** @param {number} text */
  const next = (text) => {
    if (text === ALIGNMENTS) return 0;
    const first = letter(text);
    return alphabets[text][first < DIRECT ? first : DIRECT + (first - DIRECT) * LETTERS.length + letter(text)];
  };
  const wasm = new Uint8Array(length);
  let at = 0;
  while (at < head) wasm[at++] = next(REST);
  while (functions--) {
    /** @type {number[]} */
    const body = [];
    walk((text) => {
      const byte = next(text);
      body.push(byte);
      return byte;
    });
    let size = body.length;
    for (; size > 127; size >>= 7) wasm[at++] = size | 128;
    wasm[at++] = size;
    wasm.set(body, at);
    at += body.length;
  }
  while (at < start) wasm[at++] = next(REST);
  for (const letter of plain) wasm[at++] = letter.charCodeAt(0);
  while (at < length) wasm[at++] = next(REST);
  return wasm;
}
