// @ts-check
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { cases, count, DOWN, FAST, load, OK, owned } from './cases.mjs';

const { createFetch, ofetch } = await load('ofetch');
const { QueryClient } = await load('@tanstack/query-core');
const { reprieve } = await load('reprieve/ofetch');
const tanstack = await load('reprieve/tanstack');

/** @param {any} client */
const sending = (client) => ({ send: (/** @type {string} */ url, /** @type {string} */ method) => client(url, { method }) });

cases('ofetch', () => sending(createFetch(reprieve({ policy: FAST }))));
cases('ofetch.create', () => sending(ofetch.create({}, reprieve({ policy: FAST }))));
owned('ofetch, TanStack Query around', (fetch) => {
  const client = createFetch({ fetch, defaults: { retry: false } });
  return {
    send: (url) => new QueryClient({ defaultOptions: { queries: tanstack.reprieve({ policy: FAST }) } }).fetchQuery({ queryKey: [url], queryFn: () => client(url) }),
  };
});

test('ofetch: a write has its body each time', async () => {
  const put = await count({ send: (url) => createFetch(reprieve({ policy: FAST }))(url, { method: 'PUT', body: { name: 'Ada' } }) }, [DOWN, DOWN, OK]);
  assert.deepEqual(put.requests.map(({ body }) => body), Array(3).fill('{"name":"Ada"}'));
});
