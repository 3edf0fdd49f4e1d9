// @ts-check
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { after, test } from 'node:test';
import { setImmediate as tick, setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createFetch, explain } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK } from './policies.mjs';

const server = await startServer();
after(() => server.close());

/**
 * Aborts a call after a while and tells what it rejected with within one tick.
 *
 * @param {(signal: AbortSignal) => Promise<Response>} call
 * @param {number} afterMs
 */
async function abortAfter(call, afterMs, reason = new Error('enough')) {
  const controller = new AbortController();
  /** @type {unknown} */
  let outcome = 'pending';
  call(controller.signal).then(() => (outcome = 'resolved'), (error) => (outcome = error));
  await sleep(afterMs);
  assert.equal(outcome, 'pending');
  controller.abort(reason);
  await tick();
  assert.equal(outcome, reason);
}

test('aborted before: rejects with exactly the reason, sends nothing', async () => {
  const url = server.script([{}]);
  const f = createFetch();
  for (const reason of [new Error('mine'), 'a text', 0, { an: 'object' }]) {
    const outcome = await f(url, { signal: AbortSignal.abort(reason) }).then(() => 'resolved', (error) => error);
    assert.equal(outcome, reason);
  }
  await assert.rejects(f(url, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.equal(server.requests(url).length, 0);
});

/** @type {[string, import('../server/index.mjs').Step][]} */
const moments = [
  ['a send', { fault: 'silence' }],
  ['a wait', { status: 503, headers: { 'retry-after': '5' } }],
  ['the reading of an error body', { status: 503, body: 'half', fault: 'stall' }],
];
for (const [name, step] of moments) {
  test(`aborted during ${name}: rejects within one tick, sends no more`, async () => {
    const url = server.script([step, {}]);
    await abortAfter((signal) => createFetch({ policy: QUICK })(url, { signal }), 60);
    await sleep(50);
    assert.equal(server.requests(url).length, 1);
  });
}

test('the same by the signal of a Request, and by both signals', async () => {
  const f = createFetch({ policy: QUICK });
  const url = server.script([{ status: 503, headers: { 'retry-after': '5' } }]);
  await abortAfter((signal) => f(new Request(url, { signal })), 60);
  // As with fetch, the signal of the init replaces that of the Request.
  await abortAfter((signal) => f(new Request(url, { signal: new AbortController().signal }), { signal }), 60);
});

test('the same with throwOnFailure: the reason, not an ApiError', async () => {
  const f = createFetch({ policy: QUICK, throwOnFailure: true });
  const url = server.script([{ status: 503, headers: { 'retry-after': '5' } }]);
  await abortAfter((signal) => f(url, { signal }), 60);
});

test('an abort is explained', async () => {
  const controller = new AbortController();
  const url = server.script([{ status: 503, headers: { 'retry-after': '5' } }]);
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), 60);
  const error = await createFetch({ policy: QUICK })(url, { signal: controller.signal }).catch((/** @type {unknown} */ cause) => cause);
  assert.equal(error, reason);
  const story = explain(error);
  assert.equal(story?.reason, 'aborted');
  assert.equal(story?.attempts[0]?.failure?.kind, 'unavailable');
});

test('a timeout signal rejects with its TimeoutError', async () => {
  const url = server.script([{ status: 503, headers: { 'retry-after': '5' } }]);
  await assert.rejects(createFetch({ policy: QUICK })(url, { signal: AbortSignal.timeout(60) }), { name: 'TimeoutError' });
});

test('an AbortError that is not the caller\'s own is a network failure', async () => {
  let sends = 0;
  const cut = new DOMException('The operation was aborted.', 'AbortError');
  const f = createFetch({ policy: QUICK, fetch: async () => { sends += 1; throw cut; } });
  const error = await f('https://x.invalid/', { signal: new AbortController().signal }).catch((/** @type {unknown} */ cause) => cause);
  assert.equal(error, cut);
  assert.deepEqual([explain(error)?.failure?.kind, sends], ['network', 2]);
});

test('a thousand calls on one signal leave no listener', async () => {
  const controller = new AbortController();
  let sends = 0;
  const f = createFetch({
    policy: { ...QUICK, budget: null, backoff: { baseMs: 0, maxMs: 0 } },
    fetch: async () => new Response('x', { status: (sends += 1) % 2 ? 503 : 200 }),
  });
  await Promise.all(Array.from({ length: 1000 }, () => f('https://x.invalid/', { signal: controller.signal })));
  assert.ok(sends >= 1500);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

test('an aborted wait leaves no listener', async () => {
  const controller = new AbortController();
  const f = createFetch({ fetch: async () => new Response('x', { status: 503, headers: { 'retry-after': '5' } }) });
  const call = f('https://x.invalid/', { signal: controller.signal });
  await sleep(30);
  controller.abort();
  await assert.rejects(call);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

/** Runs a script that has `createFetch` and `url`; gives what it wrote and how long it lived after writing it. */
async function child(/** @type {string} */ source, /** @type {string} */ url) {
  const entry = new URL('../../pkg/dist/index.js', import.meta.url).href;
  const program = `import { createFetch } from ${JSON.stringify(entry)}; const url = ${JSON.stringify(url)}; ${source}`;
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  /** @type {number | undefined} */
  let wrote;
  let output = '';
  await new Promise((resolve, reject) => {
    const run = execFile(process.execPath, ['--input-type=module', '--eval', program], { cwd, timeout: 10_000 }, (error) => (error ? reject(error) : resolve(undefined)));
    run.stdout?.on('data', (text) => {
      wrote = performance.now();
      output += text;
    });
  });
  return { output: output.trim(), livedMs: performance.now() - (wrote ?? 0) };
}

test('an aborted wait leaves no timer: the process ends', async () => {
  const url = server.script([{ status: 503, headers: { 'retry-after': '8' } }]);
  const { output, livedMs } = await child(
    `const controller = new AbortController();
     setTimeout(() => controller.abort(), 100);
     await createFetch()(url, { signal: controller.signal }).catch((error) => console.log(error.name));`,
    url,
  );
  assert.equal(output, 'AbortError');
  assert.ok(livedMs < 900, `${livedMs}`);
});

test('a failure that was read leaves no timer: the process ends', async () => {
  const url = server.script([{ status: 400, body: 'no' }]);
  const { output, livedMs } = await child(`const response = await createFetch()(url); await response.text(); console.log(response.status);`, url);
  assert.equal(output, '400');
  assert.ok(livedMs < 900, `${livedMs}`);
});
