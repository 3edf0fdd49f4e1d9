// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, createFetch, explain, Policy, shouldRetry } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK } from './policies.mjs';

const server = await startServer();
const other = await startServer();
after(() => Promise.all([server.close(), other.close()]));

/** A server that fails until it is told to stop. @param {number} [status] */
function broken(status = 503) {
  let isDown = true;
  const url = server.script(() => (isDown ? { status } : { body: 'ok' }));
  return { url, mend: () => (isDown = false), sends: () => server.requests(url).length };
}

/** Opens soon and looks soon. */
const BREAKER = { ...QUICK, maxAttempts: 1, breaker: { failures: 3, openMs: 300, minOpenMs: 300, spread: 0, holdMs: 2000, releaseMs: 100 } };

/** @param {Promise<unknown>} call */
const rejected = (call) => call.then(() => assert.fail('resolved'), (/** @type {unknown} */ reason) => reason);

test('the breaker: after failures in a row one request looks, and the others wait for what it finds', async () => {
  const { url, mend, sends } = broken();
  /** @type {string[]} */
  const events = [];
  const f = createFetch({ policy: BREAKER, events: ({ type }) => void events.push(type) });
  for (let count = 0; count < 3; count += 1) assert.equal((await f(url)).status, 503);
  assert.equal(sends(), 3);
  const calls = Array.from({ length: 10 }, () => f(url));
  await sleep(200);
  assert.equal(sends(), 3);
  mend();
  const began = performance.now();
  const responses = await Promise.all(calls);
  assert.ok(performance.now() - began < 700);
  assert.deepEqual(new Set(responses.map(({ status }) => status)), new Set([200]));
  const [probe, ...rest] = server.requests(url).slice(3).map(({ time }) => time);
  assert.equal(rest.length, 9);
  assert.ok(Math.min(...rest) > (probe ?? 0));
  assert.ok(events.includes('hold'));
  const held = responses.map((response) => explain(response)?.attempts[0]?.heldMs ?? 0);
  assert.ok(Math.min(...held) >= 200 && Math.max(...held) < 1000, String(held));
});

test('a server that stays down: who waits too long is told when to try again, and sends nothing', async () => {
  const { url, sends } = broken();
  const f = createFetch({ policy: { ...BREAKER, breaker: { ...BREAKER.breaker, holdMs: 100 } } });
  for (let count = 0; count < 3; count += 1) await f(url);
  const began = Date.now();
  const error = await rejected(f(url, { method: 'POST' }));
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.reason, error.failure.kind, error.failure.status, error.response, error.attempts, error.maybeApplied], ['circuit_open', 'unavailable', null, null, [], false]);
  assert.ok(error.retryAt !== null && error.retryAt > began && error.retryAt <= began + 400);
  assert.ok(error.failure.retryAfterMs !== null && error.failure.retryAfterMs <= 300);
  assert.match(error.message, /POST http.*unavailable.*circuit_open/);
  assert.equal(error.report().reason, 'circuit_open');
  assert.equal(sends(), 3);
  // Another origin has nothing to do with it.
  assert.equal((await f(other.script([{}]))).status, 200);
});

test('a retry that is held back ends with its own failure, whole', async () => {
  const f = createFetch({ policy: { ...QUICK, breaker: { ...BREAKER.breaker, failures: 1, holdMs: 50 } } });
  const down = server.script([{ status: 500, headers: { 'x-request-id': 'r-7' }, body: '{"error":{"code":"boom"}}' }]);
  const response = await f(down);
  const story = explain(response);
  assert.deepEqual([response.status, response.url, await response.json(), story?.reason, story?.failure?.requestId, story?.attempts.length], [500, down, { error: { code: 'boom' } }, 'circuit_open', 'r-7', 1]);
  assert.ok((story?.retryAt ?? 0) > Date.now());
});

test('an abort frees the place of the one who looks; one while held back leaves no trace', async () => {
  const { url, mend } = broken();
  const f = createFetch({ policy: BREAKER });
  for (let count = 0; count < 3; count += 1) await f(url);
  mend();
  const silent = server.script([{ fault: 'silence' }]);
  await sleep(320);
  const looks = new AbortController();
  const probe = rejected(f(silent, { signal: looks.signal }));
  await sleep(30);
  const waits = new AbortController();
  const reason = new Error('enough');
  const held = rejected(f(url, { signal: waits.signal }));
  const next = f(url);
  await sleep(50);
  const began = performance.now();
  waits.abort(reason);
  assert.equal(await held, reason);
  looks.abort();
  await probe;
  assert.equal((await next).status, 200);
  assert.ok(performance.now() - began < 200, `${performance.now() - began}`);
});

test('what was sent before the breaker opened neither opens it again nor closes it', async () => {
  const { url, mend } = broken();
  const f = createFetch({ policy: BREAKER });
  const slow = server.script(Array.from({ length: 20 }, () => ({ status: 503, delayMs: 250 })));
  const early = Array.from({ length: 20 }, () => f(slow));
  for (let count = 0; count < 3; count += 1) await f(url);
  await Promise.all(early);
  mend();
  const began = performance.now();
  assert.equal((await f(url)).status, 200);
  assert.ok(performance.now() - began < 300, `${performance.now() - began}`);
});

test('neither a 404 nor a 429 opens it, and a success counts the failures anew', async () => {
  const f = createFetch({ policy: BREAKER });
  for (const status of [404, 429, 404, 400, 429, 503, 503, 200, 503, 503, 200]) await f(server.script([{ status }]));
  const began = performance.now();
  await f(server.script([{}]));
  assert.ok(performance.now() - began < 100);
});

