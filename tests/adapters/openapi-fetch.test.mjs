// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cases, count, createFetch, DOWN, explain, FAST, load, OK, owned } from './cases.mjs';

const { default: createClient } = await load('openapi-fetch');
const { reprieve } = await load('reprieve/openapi-fetch');

/** @param {string} baseUrl @param {any[]} middlewares @param {any} [options] */
const clientOf = (baseUrl, middlewares, options) => {
  const client = createClient({ baseUrl, ...options });
  client.use(...middlewares);
  return client;
};

/** @param {any[]} middlewares @param {any} [options] */
const sending = (middlewares, options) => ({
  send: async (/** @type {string} */ url, /** @type {string} */ method) => {
    const { response } = await clientOf(url, middlewares, options).request(method, '/x', {});
    if (!response.ok) throw response;
  },
});

cases('openapi-fetch', () => sending([reprieve({ policy: FAST })]));
cases('openapi-fetch, fetch slot', () => sending([], { fetch: createFetch({ policy: FAST }) }));
owned('openapi-fetch', (fetch) => sending([reprieve({ policy: FAST })], { fetch }));

test('openapi-fetch: a write has its body and its headers each time, and other middlewares see one response', async () => {
  let seen = 0;
  const other = { onRequest: (/** @type {any} */ { request }) => void request.headers.set('authorization', 'Bearer 7'), onResponse: () => void seen++ };
  const put = await count({
    send: async (url) => {
      const { response } = await clientOf(url, [other, reprieve({ policy: FAST })]).PUT('/x', { body: { name: 'Ada' } });
      assert.equal(explain(response).attempts.length, 3);
    },
  }, [DOWN, DOWN, OK]);
  assert.deepEqual(put.requests.map(({ body, headers }) => [body, headers.authorization]), Array(3).fill(['{"name":"Ada"}', 'Bearer 7']));
  assert.equal(seen, 1);
});

test('openapi-fetch: an abort ends it', async () => {
  const found = await count({ send: (url) => clientOf(url, [reprieve()]).GET('/x', { signal: AbortSignal.timeout(200) }) }, [{ ...DOWN, headers: { 'retry-after': '5' } }]);
  assert.deepEqual([found.sends, found.ended], [1, 'failed']);
});
