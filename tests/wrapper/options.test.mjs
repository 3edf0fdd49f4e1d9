// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { ApiError, classify, classifyResponse, createFetch, explain, failureOf, OptionsError, Policy } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK } from './policies.mjs';
import { record } from './recorder.mjs';

const server = await startServer();
after(() => server.close());

test('options of one call outrank those of the function', async () => {
  const f = createFetch({ policy: { ...QUICK, maxAttempts: 2, breaker: null } });
  const url = server.script([{ status: 503 }]);
  await f(url, { reprieve: { policy: { ...QUICK, maxAttempts: 3 } } });
  assert.equal(server.requests(url).length, 3);
  await f(url);
  assert.equal(server.requests(url).length, 5);
  await assert.rejects(f(url, { reprieve: { throwOnFailure: true } }), ApiError);
  assert.equal(server.requests(url).length, 7);
  await f(url, { reprieve: {} });
  assert.equal(server.requests(url).length, 9);
});

test('events of one call', async () => {
  /** @type {string[]} */
  const seen = [];
  await createFetch()(server.script([{}]), { reprieve: { events: ({ type }) => void seen.push(type) } });
  assert.deepEqual(seen, ['attempt', 'stop']);
});

test('false sends once and does nothing else', async () => {
  const log = record();
  let events = 0;
  const f = createFetch({ fetch: log.fetch, policy: QUICK, throwOnFailure: true, idempotencyKey: true, events: () => (events += 1) });
  const url = server.script([{ status: 503, body: 'no' }]);
  const response = await f(url, { method: 'POST', body: 'x', reprieve: false });
  assert.equal(response, log.responses[0]);
  assert.deepEqual([response.bodyUsed, failureOf(response), explain(response), events, server.requests(url).length], [false, null, null, 0, 1]);
  assert.equal(server.requests(url)[0]?.headers['idempotency-key'], undefined);
  const reset = await f(server.script([{ fault: 'reset' }]), { reprieve: false }).catch((/** @type {unknown} */ error) => error);
  assert.equal(reset, log.errors[0]);
  assert.equal(failureOf(reset), null);
});

/**
 * @param {() => unknown} load
 * @param {string} pointer
 */
async function refused(load, pointer, reason = /./) {
  /** @type {any} */
  let error;
  try {
    await load();
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof OptionsError && error instanceof TypeError, `${pointer}: ${error}`);
  assert.equal(error.pointer, pointer);
  assert.match(error.reason, reason);
  assert.ok(error.message.includes(error.reason) && error.message.includes(pointer), error.message);
}

/** @type {[any, string, RegExp][]} a policy, the place and the reason */
const policies = [
  [{ maxRetries: 3 }, '/maxRetries', /maxAttempts/],
  [{ maxAttempts: 0 }, '/maxAttempts', /1.*100/],
  [{ maxAttempts: 101 }, '/maxAttempts', /1.*100/],
  [{ maxAttempts: 2.5 }, '/maxAttempts', /whole|integer/],
  [{ maxAttempts: '3' }, '/maxAttempts', /number/],
  [{ maxAttempts: null }, '/maxAttempts', /number/],
  [{ maxAttempts: Number.NaN }, '/maxAttempts', /number/],
  [{ deadlineMs: -1 }, '/deadlineMs', /number/],
  [{ deadlineMs: Number.NaN }, '/deadlineMs', /number/],
  [{ deadlineMs: 2 ** 31 }, '/deadlineMs', /2147483647/],
  [{ preset: 'fast' }, '/preset', /default.*patient.*none/],
  [{ backoff: 5 }, '/backoff', /object/],
  [{ backoff: { baseMS: 5 } }, '/backoff/baseMS', /baseMs/],
  [{ backoff: { baseMs: -1 } }, '/backoff/baseMs', /number/],
  [{ backoff: { multiplier: 0.5 } }, '/backoff/multiplier', /1.*10/],
  [{ backoff: { maxMs: 2 ** 31 } }, '/backoff/maxMs', /2147483647/],
  [{ backoff: { jitter: 'half' } }, '/backoff/jitter', /full.*none/],
  [{ budget: { tokens: '6' } }, '/budget/tokens', /number/],
  [{ budget: { tokens: Number.NaN } }, '/budget/tokens', /number/],
  [{ budget: Number.NaN }, '/budget', /object/],
  [{ budget: { refill: -0.1 } }, '/budget/refill', /number/],
  [{ budget: { 'a/b~c': 1 } }, '/budget/a~1b~0c', /tokens/],
  ['fast', '', /default.*patient.*none/],
  [7, '', /./],
  [[], '', /./],
];
for (const [policy, pointer, reason] of policies) {
  test(`a policy that does not load: ${inspect(policy)}`, async () => {
    await refused(() => new Policy(policy), `/policy${pointer}`, reason);
    await refused(() => createFetch({ policy }), `/policy${pointer}`, reason);
    const url = server.script([{}]);
    await refused(() => createFetch()(url, { reprieve: { policy } }), `/policy${pointer}`, reason);
    assert.equal(server.requests(url).length, 0);
  });
}

/** @type {any} */
const cyclic = { id: 'loop', match: [{ statuses: [500] }] };
cyclic.notes = cyclic;

