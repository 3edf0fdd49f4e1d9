// @ts-check
/**
 * All vectors through the public JavaScript API, in Node and in a page alike.
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
 * @property {{classify: Case[], decide: Case[], load: Case[], delay: Case[], generic: Case[]}} vectors
 * @property {{http_date: any[], json_torture: any[], problem_json: any[], naughty_strings: any[], structured_fields: any[], json_pointer: any[]}} suites
 * @property {import('./engine.mjs').Engine} engine
 * @property {any} pointerDocument
 * @property {any[]} words
 * @property {any[]} corpus
 * @property {any[]} further
 *
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} failures
 * @property {number} exceptions the cases that are not run
 * @property {string} corpus the score of the corpus, in one line
 */
import { engineCases } from './engine.mjs';

/**
 * @param {{api: Api, data: Data}} input
 * @returns {Promise<Result>}
 */
export async function runVectors({ api, data }) {
  const transport = await transports(api);
  const engine = engineCases({ api, data: data.engine, timeout: transport.timeout });
  const score = { total: 0, members: MEMBERS.map(() => 0), doubtful: 0, doubtfulRight: 0 };
  /** @type {[string, () => string[]][]} */
  const cases = [
    ...data.dialects.flatMap(({ id, examples }) => examples.map((example) => named(`${id}: ${example.name}`, () => dialectExample(api, id, example)))),
    ...data.vectors.classify.map((vector) => named(`classify: ${vector.name}`, () => classified(api, vector))),
    ...[...data.vectors.delay, ...data.vectors.generic].map((vector) => named(`classify: ${vector.name}`, () => classified(api, vector))),
    ...data.words.map((example) => named(`word: ${example.code}`, () => worded(api, example))),
    ...data.vectors.decide.map((vector) => named(`decide: ${vector.name}`, () => decided(api, transport, vector))),
    ...data.vectors.load.map((vector) => named(`load: ${vector.name}`, () => loaded(api, vector))),
    ...data.suites.http_date.map((vector) => named(`date: ${vector.input}`, () => dated(api, vector))),
    ...data.suites.json_torture.map((vector) => named(`JSON: ${vector.file}`, () => tortured(api, vector))),
    ...data.suites.problem_json.map((vector) => named(`problem: ${vector.name}`, () => problem(api, vector))),
    ...data.suites.json_pointer.map((vector) => named(`pointer: ${vector.pointer ?? vector.uri_fragment}`, () => pointed(api, data.pointerDocument, vector))),
    ...data.suites.naughty_strings.map((vector) => named(`naughty: ${vector.i}`, () => naughty(api, vector.s))),
    ...engine.cases,
    ...data.suites.structured_fields.map((vector) => named(`field: ${vector.name}`, () => structured(api, vector))),
    ...data.further.map((entry) => named(`further: ${entry.id}`, () => judged(api, entry))),
    ...data.corpus.map((entry) => named(`corpus: ${entry.id}`, () => judged(api, entry, score))),
  ];
  /** @type {string[]} */
  const failures = [];
  for (const [name, run] of cases) {
    const wrong = attempt(run);
    if (wrong.length) failures.push(`${name}: ${wrong.join('; ')}`);
  }
  const members = MEMBERS.map(([name], index) => `${name} ${score.members[index]}/${score.total}`);
  const corpus = `corpus: ${members.join(', ')}; doubtful entries: ${score.doubtfulRight}/${score.doubtful}`;
  return { passed: cases.length - failures.length, failed: failures.length, failures, exceptions: engine.exceptions, corpus };
}

/** The members that the corpus judges: as they are called there, and by us. */
const MEMBERS = /** @type {const} */ ([
  ['kind', 'kind'],
  ['transient', 'transient'],
  ['retry_after_ms', 'retryAfterMs'],
  ['code', 'code'],
  ['message', 'message'],
  ['request_id', 'requestId'],
  ['docs_url', 'docsUrl'],
  ['fields', 'fields'],
]);

/** @param {Result} result */
export const summary = ({ passed, failed }) => `vectors: ${passed} passed, ${failed} failed`;

