// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setImmediate as tick, setTimeout as sleep } from 'node:timers/promises';
import { createFetch, explain } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK } from './policies.mjs';
import { record } from './recorder.mjs';

const server = await startServer();
after(() => server.close());

/** @param {Promise<unknown>} call */
const rejection = (call) => call.then(() => assert.fail('resolved'), (/** @type {any} */ error) => error);
const FAULTS = /** @type {const} */ (['truncate', 'cut', 'break']);

for (const fault of FAULTS) {
  test(`a 200 whose body breaks off is sent again: ${fault}`, async () => {
    const url = server.script([{ body: ['{"a":', 20], fault }, { body: '{"a":1}' }]);
    const response = await createFetch({ policy: QUICK, readBody: true })(url);
    assert.deepEqual([await response.json(), server.requests(url).length], [{ a: 1 }, 2]);
    const [first] = explain(response)?.attempts ?? [];
    assert.deepEqual([first?.status, first?.failure?.kind], [200, 'network']);
  });

  test(`a write whose answer breaks off may have been applied: ${fault}`, async () => {
    const url = server.script([{ body: ['half', 20], fault }]);
    const error = await rejection(createFetch({ policy: QUICK, readBody: true })(url, { method: 'POST', body: 'x' }));
    const story = explain(error);
    assert.ok(error instanceof TypeError);
    assert.deepEqual([story?.failure?.kind, story?.reason, story?.maybeApplied, server.requests(url).length], ['network', 'not_idempotent', true, 1]);
  });
}

test('the response is the very one, whole, even when its server has gone', async () => {
  const own = await startServer();
  const target = own.script([{ status: 201, headers: { 'x-a': 'b' }, body: ['one ', 30, 'two'], size: 300_000 }]);
  const log = record();
  const f = createFetch({ fetch: log.fetch, readBody: true });
  const response = await f(own.script([{ status: 302, headers: { location: target } }]));
  await own.close();
  assert.equal(response, log.responses[0]);
  assert.deepEqual([response.status, response.url, response.redirected, response.headers.get('x-a'), response.bodyUsed], [201, target, true, 'b', false]);
  assert.equal((await response.clone().text()).length, 300_007);
  assert.match(await response.text(), /^one twox+$/);
});

test('nothing to read: HEAD, 204, 304, an empty 200', async () => {
  const f = createFetch({ readBody: true });
  for (const [step, method] of /** @type {const} */ ([[{ body: 'abc' }, 'HEAD'], [{ status: 204 }, 'GET'], [{ status: 304 }, 'GET'], [{}, 'GET']])) {
    const response = await f(server.script([step]), { method });
    assert.deepEqual([await response.text(), explain(response)?.reason], ['', 'success']);
  }
});

test('with attemptTimeoutMs a body that stalls is a timeout, and sent again; timeoutMs ends it', async () => {
  const url = server.script([{ body: 'half', fault: 'stall' }, { body: 'ok' }]);
  const response = await createFetch({ policy: QUICK, readBody: true, attemptTimeoutMs: 100 })(url);
  assert.deepEqual([await response.text(), explain(response)?.attempts[0]?.failure?.kind], ['ok', 'timeout']);
  assert.equal(await server.requests(url)[0]?.ended, 'broken');
  const stalled = server.script([{ body: 'half', fault: 'stall' }]);
  const error = await rejection(createFetch({ policy: QUICK, readBody: true, timeoutMs: 100 })(stalled));
  assert.deepEqual([error.name, explain(error)?.reason], ['TimeoutError', 'deadline_exceeded']);
});

test('aborted while the body arrives: at once, with the reason', async () => {
  for (const options of [{}, { attemptTimeoutMs: 5000 }]) {
    for (const status of [200, 404]) {
      const controller = new AbortController();
      const url = server.script([{ status, body: 'half', fault: 'stall' }]);
      /** @type {unknown} */
      let outcome;
      createFetch({ ...options, readBody: true })(url, { signal: controller.signal }).catch((error) => (outcome = error));
      await sleep(status === 200 ? 60 : 1150);
      const reason = new Error('enough');
      controller.abort(reason);
      await tick();
      assert.equal(outcome, reason);
      assert.equal(explain(outcome)?.reason, 'aborted');
    }
  }
});

test('a final failure is whole, too; one that breaks off keeps its status', async () => {
  const f = createFetch({ policy: 'none', readBody: true });
  const whole = await f(server.script([{ status: 404, body: ['{"code":', 30, '"x"}'] }]));
  assert.equal(await whole.text(), '{"code":"x"}');
  for (const fault of FAULTS) {
    const broken = await f(server.script([{ status: 404, body: ['half', 20], fault }]));
    assert.deepEqual([broken.status, explain(broken)?.failure?.kind], [404, 'not_found']);
    await assert.rejects(broken.text(), TypeError);
  }
});

test('a failure that is sent again is not waited for', async () => {
  const url = server.script([{ status: 503, body: 'half', fault: 'stall' }, { body: 'ok' }]);
  const began = performance.now();
  await createFetch({ policy: QUICK, readBody: true })(url);
  assert.ok(performance.now() - began < 2000);
});

test('with inspectOk: a body that breaks off, then an error in it, then a success', async () => {
  const headers = { 'content-type': 'application/json' };
  const url = server.script([
    { headers, body: ['{"ok":', 20], fault: 'truncate' },
    { headers, body: '{"ok":false,"error":"ratelimited"}' },
    { headers, body: '{"ok":true}' },
  ]);
  const response = await createFetch({ policy: QUICK, readBody: true, inspectOk: true })(url);
  assert.deepEqual([await response.json(), explain(response)?.attempts.map(({ failure }) => failure?.kind)], [{ ok: true }, ['network', 'rate_limited', undefined]]);
});

test('off by default, and per call', async () => {
  const url = server.script([{ body: 'half', fault: 'stall' }]);
  const response = await createFetch()(url);
  assert.equal(response.status, 200);
  await response.body?.cancel();
  const off = await createFetch({ readBody: true })(url, { reprieve: { readBody: false } });
  await off.body?.cancel();
  const on = server.script([{ body: ['a', 20], fault: 'cut' }, { body: 'ok' }]);
  assert.equal(await (await createFetch({ policy: QUICK })(on, { reprieve: { readBody: true } })).text(), 'ok');
});
