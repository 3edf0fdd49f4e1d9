// @ts-check
/**
 * The module that wasm-bindgen writes for bundlers, as one function of what turns text into UTF-8 and back: each call gives
 * fresh closures and caches, so a new instance can follow one that trapped.
 */

/**
 * @param {string} text
 * @param {string | RegExp} from
 * @param {string} to
 */
function replace(text, from, to) {
  const result = text.replace(from, () => to);
  if (result === text) throw new Error(`wasm-bindgen's output has changed, this is not in it:\n${from}`);
  return result;
}

/**
 * A function of the module, written anew.
 * @param {string} text
 * @param {string} name
 * @param {string} parameters
 * @param {string} body
 */
const rewrite = (text, name, parameters, body) =>
  replace(text, new RegExp(`^function ${name}\\([^]*?^}$`, 'm'), `function ${name}(${parameters}) {\n${body}\n}`);

/**
 * @param {string} module what wasm-bindgen wrote
 * @param {Map<string, string>} imports name in the module -> name in the wasm
 */
export function glue(module, imports) {
  let text = module;
  // By identity: in plain JavaScript memory that has grown leaves its old buffer as it was.
  for (const view of ['Uint8Array', 'DataView']) {
    const name = `cached${view}Memory0`;
    text = rewrite(text, `get${view}Memory0`, '', `    return ${name}?.buffer === wasm.memory.buffer ? ${name} : (${name} = new ${view}(wasm.memory.buffer));`);
  }
  text = rewrite(text, 'passStringToWasm0', 'arg, malloc', `    const buf = encode(arg);
    const ptr = malloc(buf.length, 1) >>> 0;
    getUint8ArrayMemory0().set(buf, ptr);
    WASM_VECTOR_LEN = buf.length;
    return ptr;`);
  text = replace(text, /^let cachedTextDecoder = [^]*?^function decodeText/m, 'function decodeText');
  text = rewrite(text, 'decodeText', 'bytes', '    return decode(bytes);');
  text = replace(text, /^const cachedTextEncoder = [^]*?^}\n/m, '');
  // The core frees nothing.
  text = text.replaceAll(', wasm.__wbindgen_realloc)', ')');
  text = replace(text, /^ *try \{\n(?= *ptr0 = )/m, '');
  text = replace(text, /^ *\} catch \(e\) \{\n(?:.*__wbindgen_free.*\n)+ *throw e;\n *\}\n/m, '');

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
  return `export function glue(encode, decode) {\n${text}\nreturn {\n${members.join(',\n')}\n};\n}\n`;
}
