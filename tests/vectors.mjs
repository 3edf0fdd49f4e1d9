// @ts-check
/**
 * All vectors through the public JavaScript API, in Node and in a page alike: imports nothing.
 *
 * @typedef {typeof import('../pkg/index.js')} Api
 * @typedef {import('../pkg/index.js').Failure} Failure
 *
 * @typedef {object} Case the formats are those of tests/vectors/README.md
 * @property {string} name
 * @property {any} expect
 * @property {any} [body]
 * @property {any} [response]
 * @property {any} [dialects]
 * @property {any} [policy]
 * @property {any} [status]
 * @property {any} [headers]
 * @property {string} [host]
 * @property {number} [nowMs]
 * @property {any[]} [steps]
 *
 * @typedef {object} Data
 * @property {{id: string, examples: Case[]}[]} dialects
 * @property {{classify: Case[], decide: Case[], load: Case[]}} vectors
 * @property {{http_date: any[], json_torture: any[], problem_json: any[]}} suites
 *
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} failures
 */

/**
 * @param {{api: Api, data: Data}} input
 * @returns {Promise<Result>}
 */
export async function runVectors({ api, data }) {
  const transport = await transports(api);
  /** @type {[string, () => string[]][]} */
  const cases = [
    ...data.dialects.flatMap(({ id, examples }) => examples.map((example) => named(`${id}: ${example.name}`, () => dialectExample(api, id, example)))),
    ...data.vectors.classify.map((vector) => named(`classify: ${vector.name}`, () => classified(api, vector))),
    ...data.vectors.decide.map((vector) => named(`decide: ${vector.name}`, () => decided(api, transport, vector))),
    ...data.vectors.load.map((vector) => named(`load: ${vector.name}`, () => loaded(api, vector))),
    ...data.suites.http_date.map((vector) => named(`date: ${vector.input}`, () => dated(api, vector))),
    ...data.suites.json_torture.map((vector) => named(`JSON: ${vector.file}`, () => tortured(api, vector))),
    ...data.suites.problem_json.map((vector) => named(`problem: ${vector.name}`, () => problem(api, vector))),
  ];
  /** @type {string[]} */
  const failures = [];
  for (const [name, run] of cases) {
    const wrong = attempt(run);
    if (wrong.length) failures.push(`${name}: ${wrong.join('; ')}`);
  }
  return { passed: cases.length - failures.length, failed: failures.length, failures };
}

/** @param {Result} result */
export const summary = ({ passed, failed }) => `vectors: ${passed} passed, ${failed} failed`;

/** @type {(name: string, run: () => string[]) => [string, () => string[]]} */
const named = (name, run) => [name, run];

/** @param {() => string[]} run */
function attempt(run) {
  try {
    return run();
  } catch (error) {
    return [`threw ${error}`];
  }
}

/** @type {(api: Api, id: string, example: Case) => string[]} */
function dialectExample(api, id, { status, headers, host, body, nowMs, expect }) {
  const failure = api.classify({ status, headers, body: bytesOf({ body }), url: host ? `https://${host}/` : '' }, { nowMs });
  return difference(expect && { dialect: id, ...expect }, failure);
}

/** @type {(api: Api, vector: Case) => string[]} */
function classified(api, { response, nowMs, dialects, expect }) {
  return difference(expect, classify(api, response, { nowMs, dialects }));
}

/** @type {(api: Api, response: any, options?: object) => Failure | null} */
const classify = (api, response, options) =>
  api.classify({ status: response.status, headers: response.headers, url: response.url, body: bytesOf(response) }, options);

/** @type {(api: Api, transport: Record<string, Failure>, vector: Case) => string[]} */
function decided(api, transport, { policy, steps = [] }) {
  const own = new api.Policy(policy);
  return steps.flatMap((step, index) => {
    const { response, transport: cause, succeed = 0, expect, random = 0, nowMs = 0, ...situation } = step;
    for (let count = 0; count < succeed; count += 1) own.success('');
    const failure = cause ? transport[cause] : classify(api, response, { nowMs });
    if (!failure) return [`step ${index + 1}: nothing failed`];
    return difference(expect, own.decide(failure, { random, nowMs, ...situation }), `step ${index + 1}`);
  });
}

