// @ts-check

/** @typedef {import('./server.js').Step} Step */
/** @typedef {import('./server.js').Script} Script */

/** @typedef {'GET' | 'POST' | 'PUT' | 'DELETE'} Method */

/**
 * What the visitor may change of a scenario.
 *
 * @typedef {object} Knobs
 * @property {Method} method
 * @property {boolean} keyed The request carries an idempotency key.
 * @property {number} retryAfterS
 * @property {number} outageS
 * @property {number} attemptTimeoutMs
 */

/**
 * A failure to watch: what is asked, and what the server will answer.
 *
 * @typedef {object} Scenario
 * @property {string} id
 * @property {string} title
 * @property {string} note What to look at.
 * @property {string} path Relative to the page.
 * @property {string[]} sequence What the server answers, in short.
 * @property {('retryAfterS' | 'outageS' | 'attemptTimeoutMs')[]} uses The numbers that matter here.
 * @property {Partial<Knobs>} [knobs] Where it does not begin with the usual ones.
 * @property {(knobs: Knobs) => Script} script
 */

/** @type {Knobs} */
const USUAL = { method: 'GET', keyed: false, retryAfterS: 2, outageS: 1, attemptTimeoutMs: 2000 };

/** Which API speaks under which path. On the real hosts reprieve knows it by itself. */
export const DIALECTS = { './api/rooom': 'rooom', './api/rootplatform': 'root' };

export const PAYLOAD = '{"item":"chair","count":1}';

const JSON_TYPE = { 'content-type': 'application/json' };
const SPACES = { status: 200, headers: JSON_TYPE, body: '{"spaces":[{"id":"sp_81","name":"Showroom"}]}', books: true };

const PRODUCTS = { status: 200, headers: JSON_TYPE, body: '{"products":[{"id":"pr_12","name":"Chair"}]}', books: true };

/**
 * @param {number} status
 * @param {string} code
 * @param {string} message
 * @param {Record<string, string>} [headers]
 * @returns {Step}
 */
const rooom = (status, code, message, headers) => ({ status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify({ error: { code, message } }) });

/**
 * @param {number} status
 * @param {object} error
 * @returns {Step}
 */
const root = (status, error) => ({ status, headers: JSON_TYPE, body: JSON.stringify({ error: { ...error, more_info: 'https://docs.rootplatform.com/docs/errors' } }) });