/** @type {[string, any, string][]} what is wrong with the dialects, the dialects, the place */
const dialects = [
  ['an unknown member', [{ id: 'a', match: [{ statuses: [500] }] }, { id: 'b', match: [{ statuses: [500] }], retry: 1 }], '/dialects/1/retry'],
  ['an unknown member of a match', [{ id: 'a', match: [{ path: '/x' }] }], '/dialects/0/match/0/path'],
  ['a match that matches everything', [{ id: 'a', match: [{}] }], '/dialects/0/match/0'],
  ['a wrong type', [{ id: 'a', match: 'x' }], '/dialects/0/match'],
  ['an unknown kind', [{ id: 'a', match: [{ statuses: [500] }], kinds: { broken: ['x'] } }], '/dialects/0/kinds/broken'],
  ['no id', [{ match: [{ statuses: [500] }] }], '/dialects/0'],
  ['a wrong shape', [{ id: 'a', match: [{ body: { '/a': 'text' } }] }], '/dialects/0/match/0/body/~1a'],
  ['no such built-in dialect', { 'https://shop.example/api': 'rot' }, '/dialects/https:~1~1shop.example~1api'],
  ['no such built-in dialect for a whole host', { 'https://shop.example': 'rot' }, '/dialects/https:~1~1shop.example'],
  ['a prefix that is no URL', { 'shop/api': 'root' }, '/dialects/shop~1api'],
  ['an unknown member of a pinned dialect', { 'https://shop.example/api': { id: 'a', match: [], foo: 1 } }, '/dialects/https:~1~1shop.example~1api/foo'],
  ['neither list nor map', 'root', '/dialects'],
  ['a number', 7, '/dialects'],
  ['a list of ids', ['root'], '/dialects/0'],
];
for (const [name, wrong, pointer] of dialects) {
  test(`dialects that do not load: ${name}`, async () => {
    await refused(() => createFetch({ dialects: wrong }), pointer);
    await refused(() => classify({ status: 500 }, { dialects: wrong }), pointer);
    await refused(() => classifyResponse(new Response('', { status: 500 }), { dialects: wrong }), pointer);
  });
}

test('a dialect that is no JSON is refused as options are', () => {
  assert.throws(() => createFetch({ dialects: [cyclic] }), OptionsError);
  assert.throws(() => classify({ status: 500 }, { dialects: /** @type {any} */ ([{ id: 'a', match: [], notes: 1n }]) }), OptionsError);
});

test('other options that do not load', async () => {
  /** @type {[any, string][]} */
  const wrong = [[{ retries: 3 }, '/retries'], [{ fetch: 'x' }, '/fetch'], [{ events: 'x' }, '/events'], [{ throwOnFailure: 'yes' }, '/throwOnFailure'], [{ idempotencyKey: 7 }, '/idempotencyKey'], [{ inspectOk: 1 }, '/inspectOk'], [{ readBody: 1 }, '/readBody'], [{ diagnose: 'yes' }, '/diagnose'], [{ timeoutMs: 0 }, '/timeoutMs'], [{ timeoutMs: 2 ** 31 }, '/timeoutMs'], [{ attemptTimeoutMs: '5s' }, '/attemptTimeoutMs'], [{ attemptTimeoutMs: Number.NaN }, '/attemptTimeoutMs']];
  for (const [options, pointer] of wrong) await refused(() => createFetch(options), pointer);
  const f = createFetch();
  const url = server.script([{}]);
  for (const [options, pointer] of [[{ retries: 3 }, '/retries'], [{ events: 'x' }, '/events'], [{ idempotencyKey: 7 }, '/idempotencyKey']]) {
    await refused(() => f(url, { reprieve: /** @type {any} */ (options) }), /** @type {string} */ (pointer));
  }
});

test('absent options are those left out or undefined', async () => {
  createFetch(undefined);
  createFetch({});
  createFetch(/** @type {any} */ ({ policy: undefined, dialects: undefined, events: undefined, fetch: undefined, throwOnFailure: undefined, inspectOk: undefined, idempotencyKey: undefined }));
  new Policy(/** @type {any} */ ({ maxAttempts: undefined, backoff: { baseMs: undefined }, budget: undefined }));
  const response = await createFetch()(server.script([{}]), { reprieve: undefined });
  assert.equal(response.status, 200);
});

test('options are not polluted from without', () => {
  const policy = JSON.parse('{"__proto__": {"maxAttempts": 9}, "maxAttempts": 2}');
  assert.throws(() => new Policy(policy), OptionsError);
});

test('a dialect of the user outranks the built-in ones; a pin outranks the shape', async () => {
  const url = server.script([{ status: 400, headers: { 'content-type': 'application/json' }, body: '{"error":{"code":"busy","message":"Hold on"},"hint":"h"}' }]);
  const own = { id: 'mine', match: [{ body: { '/hint': 'string' } }], code: ['/error/code'], message: ['/hint'], kinds: { unavailable: ['busy'] } };
  const listed = failureOf(await createFetch({ policy: 'none', dialects: [own] })(url));
  assert.deepEqual([listed?.dialect, listed?.kind, listed?.code, listed?.message, listed?.transient], ['mine', 'unavailable', 'busy', 'h', true]);
  const pinned = failureOf(await createFetch({ policy: 'none', dialects: { [url]: own } })(url));
  assert.equal(pinned?.dialect, 'mine');
  assert.equal(failureOf(await createFetch({ policy: 'none', dialects: { [url]: 'rooom' } })(url))?.dialect, 'rooom');
  assert.equal(failureOf(await createFetch({ policy: 'none' })(url))?.dialect, null);
});