/** @type {(api: Api, vector: Case) => string[]} */
function loaded(api, { policy, dialects, expect }) {
  try {
    if (policy === undefined) api.classify({ status: 500 }, { dialects });
    else new api.Policy(policy);
  } catch (error) {
    if (!(error instanceof api.OptionsError)) return [`threw ${error}`];
    if (expect === null) return [`did not load: ${error.pointer}: ${error.reason}`];
    return [
      ...difference(expect.pointer, error.pointer, 'pointer'),
      ...(error.reason.includes(expect.reason) ? [] : [`reason: ${error.reason}, expected ${expect.reason}`]),
    ];
  }
  return expect === null ? [] : ['loaded'];
}

/** @type {(api: Api, vector: {input: string, epoch_ms: number | null, lenient?: boolean}) => string[]} */
function dated(api, { input, epoch_ms: moment, lenient }) {
  const nowMs = Math.max(0, (moment ?? 0) - 5000);
  const failure = api.classify({ status: 503, headers: { 'Retry-After': input } }, { nowMs });
  const found = failure?.retryAfterMs;
  const expected = moment === null ? null : Math.max(0, moment - nowMs);
  // A lenient case may be refused, or be read as what it means: for one without a meaning that is a time gone by.
  return lenient && (found === null || (moment === null && found === 0)) ? [] : difference(expected, found, 'retryAfterMs');
}

/** @type {(api: Api, vector: {base64?: string, repeat?: [string, number], suffix?: string}) => string[]} */
function tortured(api, vector) {
  const body = bytesOf({ ...vector, body: vector.suffix });
  /** @type {[number, string][]} */
  const statuses = [[400, 'invalid_request'], [503, 'unavailable']];
  return statuses.flatMap(([status, kind]) => difference({ kind, status }, api.classify({ status, body })));
}

/** @type {(api: Api, vector: any) => string[]} */
function problem(api, { status, content_type: type, body, expect }) {
  const { docs_url: docsUrl, fields, ...others } = expect;
  const failure = api.classify({ status, headers: { 'Content-Type': type }, body: JSON.stringify(body) });
  const expected = { ...others, ...('docs_url' in expect && { docsUrl }) };
  // How a path is written is free in that suite.
  const path = (/** @type {string} */ text) => text.replace(/^#?\//, '').replaceAll('/', '.');
  const found = failure?.fields.map((field) => ({ path: path(field.path), message: field.message }));
  return [...difference(expected, failure), ...(fields ? difference(fields, found, 'fields') : [])];
}

/**
 * Text or JSON, bytes, and n copies of a text before it.
 *
 * @param {{body?: any, base64?: string, repeat?: [string, number]}} source
 * @returns {string | Uint8Array | undefined}
 */
function bytesOf({ body, base64, repeat }) {
  if (base64 !== undefined) return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  return repeat ? repeat[0].repeat(repeat[1]) + (text ?? '') : text;
}

/**
 * The failures that no response makes.
 *
 * @param {Api} api
 * @returns {Promise<Record<string, Failure>>}
 */
async function transports(api) {
  const offline = api.createFetch({ policy: 'none', fetch: () => Promise.reject(new TypeError('offline')) });
  const error = await offline('https://nowhere.invalid/').catch((/** @type {unknown} */ reason) => reason);
  const network = api.failureOf(error);
  if (!network) throw new Error('a rejected fetch is no failure');
  const advice = { ...network.advice, maxAttempts: null, minDelayMs: null };
  return { network, timeout: { ...network, kind: 'timeout', advice }, cancelled: { ...network, kind: 'cancelled', transient: false, advice } };
}

/**
 * Where `found` lacks something of `expected`. A list of step ids stands for the steps themselves.
 *
 * @param {any} expected
 * @param {any} found
 * @param {string} [place]
 * @returns {string[]}
 */
function difference(expected, found, place = '') {
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return [unequal(expected, found, place)];
    return expected.flatMap((item, index) => {
      const isStep = place.endsWith('steps') && typeof item === 'string';
      return difference(item, isStep ? found[index].id : found[index], `${place}/${index}`);
    });
  }
  if (expected !== null && typeof expected === 'object') {
    if (found === null || typeof found !== 'object') return [unequal(expected, found, place)];
    return Object.entries(expected).flatMap(([key, value]) => difference(value, found[key], `${place}/${key}`));
  }
  return Object.is(expected, found) ? [] : [unequal(expected, found, place)];
}

/** @param {unknown} expected @param {unknown} found @param {string} place */
const unequal = (expected, found, place) => `${place || 'result'} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`;
