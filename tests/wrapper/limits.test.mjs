// @ts-check
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { after, test } from 'node:test';
import { setImmediate as tick, setTimeout as sleep } from 'node:timers/promises';
import { ApiError, createFetch, explain } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK, STEADY } from './policies.mjs';
import { record } from './recorder.mjs';

const server = await startServer();
after(() => server.close());

/** @param {Promise<unknown>} call */
const rejection = (call) => call.then(() => assert.fail('resolved'), (/** @type {any} */ error) => error);

/** Runs the same with and without `AbortSignal.any`, as in older browsers. @param {string} name @param {() => Promise<void>} body */
function both(name, body) {
  test(name, body);
  test(`${name}: without AbortSignal.any`, async () => {
    const { any } = AbortSignal;
    Reflect.deleteProperty(AbortSignal, 'any');
    try {
      await body();
    } finally {
      Object.defineProperty(AbortSignal, 'any', { value: any, configurable: true, writable: true });
    }
  });
}

both('attemptTimeoutMs: a send that takes too long is aborted before the wait, and sent again', async () => {
  const url = server.script([{ fault: 'silence' }, { body: 'ok' }]);
  const began = performance.now();
  const call = createFetch({ policy: STEADY, attemptTimeoutMs: 100 })(url, { signal: new AbortController().signal });
  await sleep(30);
  assert.equal(await server.requests(url)[0]?.ended, 'broken');
  const closedAt = performance.now();
  const closed = closedAt - began;
  assert.ok(closed >= 99 && closed < 290, `${closed}`);
  assert.equal(server.requests(url).length, 1);
  const response = await call;
  const [first, second] = explain(response)?.attempts ?? [];
  assert.deepEqual([await response.text(), first?.failure?.kind, first?.status, second?.status], ['ok', 'timeout', null, 200]);
  assert.ok((server.requests(url)[1]?.time ?? 0) - closedAt >= 150);
});

test('attemptTimeoutMs: at the end a TimeoutError, explained as a timeout and not as an abort', async () => {
  const url = server.script([{ fault: 'silence' }]);
  const error = await rejection(createFetch({ policy: { ...QUICK, maxAttempts: 2 }, attemptTimeoutMs: 50 })(url));
  const story = explain(error);
  assert.deepEqual([error.name, error instanceof DOMException, server.requests(url).length], ['TimeoutError', true, 2]);
  assert.deepEqual([story?.failure?.kind, story?.reason, story?.maybeApplied], ['timeout', 'attempts_exhausted', false]);
  const thrown = await rejection(createFetch({ policy: 'none', attemptTimeoutMs: 50, throwOnFailure: true })(url));
  assert.ok(thrown instanceof ApiError);
  assert.deepEqual([thrown.failure.kind, thrown.response, /** @type {any} */ (thrown.cause).name], ['timeout', null, 'TimeoutError']);
});

test('attemptTimeoutMs: a write that was cut off may have been applied', async () => {
  const url = server.script([{ fault: 'silence' }]);
  const f = createFetch({ policy: QUICK, attemptTimeoutMs: 50 });
  const story = explain(await rejection(f(url, { method: 'POST', body: 'x' })));
  assert.deepEqual([story?.failure?.kind, story?.reason, story?.maybeApplied, server.requests(url).length], ['timeout', 'not_idempotent', true, 1]);
  const keyed = server.script([{ fault: 'silence' }, { status: 201 }]);
  assert.equal((await f(keyed, { method: 'POST', body: 'x', reprieve: { idempotencyKey: true } })).status, 201);
});

test('attemptTimeoutMs covers the headers, not a slow body; per call it is set and lifted', async () => {
  const f = createFetch({ policy: 'none', attemptTimeoutMs: 60 });
  assert.equal(await (await f(server.script([{ body: ['a', 150, 'b'] }]))).text(), 'ab');
  const slow = server.script([{ delayMs: 150, body: 'slow' }]);
  assert.equal(await (await f(slow, { reprieve: { attemptTimeoutMs: null } })).text(), 'slow');
  assert.equal(await (await f(slow, { reprieve: { attemptTimeoutMs: 5000 } })).text(), 'slow');
  await assert.rejects(createFetch({ policy: 'none' })(slow, { reprieve: { attemptTimeoutMs: 60 } }), { name: 'TimeoutError' });
});

both('the abort of the caller stays his, before, during and after a send', async () => {
  const f = createFetch({ policy: QUICK, attemptTimeoutMs: 5000, timeoutMs: 6000 });
  const reason = new Error('enough');
  assert.equal(await rejection(f(server.script([{}]), { signal: AbortSignal.abort(reason) })), reason);
  const steps = /** @type {import('../server/index.mjs').Step[]} */ ([{ fault: 'silence' }, { status: 503, headers: { 'retry-after': '5' } }, { status: 503, body: 'half', fault: 'stall' }]);
  for (const step of steps) {
    const controller = new AbortController();
    const url = server.script([step, {}]);
    /** @type {unknown} */
    let outcome;
    f(url, { signal: controller.signal }).catch((error) => (outcome = error));
    await sleep(60);
    controller.abort(reason);
    await tick();
    assert.equal(outcome, reason);
    assert.equal(explain(outcome)?.reason, 'aborted');
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  }
  const controller = new AbortController();
  const response = await f(server.script([{ body: 'half', fault: 'stall' }]), { signal: controller.signal });
  const text = rejection(response.text());
  await sleep(20);
  controller.abort(reason);
  assert.equal(await text, reason);
});

