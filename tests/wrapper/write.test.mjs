// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createFetch, explain, failureOf } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK } from './policies.mjs';

const server = await startServer();
after(() => server.close());

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ROOT_500 = { status: 500, headers: { 'content-type': 'application/json' }, body: '{"error":{"type":"api_error","message":"Something went wrong","more_info":"https://docs.example/","trace_id":"t1"}}' };

/** @param {string} url */
const sends = (url) => server.requests(url).length;
/** @param {string} url */
const keys = (url) => server.requests(url).map(({ headers }) => headers['idempotency-key']);
/** @param {string} url */
const queryKeys = (url) => server.requests(url).map((request) => new URL(request.url, server.origin).searchParams.getAll('idempotency_key'));

test('a POST or PATCH is not repeated on an ambiguous failure, and says so', async () => {
  const f = createFetch({ policy: QUICK });
  for (const method of ['POST', 'PATCH', 'post']) {
    for (const status of [500, 502, 503, 504, 408]) {
      const url = server.script([{ status }, {}]);
      const story = explain(await f(url, { method, body: 'x' }));
      assert.deepEqual([method, status, sends(url), story?.reason, story?.maybeApplied], [method, status, 1, 'not_idempotent', true]);
    }
  }
});

test('a reset POST is not repeated, and says so', async () => {
  const url = server.script([{ fault: 'reset' }]);
  const error = await createFetch({ policy: QUICK })(url, { method: 'POST', body: 'x' }).catch((/** @type {unknown} */ cause) => cause);
  assert.deepEqual([sends(url), explain(error)?.reason, explain(error)?.maybeApplied], [1, 'not_idempotent', true]);
});

test('a POST is repeated where the answer proves that nothing was done', async () => {
  const f = createFetch({ policy: QUICK });
  for (const step of [{ status: 429 }, { status: 425 }, { status: 503, headers: { 'retry-after': '0' } }]) {
    const url = server.script([step, { body: 'ok' }]);
    const response = await f(url, { method: 'POST', body: 'x' });
    assert.deepEqual([step.status, response.status, server.requests(url).map(({ body }) => body)], [step.status, 200, ['x', 'x']]);
    assert.deepEqual(keys(url), [undefined, undefined]);
  }
  const limited = server.script([{ status: 429 }]);
  assert.equal(explain(await f(limited, { method: 'POST', body: 'x' }))?.maybeApplied, false);
});

test('PUT, DELETE, OPTIONS and HEAD are repeated', async () => {
  const f = createFetch({ policy: QUICK });
  for (const method of ['PUT', 'DELETE', 'OPTIONS', 'HEAD', 'put']) {
    const url = server.script([{ status: 500 }, {}]);
    assert.deepEqual([method, (await f(url, { method })).status, sends(url)], [method, 200, 2]);
  }
  const url = server.script([{ status: 400 }]);
  assert.equal(explain(await f(url, { method: 'PUT' }))?.maybeApplied, false);
});

test('a read that failed can never have been applied', async () => {
  const story = explain(await createFetch({ policy: 'none' })(server.script([{ status: 500 }])));
  assert.equal(story?.maybeApplied, false);
});

test("the caller's own key, in any letter case and any form of headers, makes a POST repeatable and stays", async () => {
  const f = createFetch({ policy: { ...QUICK, budget: null } });
  const name = 'iDEMPOTENCY-kEY';
  for (const reprieve of [{}, { idempotencyKey: true }, { idempotencyKey: 'other' }]) {
    for (const headers of [{ [name]: 'mine' }, [[name, 'mine']], new Headers({ [name]: 'mine' })]) {
      const url = server.script([{ status: 500 }, {}]);
      const response = await f(url, { method: 'POST', body: 'x', headers: /** @type {any} */ (headers), reprieve });
      assert.deepEqual([response.status, keys(url)], [200, ['mine', 'mine']]);
    }
  }
  const url = server.script([{ status: 500 }, {}]);
  await f(new Request(url, { method: 'POST', body: 'x', headers: { [name]: 'mine' } }), { reprieve: { idempotencyKey: true } });
  assert.deepEqual(keys(url), ['mine', 'mine']);
});

test('a generated key: one per call, the same on every attempt', async () => {
  const f = createFetch({ policy: QUICK, idempotencyKey: true });
  const url = server.script([{ status: 500 }, { status: 503 }, {}]);
  await f(url, { method: 'POST', body: 'x', headers: { 'x-other': 'kept' } });
  const [first, ...others] = keys(url);
  assert.match(String(first), UUID);
  assert.deepEqual(others, [first, first]);
  assert.deepEqual(server.requests(url).map(({ headers }) => headers['x-other']), ['kept', 'kept', 'kept']);
  await f(url, { method: 'PATCH', body: 'x' });
  assert.match(String(keys(url)[3]), UUID);
  assert.notEqual(keys(url)[3], first);
});

