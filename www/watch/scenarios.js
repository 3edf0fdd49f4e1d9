// @ts-check

/**
 * A failure to watch: what is asked, and what the server will answer.
 *
 * @typedef {object} Scenario
 * @property {string} id
 * @property {string} title
 * @property {string} note What to look at.
 * @property {string} path Relative to the page.
 * @property {string} method
 * @property {string} [payload]
 * @property {boolean} [keyed] Send an idempotency key.
 * @property {import('./server.js').Step[]} steps
 */

/** Which API speaks under which path. On the real hosts reprieve knows it by itself. */
export const DIALECTS = { './api/rooom': 'rooom', './api/rootplatform': 'root' };

const JSON_TYPE = { 'content-type': 'application/json' };
const SPACES = { status: 200, headers: JSON_TYPE, body: '{"spaces":[{"id":"sp_81","name":"Showroom"}]}' };

/**
 * @param {number} status
 * @param {string} code
 * @param {string} message
 * @param {Record<string, string>} [headers]
 */
const rooom = (status, code, message, headers) => ({ status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify({ error: { code, message } }) });

/**
 * @param {number} status
 * @param {object} error
 */
const root = (status, error) => ({
  status,
  headers: JSON_TYPE,
  body: JSON.stringify({ error: { ...error, more_info: 'https://docs.rootplatform.com/docs/errors' } }),
});

const SHOP_FAILED = {
  status: 500,
  headers: { 'content-type': 'application/problem+json', 'x-request-id': 'req_7f3a9c' },
  body: JSON.stringify({ type: 'about:blank', title: 'Internal Server Error', status: 500, detail: 'The order could not be confirmed.' }),
};

/** @type {Scenario[]} */
export const SCENARIOS = [
  {
    id: 'overload',
    title: 'Overloaded for a moment',
    note: 'rooom asks for two seconds of peace. It gets at least that, and then it answers.',
    path: './api/rooom/v1/spaces',
    method: 'GET',
    steps: [rooom(503, 'service_unavailable', 'Service unavailable', { 'retry-after': '2' }), SPACES],
  },
  {
    id: 'broken',
    title: 'Broken, and it stays broken',
    note: 'rooom’s documentation says: a 500 is worth one more try. So there is one, and no third.',
    path: './api/rooom/v1/spaces/81',
    method: 'GET',
    steps: [rooom(500, 'internal_server_error', 'Internal server error'), rooom(500, 'internal_server_error', 'Internal server error')],
  },
  {
    id: 'flaky',
    title: 'A gateway that flickers',
    note: 'Two bad answers, then a good one. The waits are random, so that a thousand tabs do not return together.',
    path: './api/rooom/v1/viewers',
    method: 'GET',
    steps: [
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><head><title>502 Bad Gateway</title></head></html>' },
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><head><title>502 Bad Gateway</title></head></html>' },
      { status: 200, headers: JSON_TYPE, body: '{"viewers":[]}' },
    ],
  },
  {
    id: 'limited',
    title: 'Rate limited for minutes',
    note: 'Root says: wait a few minutes. No visitor waits that long, so the call ends at once and says when to return.',
    path: './api/rootplatform/v1/insurance/policies',
    method: 'GET',
    steps: [root(429, { type: 'rate_limit_error', message: 'Too many requests. Please wait a few minutes and try again.' })],
  },
  {
    id: 'invalid',
    title: 'A mistake in the form',
    note: 'The same request would fail the same way for ever: one send, and the fields to mark in the form.',
    path: './api/rootplatform/v1/insurance/policyholders',
    method: 'POST',
    payload: '{"id":{"number":"123"},"email":"ana@"}',
    steps: [
      root(400, {
        type: 'validation_error',
        message: 'Validation failed',
        errors: [
          { path: 'id.number', message: 'must be a valid South African ID number' },
          { path: 'email', message: 'must be a valid email' },
        ],
      }),
    ],
  },
  {
    id: 'write',
    title: 'An order, answer lost',
    note: 'Did the order go through? Nobody knows, so it is not sent twice.',
    path: './api/shop/orders',
    method: 'POST',
    payload: '{"item":"chair","count":1}',
    steps: [SHOP_FAILED, { status: 201, headers: JSON_TYPE, body: '{"order":"or_2"}' }],
  },
  {
    id: 'keyed-write',
    title: 'The same order, with a key',
    note: 'An idempotency key makes the order safe to send again: the shop sees the same key and books it once.',
    path: './api/shop/orders',
    method: 'POST',
    payload: '{"item":"chair","count":1}',
    keyed: true,
    steps: [SHOP_FAILED, { status: 201, headers: JSON_TYPE, body: '{"order":"or_1"}' }],
  },
  {
    id: 'network',
    title: 'The connection breaks',
    note: 'No status, no body: fetch only says that it failed. One more send finds the server again.',
    path: './api/rooom/v1/spaces',
    method: 'GET',
    steps: [{ status: null }, SPACES],
  },
];

/**
 * What the server will answer, in short: `["503", "200"]`.
 *
 * @param {Scenario} scenario
 * @returns {string[]}
 */
export function sequence({ steps }) {
  return steps.map(({ status }) => (status === null ? 'lost' : String(status)));
}
