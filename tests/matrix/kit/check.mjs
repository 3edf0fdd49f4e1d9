// @ts-check
/**
 * What every app runs. Its text is put into the app: it uses nothing from outside.
 *
 * @typedef {object} Facts
 * @property {string} kind
 * @property {number | null} retryAfterMs
 * @property {'wasm' | 'plain'} core
 * @property {boolean} isRefused `classify` threw before `init()`
 * @property {number} status of the response in the end
 * @property {string} text
 * @property {number} sends
 */

/**
 * @param {Pick<typeof import('../../../pkg/index.js'), 'classify' | 'createFetch' | 'explain' | 'init'>} api
 * @param {string} url
 * @param {typeof globalThis.fetch} [fetch] where there is none
 * @returns {Promise<Facts>}
 */
export async function check({ classify, createFetch, explain, init }, url, fetch) {
  let compiled = 0;
  const all = /** @type {any} */ (globalThis);
  const { Instance } = all.WebAssembly ?? {};
  if (Instance) {
    all.WebAssembly.Instance = function (/** @type {any} */ module, /** @type {any} */ imports) {
      compiled++;
      return new Instance(module, imports);
    };
  }
  const failed = () => classify({ status: 503, headers: { 'Retry-After': '2' }, body: '{"message":"Back soon"}' });
  let failure;
  let isRefused = false;
  try {
    failure = failed();
  } catch {
    isRefused = true;
  }
  const response = await createFetch({ policy: { backoff: { baseMs: 1, maxMs: 2 } }, ...(fetch && { fetch }) })(url);
  if (isRefused) {
    await init();
    failure = failed();
  }
  if (Instance) all.WebAssembly.Instance = Instance;
  return {
    kind: failure?.kind ?? 'none',
    retryAfterMs: failure?.retryAfterMs ?? null,
    core: compiled > 0 ? 'wasm' : 'plain',
    isRefused,
    status: response.status,
    text: await response.text(),
    sends: explain(response)?.attempts.length ?? 0,
  };
}

const NAMES = '{ classify, createFetch, explain, init }';
const BODY = `const api = ${NAMES};\n${check}\n`;

/**
 * An ES module that has `check` and `api`.
 * @param {string} tail
 * @param {string} [from]
 */
export const esm = (tail, from = 'reprieve') => `import ${NAMES} from '${from}';\n${BODY}${tail}\n`;

/** The same in CommonJS. @param {string} tail */
export const cjs = (tail) => `const ${NAMES} = require('reprieve');\n${BODY}${tail}\n`;

/** Prints the facts; the URL is the last argument. */
export const PRINT = 'check(api, process.argv.at(-1)).then((facts) => console.log(JSON.stringify(facts)));';

/** The same from a test, where the environment has the URL. */
export const TEST = "test('matrix', async () => console.log(JSON.stringify(await check(api, process.env.MATRIX_URL))));";

/** Leaves them in the page; the URL is after the #. */
export const SHOW = `const show = (outcome) => { globalThis.outcome = outcome; };
check(api, location.hash.slice(1)).then((facts) => show({ facts }), (error) => show({ error: String(error?.stack ?? error) }));`;