both('a thousand limited calls on one signal leave no listener', async () => {
  const controller = new AbortController();
  let sends = 0;
  const f = createFetch({
    policy: { maxAttempts: 100, budget: null, backoff: { baseMs: 0, maxMs: 0 } },
    attemptTimeoutMs: 5000,
    fetch: async () => ((sends += 1) % 2 ? new Response('x', { status: 503 }) : new Response(null, { status: 204 })),
  });
  await Promise.all(Array.from({ length: 1000 }, () => f('https://x.invalid/', { signal: controller.signal })));
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

test('a fetch that ignores its signal is limited all the same; one that throws is not', async () => {
  const f = createFetch({ policy: 'none', attemptTimeoutMs: 50, fetch: () => new Promise(() => {}) });
  await assert.rejects(f('https://x.invalid/'), { name: 'TimeoutError' });
  const controller = new AbortController();
  const thrown = new RangeError('odd');
  const g = createFetch({ policy: 'none', attemptTimeoutMs: 50, fetch: () => { throw thrown; } });
  assert.equal(await rejection(g('https://x.invalid/', { signal: controller.signal })), thrown);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

test('timeoutMs ends a send in progress, whatever number it has', async () => {
  for (const steps of [[{ fault: /** @type {const} */ ('silence') }], [{ status: 503 }, { fault: /** @type {const} */ ('silence') }]]) {
    const url = server.script(steps);
    const began = performance.now();
    const error = await rejection(createFetch({ policy: QUICK, timeoutMs: 200 })(url));
    const took = performance.now() - began;
    assert.ok(took >= 199 && took < 400, `${took}`);
    const story = explain(error);
    assert.deepEqual([error.name, story?.failure?.kind, story?.reason], ['TimeoutError', 'timeout', 'deadline_exceeded']);
    assert.deepEqual([server.requests(url).length, await server.requests(url).at(-1)?.ended], [steps.length, 'broken']);
  }
});

test('timeoutMs: a wait that would not fit ends the call at once, with the real failure', async () => {
  const url = server.script([{ status: 503, headers: { 'retry-after': '2' }, body: 'closed' }]);
  const began = performance.now();
  const response = await createFetch({ policy: QUICK, timeoutMs: 1000 })(url);
  assert.ok(performance.now() - began < 500);
  assert.deepEqual([response.status, await response.text(), explain(response)?.reason], [503, 'closed', 'retry_after_too_long']);
  const steady = server.script([{ status: 503 }]);
  assert.equal(explain(await createFetch({ policy: STEADY, timeoutMs: 150 })(steady))?.reason, 'deadline_exceeded');
  assert.equal(server.requests(steady).length, 1);
  // A shorter deadline of the policy counts as before.
  const shorter = server.script([{ status: 503 }]);
  assert.equal(explain(await createFetch({ policy: { ...STEADY, deadlineMs: 100 }, timeoutMs: 10_000 })(shorter))?.reason, 'deadline_exceeded');
});

test('timeoutMs: a stalled error body is not waited for', async () => {
  const began = performance.now();
  const response = await createFetch({ policy: 'none', timeoutMs: 200 })(server.script([{ status: 503, body: 'half', fault: 'stall' }]));
  assert.equal(response.status, 503);
  assert.ok(performance.now() - began < 500);
  await response.body?.cancel();
});

test('without limits fetch gets what the caller gave; with limits nothing but a signal is added', async () => {
  const log = record();
  const url = server.script([{}]);
  const init = { signal: new AbortController().signal };
  await createFetch({ fetch: log.fetch })(url, init);
  assert.equal(log.sent[0]?.[1]?.signal, init.signal);
  await createFetch({ fetch: log.fetch, timeoutMs: 5000 })(url);
  assert.deepEqual(Object.keys(log.sent[1]?.[1] ?? {}), ['signal']);
});

test('a Request keeps its attributes under a limit', async () => {
  const log = record();
  const url = server.script([{ status: 503 }, { body: 'ok' }]);
  const request = new Request(url, {
    method: 'PUT', body: 'x', headers: { 'x-a': 'b' }, redirect: 'manual', credentials: 'include', cache: 'no-store', mode: 'same-origin',
    integrity: 'sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=', keepalive: true, referrer: 'about:client', referrerPolicy: 'origin',
  });
  const f = createFetch({ fetch: (...input) => (log.sent.push(input), Promise.resolve(new Response(null, { status: log.sent.length % 2 ? 503 : 200 }))), policy: QUICK, attemptTimeoutMs: 5000 });
  await f(request);
  assert.equal(log.sent.length, 2);
  for (const [input, init] of log.sent) {
    const sent = new Request(/** @type {Request} */ (input), init);
    for (const name of /** @type {const} */ (['url', 'method', 'redirect', 'credentials', 'cache', 'mode', 'integrity', 'keepalive', 'referrer', 'referrerPolicy'])) {
      assert.equal(sent[name], request[name], name);
    }
    assert.equal(sent.headers.get('x-a'), 'b');
    assert.equal(await sent.text(), 'x');
  }
});

test('limits leave no timer: an answer in time ends the process at once', async () => {
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const response = await createFetch({ attemptTimeoutMs: 60_000, timeoutMs: 60_000 })(server.script([{ body: 'ok' }]));
  await response.text();
  assert.ok(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length <= before + 1);
});
