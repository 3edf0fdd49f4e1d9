// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cases, count, DOWN, FAST, load, OK } from './cases.mjs';

const { configureStore } = await load('@reduxjs/toolkit');
const { createApi, fetchBaseQuery } = await load('@reduxjs/toolkit/query');
const { reprieve } = await load('reprieve/rtk');

/** @param {any} [body] */
const client = (body) => ({
  send: async (/** @type {string} */ url, /** @type {string} */ method) => {
    const api = createApi({
      baseQuery: fetchBaseQuery({ baseUrl: url, ...reprieve({ policy: FAST }) }),
      endpoints: (/** @type {any} */ builder) => ({
        read: builder.query({ query: () => '/read' }),
        write: builder.mutation({ query: () => ({ url: '/write', method, body }) }),
      }),
    });
    const store = configureStore({
      reducer: { [api.reducerPath]: api.reducer },
      middleware: (/** @type {any} */ others) => others().concat(api.middleware),
    });
    const call = method === 'GET' ? api.endpoints.read.initiate() : api.endpoints.write.initiate();
    const { error } = await store.dispatch(call);
    store.dispatch(api.util.resetApiState());
    if (error) throw error;
  },
});

cases('RTK Query', () => client());

test('RTK Query: a mutation has its body each time', async () => {
  const put = await count(client({ name: 'Ada' }), [DOWN, DOWN, OK], 'PUT');
  assert.deepEqual(put.requests.map(({ body }) => body), Array(3).fill('{"name":"Ada"}'));
});
