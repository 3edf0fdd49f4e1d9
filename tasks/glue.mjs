// @ts-check
/**
 * The module that wasm-bindgen writes for bundlers, as one function: each call gives fresh closures and caches,
 * so a new instance can follow one that trapped.
 */

/**
 * @param {string} text
 * @param {string} from
 * @param {string} to
 */
function replace(text, from, to) {
  if (!text.includes(from)) throw new Error(`wasm-bindgen's output has changed, this is not in it:\n${from}`);
  return text.replace(from, () => to);
}

/**
 * @param {string} text
 * @param {RegExp} from
 * @param {string} to
 */
function rewrite(text, from, to) {
  if (!from.test(text)) throw new Error(`wasm-bindgen's output has changed, this is not in it:\n${from}`);
  return text.replace(from, to);
}

/**
 * @param {string} module what wasm-bindgen wrote
 * @param {Map<string, string>} imports name in the module -> name in the wasm
 */
export function glue(module, imports) {
  let text = module;
  // jest-environment-jsdom has no TextDecoder, and other places only want it when it is used.
  text = replace(
    text,
    "let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });\ncachedTextDecoder.decode();\n",
    'let cachedTextDecoder;\n',
  );
  text = replace(
    text,
    'if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {',
    'if (!cachedTextDecoder || numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {',
  );
  text = replace(text, "        cachedTextDecoder.decode();\n", '');
  text = replace(text, "const cachedTextEncoder = new TextEncoder();\n", '');
  // Strings are encoded at once, and nothing is freed: the core frees nothing.
  text = rewrite(text, /function passStringToWasm0[\s\S]*?\n}\n/, `function passStringToWasm0(arg, malloc) {
    const bytes = new TextEncoder().encode(arg);
    const ptr = malloc(bytes.length, 1) >>> 0;
    getUint8ArrayMemory0().set(bytes, ptr);
    WASM_VECTOR_LEN = bytes.length;
    return ptr;
}
`);
  text = rewrite(text, /if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n[\s\S]*?\n\}\n/, '');
  text = text.replaceAll(', wasm.__wbindgen_realloc)', ')');
  text = rewrite(text, /    try \{\n([^}]*)    \} catch \(e\) \{\n(?:.*__wbindgen_free.*\n)+        throw e;\n    \}\n/, '$1');

  /** @type {string[]} */
  const exported = [];
  text = text.replace(/^export function (\w+)/gm, (_, name) => {
    exported.push(name);
    return `function ${name}`;
  });
  if (/^(export|import) /m.test(text)) throw new Error('wasm-bindgen exported or imported something else than functions');

  const missing = [...imports.keys()].filter((name) => !exported.includes(name));
  if (missing.length) throw new Error(`the wasm imports ${missing}, which wasm-bindgen did not export`);
  const functions = exported.filter((name) => !name.startsWith('__'));
  const members = [
    'set: __wbg_set_wasm',
    `imports: { ${[...imports].map(([name, short]) => `${short}: ${name}`).join(', ')} }`,
    ...functions,
  ];
  return `export function glue() {\n${text}\nreturn {\n${members.join(',\n')}\n};\n}\n`;
}
