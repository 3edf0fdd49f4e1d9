// @ts-check
/** What the servers in the examples answer, and how often the examples send. */

export const JSON_TYPE = { 'content-type': 'application/json' };
const MORE_INFO = 'https://docs.rootplatform.com/docs/errors';

/**
 * @param {number} status
 * @param {object} error
 */
export const root = (status, error) => ({ status, headers: JSON_TYPE, body: JSON.stringify({ error: { more_info: MORE_INFO, ...error } }) });

/**
 * @param {number} status
 * @param {string} code
 * @param {string} message
 */
export const rooom = (status, code, message) => ({ status, headers: JSON_TYPE, body: JSON.stringify({ error: { code, message } }) });

/** @type {Record<string, { steps: import('../server/index.mjs').Step[], sends: number }>} */
export const ANSWERS = {
  'https://api.rooom.com/spaces': {
    steps: [{ ...rooom(503, 'service_unavailable', 'Service unavailable'), headers: { ...JSON_TYPE, 'retry-after': '1' } }, { headers: JSON_TYPE, body: '{"spaces":[]}' }],
    sends: 2,
  },
  'https://api.rooom.com/scenes': { steps: [{ fault: 'silence' }, { headers: JSON_TYPE, body: '{"scenes":[]}' }], sends: 2 },
  'https://api.rooom.com/viewers': { steps: [{ status: 502, body: '<html><title>502 Bad Gateway</title></html>' }, { body: '{}' }], sends: 2 },
  'https://api.rootplatform.com/v1/insurance/policyholders': {
    steps: [root(400, { type: 'validation_error', message: 'Request validation failed', errors: [{ path: 'id.number', message: 'is required' }] })],
    sends: 1,
  },
  'https://api.rooom.com/products': { steps: [{ status: 429, headers: { 'retry-after': '60' } }], sends: 1 },
  'https://api.rooom.com/orders': { steps: [], sends: 0 },
  'https://slack.com/api/chat.postMessage': {
    steps: ['ratelimited', 'token_revoked'].map((error) => ({ headers: JSON_TYPE, body: JSON.stringify({ ok: false, error }) })),
    sends: 2,
  },
  'https://api.acme.example/orders': {
    steps: [
      { status: 400, headers: JSON_TYPE, body: '{"result": "NOK", "state": "STOCKTAKING", "text": "We are counting.", "wait": "1.5s"}' },
      { status: 201, headers: JSON_TYPE, body: '{"order":1}' },
    ],
    sends: 2,
  },
  'https://shop.example/orders': { steps: [{ status: 502 }, { status: 201, headers: JSON_TYPE, body: '{"order":1}' }], sends: 2 },
};
