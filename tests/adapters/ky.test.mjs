// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cases, count, DOWN, FAST, load, OK, owned } from './cases.mjs';

const { default: ky } = await load('ky');
const { QueryClient } = await load('@tanstack/query-core');
const { reprieve } = await load('reprieve/ky');
const tanstack = await load('reprieve/tanstack');

/** @param {any} client */
const sending = (client) => ({ send: (/** @type {string} */ url, /** @type {string} */ method) => client(url, { method }).json() });

cases('ky', () => sending(ky.create(reprieve({ policy: FAST }))));
owned('ky, TanStack Query around', (fetch) => ({
  send: (url) => new QueryClient({ defaultOptions: { queries: tanstack.reprieve({ policy: FAST }) } })
    .fetchQuery({ queryKey: [url], queryFn: () => ky(url, { fetch, retry: 0 }).json() }),
}));

test('ky: a write has its body each time', async () => {
  const client = ky.create(reprieve({ policy: FAST }));
  const put = await count({ send: (url) => client.put(url, { json: { name: 'Ada' } }) }, [DOWN, DOWN, OK]);
  assert.deepEqual(put.requests.map(({ body }) => body), Array(3).fill('{"name":"Ada"}'));
});

test('ky: a server that is silent once', async () => {
  const client = ky.create(reprieve({ policy: FAST, attemptTimeoutMs: 200 }));
  assert.equal((await count(sending(client), [{ fault: 'silence' }, OK])).sends, 2);
});