/** @param {Result} result */
export const excepted = ({ exceptions }) => `exceptions: ${exceptions} cases, for the reasons in tests/suites/exceptions.json`;

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
  /** @type {Record<string, object>} */
  const tickets = {};
  return steps.flatMap((step, index) => {
    const { ask, call, response, transport: cause, succeed = 0, expect, random = 0, nowMs = 0, ...rest } = step;
    const situation = { random, nowMs, ...rest };
    for (let count = 0; count < succeed; count += 1) own.success(situation);
    const asked = { ...situation, ticket: call ? (tickets[call] ??= {}) : {} };
    const place = `step ${index + 1}`;
    if (ask === 'admit') return difference(expect, own.admit(asked), place);
    if (ask === 'succeed') return own.success(asked) ?? [];
    if (ask === 'cancel') return own.cancel(asked) ?? [];
    const failure = cause ? transport[cause] : classify(api, response, { nowMs });
    return failure ? difference(expect, own.decide(failure, asked), place) : [`${place}: nothing failed`];
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

/** A code with a status, in a body of no API. @type {(api: Api, example: any) => string[]} */
const worded = (api, { status, code, expect }) => difference(expect, classify(api, { status, body: { error: { code } } }));

/** A pointer as the condition of a dialect. The fragment form is none of ours: it must not load. @type {(api: Api, document: any, vector: any) => string[]} */
function pointed(api, document, { pointer, uri_fragment: fragment, found: isFound, expect }) {
  const found = pointer !== undefined && isFound;
  const scalar = typeof expect === 'object' ? (Array.isArray(expect) ? 'array' : 'object') : `=${expect}`;
  const dialect = { id: 'pointer', match: [{ body: { [pointer ?? fragment]: /** @type {'any'} */ (found ? scalar : 'any') } }] };
  let matches = false;
  try {
    matches = classify(api, { status: 503, body: document }, { dialects: [dialect] })?.dialect === 'pointer';
  } catch (error) {
    if (!(error instanceof api.OptionsError)) throw error;
  }
  return matches === found ? [] : [`matches: ${matches}`];
}

/** A string in every place that a server fills: it comes back as it is, and changes nothing else. @type {(api: Api, text: string) => string[]} */
function naughty(api, text) {
  const kept = text.replace(/^[ \t\n\r\f]+|[ \t\n\r\f]+$/g, '');
  const expected = kept || null;
  const body = (/** @type {string} */ message, /** @type {string} */ other) => ({
    error: { code: 'some_code', message, request_id: other, doc_url: other },
    errors: [{ field: other, message }],
  });
  const plain = classify(api, { status: 409, body: body('Some text', 'id') });
  const found = classify(api, { status: 409, body: body(text, text) });
  if (!plain || !found) return ['no failure'];
  const { message, requestId, docsUrl, fields, ...rest } = found;
  const isLink = /^https?:\/\//.test(kept);
  const { message: _1, requestId: _2, docsUrl: _3, fields: _4, ...others } = plain;
  return [
    ...(isLink ? [] : difference(null, docsUrl, 'docsUrl')),
    ...difference(expected, message, 'message'),
    ...difference(expected, requestId, 'requestId'),
    ...difference([{ path: kept, message: expected, code: null }], fields, 'fields'),
    ...difference(others, rest, 'the rest'),
  ];
}

/** Header lines and a limit after them: one that is malformed makes the whole list unreadable. @type {(api: Api, vector: any) => string[]} */
function structured(api, { raw, must_fail: mustFail, can_fail: canFail }) {
  const lines = [...raw, '"known";r=0;t=7'].join(', ');
  // Headers take no such text everywhere; a list of pairs does.
  const found = api.classify({ status: 429, headers: [['RateLimit', lines]] })?.retryAfterMs ?? null;
  return canFail && found === null ? [] : difference(mustFail ? null : 7000, found, 'retryAfterMs');
}

/** @type {(api: Api, entry: any, score?: {total: number, members: number[], doubtful: number, doubtfulRight: number}) => string[]} */
function judged(api, { request, response, now, expect, tags = [] }, score = { total: 0, members: [], doubtful: 0, doubtfulRight: 0 }) {
  const found = /** @type {any} */ (classify(api, { ...response, url: request.url }, { nowMs: now ? Date.parse(now) : 0 }));
  const nothing = /** @type {any} */ ({ transient: false, fields: [] });
  score.total += 1;
  const wrong = MEMBERS.flatMap(([theirs, ours], index) => {
    const value = (found ?? nothing)[ours] ?? null;
    const isClose = typeof value === 'number' && Math.abs(value - expect[theirs]) <= 1;
    const different = isClose ? [] : difference(expect[theirs], value, theirs);
    if (!different.length) score.members[index] += 1;
    return different;
  });
  if (tags.includes('doubtful')) {
    score.doubtful += 1;
    if (!wrong.length) score.doubtfulRight += 1;
  }
  return wrong;
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
 * @returns {Promise<Record<'network' | 'timeout' | 'cancelled', Failure>>}
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