test('the gate: a 429 with Retry-After parks the origin, a 503 its endpoint, a name its bucket; a success opens it', async () => {
  const f = createFetch({ policy: { ...QUICK, maxAttempts: 1, gate: { stretch: 0, spreadMs: 0 } } });
  const timed = async (/** @type {string} */ url) => {
    const began = performance.now();
    const { status } = await f(url);
    // The second counts from the answer before, which was a moment ago.
    return [status, Math.round((performance.now() - began) / 1000)];
  };
  const after = { 'retry-after': '1' };
  const [busy, free] = [server.script([{ status: 503, headers: after }, {}]), server.script([{}])];
  await f(`${busy}/a`);
  assert.deepEqual(await Promise.all([timed(free), timed(`${busy}/a`), timed(`${busy}/b`)]), [[200, 0], [200, 1], [200, 0]]);

  const limited = server.script([{ status: 429, headers: after }, {}]);
  await f(limited);
  assert.deepEqual(await Promise.all([timed(free), timed(limited), timed(other.script([{}]))]), [[200, 1], [200, 1], [200, 0]]);

  const named = { ...after, 'x-ratelimit-resource': 'search' };
  const [search, also] = [server.script([{ status: 429, headers: named }, {}]), server.script([{ status: 429, headers: { ...named, 'retry-after': '0' } }, {}])];
  await f(also);
  await f(search);
  assert.deepEqual(await Promise.all([timed(free), timed(search), timed(also)]), [[200, 0], [200, 1], [200, 1]]);
});

test('a delay that no server stated parks nobody', async () => {
  const f = createFetch({ policy: { ...QUICK, maxAttempts: 1 } });
  await f(server.script([{ status: 429 }]));
  const began = performance.now();
  await f(server.script([{}]));
  assert.ok(performance.now() - began < 100);
});

test('a gate beyond the deadline ends a call before it is sent, and says when', async () => {
  const f = createFetch({ policy: QUICK });
  await f(server.script([{ status: 429, headers: { 'retry-after': '3600' } }]));
  const url = server.script([{}]);
  const began = Date.now();
  const error = await rejected(f(url));
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.reason, server.requests(url).length], ['retry_after_too_long', 0]);
  assert.ok(Math.abs((error.retryAt ?? 0) - began - 3_600_000) < 1500);
});

test('a reset breaks the connection, not the others: the policy none holds nothing back', async () => {
  const f = createFetch({ policy: 'none' });
  const url = server.script([{ fault: 'reset' }]);
  for (let count = 0; count < 6; count += 1) await rejected(f(url));
  assert.equal((await f(server.script([{}]))).status, 200);
});

test('by hand: admit, decide, success, cancel with a ticket for each call', () => {
  const policy = new Policy({ maxAttempts: 1, breaker: { failures: 2, openMs: 1000, spread: 0 } });
  const failure = { kind: /** @type {const} */ ('unavailable'), status: 503, code: null, message: null, fields: [], requestId: null, docsUrl: null, retryAfterMs: null, bucket: null, retryAfterFrom: null, transient: true, transientFrom: /** @type {const} */ ('status'), shouldRetry: null, dialect: null, advice: { steps: [], maxAttempts: null, minDelayMs: null, savedUnderKey: false } };
  const nowMs = Date.now();
  for (let count = 0; count < 2; count += 1) {
    const ticket = {};
    assert.equal(policy.admit({ ticket, nowMs }).send, true);
    assert.equal(policy.decide(failure, { ticket, nowMs: nowMs + 1 }).retry, false);
  }
  const held = policy.admit({ ticket: {}, nowMs: nowMs + 2 });
  assert.ok(!held.send && held.until !== null && held.until > nowMs + 2);
  const probe = {};
  assert.equal(policy.admit({ ticket: probe, nowMs: nowMs + 1100 }).send, true);
  assert.equal(policy.admit({ ticket: {}, nowMs: nowMs + 1101 }).send, false);
  policy.cancel({ ticket: probe, nowMs: nowMs + 1102 });
  const second = {};
  assert.equal(policy.admit({ ticket: second, nowMs: nowMs + 1103 }).send, true);
  policy.success({ ticket: second, nowMs: nowMs + 1104 });
  assert.equal(policy.admit({ ticket: {}, nowMs: nowMs + 1105 }).send, true);
});

test('shouldRetry: one owner of retries', async () => {
  const outcome = (/** @type {object} */ options, /** @type {any} */ steps, /** @type {RequestInit} */ init = {}) =>
    createFetch({ policy: QUICK, ...options })(server.script(steps), init).catch((/** @type {unknown} */ reason) => reason);
  assert.equal(shouldRetry(await outcome({}, [{ status: 503 }])), false);
  assert.equal(shouldRetry(await outcome({}, [{ status: 404 }])), false);
  assert.equal(shouldRetry(await outcome({ throwOnFailure: true }, [{ status: 429, headers: { 'retry-after': '60' } }])), false);
  assert.equal(shouldRetry(await outcome({ policy: 'none', throwOnFailure: true }, [{ status: 503 }])), true);
  assert.equal(shouldRetry(await outcome({ policy: 'none' }, [{ status: 503 }])), true);
  assert.equal(shouldRetry(await outcome({ policy: 'none' }, [{ status: 404 }])), false);
  assert.equal(shouldRetry(await outcome({ policy: 'none' }, [{ status: 503 }], { method: 'POST' })), false);
  assert.equal(shouldRetry(await outcome({ policy: 'none' }, [{}])), false);
  for (const foreign of [new TypeError('x'), null, undefined, 'x', 3, {}]) assert.equal(shouldRetry(foreign), false);
});