/** @type {Step} */
const BAD_GATEWAY = { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><head><title>502 Bad Gateway</title></head></html>', books: true };

/** @type {Step} */
const SHOP_FAILED = {
  status: 500,
  headers: { 'content-type': 'application/problem+json', 'x-request-id': 'req_7f3a9c' },
  body: JSON.stringify({ type: 'about:blank', title: 'Internal Server Error', status: 500, detail: 'The order could not be confirmed.' }),
  books: true,
};

/** @type {Step} */
const BOOKED = { status: 201, headers: JSON_TYPE, body: '{"order":"or_1"}', books: true };

/** @param {...Step} steps @returns {Script} */
const oneByOne = (...steps) => ({ steps, faultMs: null });

/** @type {Scenario[]} */
export const SCENARIOS = [
  {
    id: 'overload',
    title: 'Overloaded for a moment',
    note: 'rooom is busy, and says for how long. reprieve leaves it alone at least that long; the others do not read it.',
    path: './api/rooom/v1/spaces',
    sequence: ['503', '200'],
    uses: ['retryAfterS'],
    script: ({ retryAfterS }) => ({ steps: [rooom(503, 'service_unavailable', 'Service unavailable', { 'retry-after': String(retryAfterS) }), SPACES], faultMs: retryAfterS * 1000 }),
  },
  {
    id: 'hidden',
    title: 'Rate limited, out of sight',
    note: 'A proxy answers 429 without CORS headers: the page sees neither the status nor Retry-After, only that fetch failed. All three have to guess; reprieve guesses once.',
    path: './api/shop/products',
    sequence: ['429', '200'],
    uses: ['retryAfterS'],
    knobs: { retryAfterS: 1 },
    script: ({ retryAfterS }) => ({
      steps: [{ status: 429, headers: { 'retry-after': String(retryAfterS) }, body: 'Too many requests', ending: 'hidden' }, PRODUCTS],
      faultMs: retryAfterS * 1000,
    }),
  },
  {
    id: 'flaky',
    title: 'A gateway that flickers',
    note: 'Two bad answers, then a good one. reprieve’s waits are random, so that a thousand tabs do not return together.',
    path: './api/rooom/v1/viewers',
    sequence: ['502', '502', '200'],
    uses: [],
    script: () => oneByOne(BAD_GATEWAY, BAD_GATEWAY, { ...SPACES, body: '{"viewers":[]}' }),
  },
  {
    id: 'hang',
    title: 'No answer at all',
    note: 'Two requests hang. Only a caller with a limit on one send gives them up. After two of them reprieve’s breaker is open, and the third send waits for that as well.',
    path: './api/shop/products',
    sequence: ['hang', 'hang', '200'],
    uses: ['attemptTimeoutMs'],
    script: () => oneByOne({ ...PRODUCTS, ending: 'hang' }, { ...PRODUCTS, ending: 'hang' }, PRODUCTS),
  },
  {
    id: 'cut',
    title: 'A body cut off',
    note: 'A 200, and the connection breaks in the middle of the body. With readBody that is a failure like any other.',
    path: './api/shop/products',
    sequence: ['200 cut', '200'],
    uses: [],
    script: () => oneByOne({ ...PRODUCTS, ending: 'cut' }, PRODUCTS),
  },
  {
    id: 'outage',
    title: 'An outage of seconds',
    note: 'No connection for a while. The browser has tried again by itself before it says so: reprieve sends once more, late, and then says when to return.',
    path: './api/shop/products',
    sequence: ['refused', '200'],
    uses: ['outageS'],
    script: ({ outageS }) => ({ steps: [{ ...PRODUCTS, ending: 'refused' }, PRODUCTS], faultMs: outageS * 1000 }),
  },
  {
    id: 'broken',
    title: 'Broken, and it stays broken',
    note: 'rooom’s documentation says: a 500 is worth one more try. So there is one, and no third.',
    path: './api/rooom/v1/spaces/81',
    sequence: ['500', '500'],
    uses: [],
    script: () => oneByOne(rooom(500, 'internal_server_error', 'Internal server error')),
  },
  {
    id: 'limited',
    title: 'Rate limited for minutes',
    note: 'Root says: wait a few minutes. No visitor waits that long, so the call ends at once and says when to return.',
    path: './api/rootplatform/v1/insurance/policies',
    sequence: ['429'],
    uses: [],
    script: () => oneByOne(root(429, { type: 'rate_limit_error', message: 'Too many requests. Please wait a few minutes and try again.' })),
  },
  {
    id: 'invalid',
    title: 'A mistake in the form',
    note: 'The same request would fail the same way for ever: one send, and the fields to mark in the form.',
    path: './api/rootplatform/v1/insurance/policyholders',
    sequence: ['400'],
    uses: [],
    knobs: { method: 'POST' },
    script: () =>
      oneByOne(
        root(400, {
          type: 'validation_error',
          message: 'Validation failed',
          errors: [
            { path: 'id.number', message: 'must be a valid South African ID number' },
            { path: 'email', message: 'must be a valid email' },
          ],
        }),
      ),
  },
  {
    id: 'order',
    title: 'An order, answer lost',
    note: 'The shop books the order and then fails to say so. Whoever sends it again without a key orders twice.',
    path: './api/shop/orders',
    sequence: ['500', '201'],
    uses: [],
    knobs: { method: 'POST' },
    script: () => oneByOne(SHOP_FAILED, BOOKED),
  },
  {
    id: 'keyed-order',
    title: 'The same order, with a key',
    note: 'An idempotency key makes the order safe to send again: the shop knows the key and books it once.',
    path: './api/shop/orders',
    sequence: ['500', '201'],
    uses: [],
    knobs: { method: 'POST', keyed: true },
    script: () => oneByOne(SHOP_FAILED, BOOKED),
  },
];

/**
 * @param {Scenario} scenario
 * @returns {Knobs}
 */
export const knobsOf = ({ knobs }) => ({ ...USUAL, ...knobs });
