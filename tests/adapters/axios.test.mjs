// @ts-check
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { cases, count, DOWN, FAST, load, OK, owned } from './cases.mjs';

const { default: axios } = await load('axios');
const { QueryClient } = await load('@tanstack/query-core');
const { intercept, reprieve } = await load('reprieve/axios');
const tanstack = await load('reprieve/tanstack');

/** @param {any} client */
const sending = (client) => ({ send: (/** @type {string} */ url, /** @type {string} */ method) => client.request({ url, method }) });

/** @param {any} config @param {any} [options] */
const intercepted = (config, options = { policy: FAST }) => {
  const client = axios.create(config);
  intercept(client, options);
  return client;
};

cases('axios, our fetch', () => sending(axios.create(reprieve({ policy: FAST }))));
cases('axios, interceptor, its own transport', () => sending(intercepted({ adapter: 'http' })));
cases('axios, interceptor, its fetch', () => sending(intercepted({ adapter: 'fetch' })));
owned('axios, interceptor', (fetch) => sending(intercepted({ adapter: 'fetch', env: { fetch } })));
owned('axios, interceptor', (fetch) => sending(intercepted({ adapter: 'fetch', env: { fetch } })), { throwOnFailure: true });

/** @param {any} client */
const queried = (client) => ({
  send: (/** @type {string} */ url) => new QueryClient({ defaultOptions: { queries: tanstack.reprieve({ policy: FAST }) } })
    .fetchQuery({ queryKey: [url], queryFn: async () => (await client.get(url)).data }),
});
cases('axios alone, TanStack Query around', () => queried(axios.create()), { write: null, lost: 1 });
owned('axios, TanStack Query around', (fetch) => queried(axios.create({ adapter: 'fetch', env: { fetch } })));
test('axios with the interceptor, TanStack Query around: 4, not 16', async () => {
  assert.equal((await count(queried(intercepted({})), [DOWN])).sends, 4);
  assert.equal((await count(queried(intercepted({})), [{ fault: 'reset' }])).sends, 2);
});

test('axios, interceptor: a PUT is sent again whole, a stream is not', async () => {
  const client = intercepted({});
  const put = await count({ send: (url) => client.put(url, { name: 'Ada' }) }, [DOWN, DOWN, OK]);
  assert.deepEqual(put.requests.map(({ body, headers }) => [body, headers['content-type']]), Array(3).fill(['{"name":"Ada"}', 'application/json']));
  assert.equal((await count({ send: (url) => client.put(url, Readable.from(['a', 'b'])) }, [DOWN, DOWN, OK])).sends, 1);
});

test('axios, interceptor: a signal ends the wait, and nothing more is sent', async () => {
  const client = intercepted({}, {});
  const since = performance.now();
  const found = await count({ send: (url) => client.get(url, { signal: AbortSignal.timeout(200) }) }, [{ ...DOWN, headers: { 'retry-after': '5' } }]);
  assert.deepEqual([found.sends, found.ended], [1, 'failed']);
  assert.ok(performance.now() - since < 2000);
});

test('axios, interceptor: a refused request, a request that was never sent', async () => {
  const client = intercepted({ adapter: 'http' });
  await assert.rejects(client.get('http://127.0.0.1:1/'), { code: 'ECONNREFUSED' });
  await assert.rejects(client.get('nothing://here'), /protocol/i);
  client.interceptors.request.use(() => Promise.reject(new Error('before')));
  await assert.rejects(client.get('/'), /before/);
});

test('axios, interceptor: a dialect pinned to the address of a client, by its relative paths', async () => {
  const step = { status: 500, headers: { 'content-type': 'application/json' }, body: '{"error":{"message":"no"}}' };
  /** @param {string} url */
  const own = (url) => ({ [url]: { id: 'own', match: [{ body: { '/error/message': 'string' } }], code: ['/error/message'], permanent: ['no'] } });
  for (const [dialects, sends] of /** @type {[(url: string) => object | undefined, number][]} */ ([[own, 1], [() => undefined, 4]])) {
    const send = (/** @type {string} */ url) => intercepted({ baseURL: url }, { policy: FAST, dialects: dialects(url) }).get('/things');
    assert.equal((await count({ send }, [step])).sends, sends);
  }
});
