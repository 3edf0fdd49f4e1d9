// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cases, count, DOWN, FAST, load, OK, owned, Policy } from './cases.mjs';

const { default: wretch } = await load('wretch');
const { QueryClient } = await load('@tanstack/query-core');
const { reprieve } = await load('reprieve/wretch');
const tanstack = await load('reprieve/tanstack');

/** @param {any} client */
const sending = (client) => ({ send: (/** @type {string} */ url, /** @type {string} */ method) => client.url(url).fetch(method).json() });

cases('wretch', () => sending(wretch().middlewares([reprieve({ policy: FAST })])));
owned('wretch, TanStack Query around', (fetch) => ({
  send: (url) => new QueryClient({ defaultOptions: { queries: tanstack.reprieve({ policy: FAST }) } })
    .fetchQuery({ queryKey: [url], queryFn: () => wretch(url).fetchPolyfill(fetch).get().json() }),
}));

test('wretch: a write has its body each time', async () => {
  const client = wretch().middlewares([reprieve({ policy: FAST })]);
  const put = await count({ send: (url) => client.url(url).put({ name: 'Ada' }).json() }, [DOWN, DOWN, OK]);
  assert.deepEqual(put.requests.map(({ body }) => body), Array(3).fill('{"name":"Ada"}'));
});

test('wretch: one policy for all calls of a client', async () => {
  const small = { ...FAST, budget: { tokens: 2, refill: 0 }, breaker: null };
  for (const policy of [small, new Policy(small)]) {
    const client = sending(wretch().middlewares([reprieve({ policy })]));
    assert.equal((await count(client, [DOWN])).sends, 3);
    assert.equal((await count(client, [DOWN, OK])).sends, 1);
  }
});
