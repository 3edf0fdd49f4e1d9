// @ts-check
/** Shortens the names of a wasm module's imports: wasm-bindgen ends each with a hash, which does not compress. */

/**
 * @param {Uint8Array} wasm
 * @param {string} module what it imports from, from now on
 * @returns {{ wasm: Uint8Array, module: string, names: Map<string, string> }} names: old -> new
 */
export function shortenImports(wasm, module) {
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

  while (at < wasm.length) {
    const start = at;
    const id = wasm[at++];
    const end = number() + at;
    if (id !== 2) {
      at = end;
      continue;
    }
    /** @type {Map<string, string>} */
    const names = new Map();
    const modules = new Set();
    const count = number();
    const body = [...leb(count)];
    for (let i = 0; i < count; i++) {
      modules.add(name());
      const field = name();
      if (wasm[at++] !== 0) throw new Error(`the wasm imports ${field}, which is not a function`);
      const type = number();
      const short = letters(i);
      names.set(field, short);
      body.push(...text(module), ...text(short), 0, ...leb(type));
    }
    if (modules.size !== 1) throw new Error(`the wasm imports from ${[...modules]}, not from one module`);
    return {
      wasm: Uint8Array.from([...wasm.subarray(0, start), 2, ...leb(body.length), ...body, ...wasm.subarray(end)]),
      module,
      names,
    };
  }
  throw new Error('the wasm imports nothing');
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
