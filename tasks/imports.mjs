// @ts-check
/** What a wasm module imports and exports, in fewer bytes. */

/**
 * Leaves out exports that nobody uses; what only they used becomes dead code, which wasm-opt removes.
 * @param {Uint8Array} wasm
 * @param {string[]} unused
 */
export function dropExports(wasm, unused) {
  const { number, name, section } = reader(wasm);
  const { start, end } = section(7);
  const kept = [];
  let dropped = 0;
  const count = number();
  for (let i = 0; i < count; i++) {
    const field = name();
    const kind = number();
    const index = number();
    if (unused.includes(field)) dropped++;
    else kept.push([...text(field), kind, ...leb(index)]);
  }
  if (dropped !== unused.length) throw new Error(`the wasm does not export all of ${unused}`);
  return replaced(wasm, start, 7, [...leb(kept.length), ...kept.flat()], end);
}

/**
 * Shortens the names of imports: wasm-bindgen ends each with a hash, which does not compress.
 * @param {Uint8Array} wasm
 * @param {string} module what it imports from, from now on
 * @returns {{ wasm: Uint8Array, module: string, names: Map<string, string> }} names: old -> new
 */
export function shortenImports(wasm, module) {
  const { number, name, section } = reader(wasm);
  const { start, end } = section(2);
  /** @type {Map<string, string>} */
  const names = new Map();
  const count = number();
  const shortened = [...leb(count)];
  const modules = new Set();
  for (let i = 0; i < count; i++) {
    modules.add(name());
    const field = name();
    if (number() !== 0) throw new Error(`the wasm imports ${field}, which is not a function`);
    const type = number();
    const short = letters(i);
    names.set(field, short);
    shortened.push(...text(module), ...text(short), 0, ...leb(type));
  }
  if (modules.size !== 1) throw new Error(`the wasm imports from ${[...modules]}, not from one module`);
  return { wasm: replaced(wasm, start, 2, shortened, end), module, names };
}

/**
 * Reads from the first section on.
 * @param {Uint8Array} wasm
 */
function reader(wasm) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  };
  const name = () => {
    const length = number();
    at += length;
    return new TextDecoder().decode(wasm.subarray(at - length, at));
  };
  /** Goes on to a section: where it starts and ends. @param {number} wanted */
  const section = (wanted) => {
    while (at < wasm.length) {
      const start = at;
      const id = wasm[at++];
      const size = number();
      if (id === wanted) return { start, end: at + size };
      at += size;
    }
    throw new Error(`the wasm has no section ${wanted}`);
  };
  return { number, name, section };
}

/**
 * With another body in the section from `start` to `end`.
 * @param {Uint8Array} wasm
 * @param {number} start
 * @param {number} id
 * @param {number[]} body
 * @param {number} end
 */
function replaced(wasm, start, id, body, end) {
  return Uint8Array.from([...wasm.subarray(0, start), id, ...leb(body.length), ...body, ...wasm.subarray(end)]);
}

/** @param {number} value */
function leb(value) {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

/** @param {string} value */
const text = (value) => [...leb(value.length), ...new TextEncoder().encode(value)];

/** @param {number} index a, b, ... z, aa, ab, ... */
function letters(index) {
  let result = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    result = String.fromCharCode(97 + ((rest - 1) % 26)) + result;
  }
  return result;
}