test("the caller's headers and init are left as they were", async () => {
  const headers = new Headers({ 'x-a': 'b' });
  const init = { method: 'POST', body: 'x', headers, reprieve: { idempotencyKey: true } };
  const url = server.script([{ status: 500 }, {}]);
  await createFetch({ policy: QUICK })(url, init);
  assert.deepEqual([...headers], [['x-a', 'b']]);
  assert.deepEqual(Object.keys(init), ['method', 'body', 'headers', 'reprieve']);
});

test('a key given as text; no key on a GET', async () => {
  const f = createFetch({ policy: QUICK, idempotencyKey: 'order-7' });
  const url = server.script([{ status: 500 }, {}]);
  await f(url, { method: 'POST', body: 'x' });
  assert.deepEqual(keys(url), ['order-7', 'order-7']);
  const read = server.script([{}]);
  await f(read);
  assert.deepEqual(keys(read), [undefined]);
});

test('a key on a Request with a body', async () => {
  const url = server.script([{ status: 500 }, {}]);
  const request = new Request(url, { method: 'POST', body: 'x', headers: { 'content-type': 'text/x', 'x-a': 'b' } });
  const response = await createFetch({ policy: QUICK, idempotencyKey: true })(request);
  assert.equal(response.status, 200);
  const seen = server.requests(url);
  assert.deepEqual(seen.map(({ body, headers }) => [body, headers['content-type'], headers['x-a']]), [['x', 'text/x', 'b'], ['x', 'text/x', 'b']]);
  assert.match(String(keys(url)[0]), UUID);
  assert.equal(keys(url)[0], keys(url)[1]);
});

test('Root takes its key as the query parameter idempotency_key', async () => {
  const f = createFetch({ policy: QUICK, dialects: { [server.origin]: 'root' }, idempotencyKey: true });
  const url = server.script([{ status: 502 }, {}]);
  const response = await f(`${url}/policies?limit=1#part`, { method: 'POST', body: 'x' });
  assert.equal(response.status, 200);
  assert.deepEqual(keys(url), [undefined, undefined]);
  const [first, second] = queryKeys(url);
  assert.match(String(first?.[0]), UUID);
  assert.equal(first?.length, 1);
  assert.deepEqual(second, first);
  for (const request of server.requests(url)) {
    assert.ok(request.url.startsWith(`${new URL(url).pathname}/policies?`));
    assert.equal(new URL(request.url, server.origin).searchParams.get('limit'), '1');
  }
  await f(url, { method: 'POST', body: 'x' });
  assert.notDeepEqual(queryKeys(url)[2], first);
});

test('Root: a key that the URL already has is kept, and counts', async () => {
  for (const idempotencyKey of [false, true]) {
    const f = createFetch({ policy: QUICK, dialects: { [server.origin]: 'root' }, idempotencyKey });
    const url = server.script([{ status: 502 }, {}]);
    const response = await f(`${url}?idempotency_key=mine`, { method: 'POST', body: 'x' });
    assert.deepEqual([response.status, queryKeys(url)], [200, [['mine'], ['mine']]]);
  }
});

test('Root: a Request gets the parameter too, and keeps its method, headers and body', async () => {
  const f = createFetch({ policy: QUICK, dialects: { [server.origin]: 'root' }, idempotencyKey: 'k 1&2' });
  const url = server.script([{ status: 502 }, {}]);
  await f(new Request(`${url}?a=1`, { method: 'POST', body: 'x', headers: { 'x-a': 'b' } }));
  assert.deepEqual(queryKeys(url), [['k 1&2'], ['k 1&2']]);
  assert.deepEqual(server.requests(url).map(({ method, body, headers }) => [method, body, headers['x-a']]), [['POST', 'x', 'b'], ['POST', 'x', 'b']]);
});

test('Root: a pin reaches the URLs below its prefix, and no others', async () => {
  const url = server.script([{ status: 500 }]);
  const f = createFetch({ policy: 'none', dialects: { [`${url}/api`]: 'root' }, idempotencyKey: 'k' });
  for (const path of ['/api', '/api/x', '/api?x']) await f(`${url}${path}`, { method: 'POST' });
  assert.deepEqual(queryKeys(url), [['k'], ['k'], ['k']]);
  await f(`${url}/apix`, { method: 'POST' });
  assert.deepEqual([queryKeys(url)[3], keys(url)[3]], [[], 'k']);
});

test('Root: a 500 under a key is saved there, so it is not sent again', async () => {
  const f = createFetch({ policy: QUICK, dialects: { [server.origin]: 'root' } });
  const keyed = server.script([ROOT_500, {}]);
  const response = await f(keyed, { method: 'POST', body: 'x', reprieve: { idempotencyKey: true } });
  assert.deepEqual([sends(keyed), response.status, explain(response)?.reason], [1, 500, 'not_transient']);
  assert.deepEqual([failureOf(response)?.requestId, failureOf(response)?.advice.savedUnderKey], ['t1', true]);
  const own = server.script([ROOT_500, {}]);
  await f(`${own}?idempotency_key=mine`, { method: 'POST', body: 'x' });
  assert.equal(sends(own), 1);
  const read = server.script([ROOT_500, {}]);
  assert.equal((await f(read)).status, 200);
});
