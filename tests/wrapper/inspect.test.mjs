// @ts-check
/** `inspectOk`: errors inside successes. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, classifyResponse, createFetch, explain, failureOf, OptionsError } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK } from './policies.mjs';
import { record } from './recorder.mjs';

/** @typedef {import('../server/index.mjs').Step} Step */

const server = await startServer();
after(() => server.close());

/**
 * A 200 with that body.
 * @param {unknown} body JSON, unless it is a text
 * @returns {Step}
 */
const ok = (body, type = 'application/json; charset=utf-8') => ({ headers: { 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) });

const SENT = ok({ ok: true, ts: '1503435956.000247' });
const LIMITED = ok({ ok: false, error: 'ratelimited' });
const REFUSED = ok({ ok: false, error: 'invalid_auth' });
const BROKEN = ok({ ok: false, error: 'internal_error' });

/**
 * @param {Step[]} steps
 * @param {RequestInit} [init]
 * @param {import('../../pkg/index.js').Options} [options]
 */
async function call(steps, init, options) {
  const url = server.script(steps);
  /** @type {any} */
  const outcome = await createFetch({ policy: QUICK, inspectOk: true, ...options })(url, init).catch((error) => error);
  return { outcome, story: explain(outcome), sends: server.requests(url).length };
}

test('a limit inside a 200, then a success: two sends', async () => {
  const { outcome, story, sends } = await call([LIMITED, SENT]);
  assert.deepEqual([sends, story?.reason, story?.failure], [2, 'success', null]);
  const [first, second] = story?.attempts ?? [];
  assert.deepEqual([first?.status, first?.failure?.kind, first?.failure?.code, second?.failure], [200, 'rate_limited', 'ratelimited', null]);
  assert.deepEqual(await outcome.json(), { ok: true, ts: '1503435956.000247' });
});

test('a refusal inside a 200: resolves with it, readable, and the failure is known', async () => {
  const { outcome, story, sends } = await call([REFUSED]);
  assert.deepEqual([sends, outcome.status, outcome.ok, outcome.bodyUsed, story?.reason], [1, 200, true, false, 'not_transient']);
  assert.deepEqual([failureOf(outcome)?.kind, failureOf(outcome)?.code, failureOf(outcome)?.status], ['unauthenticated', 'invalid_auth', 200]);
  assert.deepEqual(await outcome.json(), { ok: false, error: 'invalid_auth' });
});

test('the same under throwOnFailure: an ApiError with the 200', async () => {
  const { outcome, sends } = await call([REFUSED], {}, { throwOnFailure: true });
  assert.ok(outcome instanceof ApiError);
  assert.deepEqual([sends, outcome.failure.kind, outcome.reason, outcome.response?.status], [1, 'unauthenticated', 'not_transient', 200]);
  assert.match(outcome.message, /200 unauthenticated invalid_auth \(not_transient\)$/);
  assert.deepEqual([outcome.report().status, outcome.report().code], [200, 'invalid_auth']);
  assert.deepEqual(await outcome.response?.json(), { ok: false, error: 'invalid_auth' });
});

/** @type {[string, unknown, string, string | null][]} what it is, the body, the kind, the code */
const envelopes = [
  ['GraphQL', { errors: [{ message: 'You must be logged in.', extensions: { code: 'UNAUTHENTICATED' } }], data: null }, 'unauthenticated', 'UNAUTHENTICATED'],
  ['GraphQL with a part of the data', { data: { me: { id: '1' }, orders: null }, errors: [{ message: 'No', path: ['orders'], extensions: { code: 'FORBIDDEN' } }] }, 'permission_denied', 'FORBIDDEN'],
  ['JSON-RPC', { jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'Invalid params' } }, 'invalid_request', '-32602'],
  ['a success that is false', { success: false, errors: [{ code: 10000, message: 'Authentication error' }] }, 'unknown', '10000'],
];
for (const [name, body, kind, code] of envelopes) {
  test(`an envelope: ${name}`, async () => {
    const { outcome, sends } = await call([ok(body)], { method: 'POST', body: '{}' });
    assert.deepEqual([sends, outcome.status, failureOf(outcome)?.kind, failureOf(outcome)?.code], [1, 200, kind, code]);
    assert.deepEqual(await outcome.json(), body);
  });
}

test('an envelope in XML: S3 that fails after its 200', async () => {
  const failed = ok('<?xml version="1.0"?><Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>', 'application/xml');
  const { outcome, sends } = await call([failed, ok('<CopyObjectResult/>', 'application/xml')], { method: 'PUT' });
  assert.deepEqual([sends, await outcome.text()], [2, '<CopyObjectResult/>']);
});

test('a POST is sent again only where nothing was done', async () => {
  const init = { method: 'POST', body: 'x' };
  const limited = await call([LIMITED, SENT], init);
  assert.deepEqual([limited.sends, limited.story?.reason], [2, 'success']);
  const broken = await call([BROKEN, SENT], init);
  assert.deepEqual([broken.sends, broken.story?.reason, broken.story?.maybeApplied], [1, 'not_idempotent', true]);
  const keyed = await call([BROKEN, SENT], init, { idempotencyKey: true });
  assert.deepEqual([keyed.sends, keyed.story?.reason], [2, 'success']);
});

/** @type {[string, Step, string][]} */
const successes = [
  ['JSON', ok({ id: 1, errors: [] }), '{"id":1,"errors":[]}'],
  ['JSON that does not parse', ok('{"ok": fal'), '{"ok": fal'],
  ['an empty body', ok(''), ''],
  ['no content type', { body: '{"ok":false}' }, '{"ok":false}'],
  ['bytes', ok('{"ok":false}', 'application/octet-stream'), '{"ok":false}'],
];
for (const [name, step, text] of successes) {
  test(`a success is what fetch gave: ${name}`, async () => {
    const log = record();
    const { outcome, story, sends } = await call([step], {}, { fetch: log.fetch });
    assert.equal(outcome, log.responses[0]);
    assert.deepEqual([sends, story?.reason, failureOf(outcome), outcome.bodyUsed], [1, 'success', null, false]);
    assert.equal(await outcome.text(), text);
  });
}

test('a success that announces more than 64 KiB is not read', async () => {
  const url = server.script([{ headers: { 'content-type': 'application/json' }, body: '{"ok":false,"pad":"', size: 4_000_000 }]);
  const log = record();
  const response = await createFetch({ inspectOk: true, fetch: log.fetch })(url);
  assert.deepEqual([response === log.responses[0], failureOf(response)], [true, null]);
  assert.equal((await response.text()).length, 4_000_019);
});

/** A 200 of that many pieces of 16 KiB whose length nobody knows, and how many of them were taken. */
function pieces(/** @type {number} */ count) {
  const piece = new TextEncoder().encode(' '.repeat(16 * 1024));
  let taken = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (taken === count) return controller.close();
      taken += 1;
      controller.enqueue(piece);
    },
  });
  return { response: new Response(body, { headers: { 'content-type': 'application/json' } }), taken: () => taken };
}

test('of a success of unknown length no more than the beginning is waited for, and it arrives whole', async () => {
  for (const init of [{}, { signal: new AbortController().signal }]) {
    const { response, taken } = pieces(100);
    assert.equal(await createFetch({ inspectOk: true, fetch: async () => response })('https://x.invalid/', init), response);
    assert.ok(taken() >= 4 && taken() < 10, `${taken()}`);
    assert.equal((await response.text()).length, 100 * 16 * 1024);
  }
});

test('a slow body is waited for, at most a second', async () => {
  const early = { headers: { 'content-type': 'application/json' }, body: ['{"ok":false,', 300, '"error":"invalid_auth"}'] };
  assert.equal(failureOf((await call([early])).outcome)?.code, 'invalid_auth');
  const late = { headers: { 'content-type': 'application/json' }, body: ['{"ok":false,', 1500, '"error":"invalid_auth"}'] };
  const began = performance.now();
  const { outcome, story } = await call([late]);
  const took = performance.now() - began;
  assert.ok(took > 900 && took < 1400, `${took}`);
  assert.equal(story?.reason, 'success');
  assert.equal(await outcome.text(), '{"ok":false,"error":"invalid_auth"}');
});

test('a body that breaks off: a success, and reading it fails as with fetch', async () => {
  const { outcome, story } = await call([{ ...ok('{"ok":true'), fault: 'truncate' }]);
  assert.equal(story?.reason, 'success');
  await assert.rejects(outcome.text());
});

/** A 200 with an error inside, and whether anyone looked. */
function guarded(/** @type {string} */ type) {
  const response = new Response('{"ok":false}', { headers: { 'content-type': type } });
  let touched = false;
  response.clone = () => {
    touched = true;
    return Response.prototype.clone.call(response);
  };
  return { response, isTouched: () => touched };
}

/** @type {[string, boolean][]} */
const types = [
  ['application/json', true],
  ['Application/JSON;charset=utf-8', true],
  ['text/json', true],
  ['application/graphql-response+json', true],
  ['application/x-amz-json-1.1', true],
  ['application/vnd.api+json', true],
  ['application/xml', true],
  ['text/xml; charset=utf-8', true],
  ['application/soap+xml', true],
  ['text/event-stream', false],
  ['application/x-ndjson', false],
  ['application/jsonl', false],
  ['application/stream+json', false],
  ['application/json;stream=watch', false],
  ['application/json-seq', false],
  ['application/octet-stream', false],
  ['application/vnd.amazon.eventstream', false],
  ['multipart/mixed; boundary=x', false],
  ['text/html', false],
  ['text/plain', false],
  ['image/svg+xml', false],
  ['', false],
];
for (const [type, isRead] of types) {
  test(`${type || 'no type'} is ${isRead ? 'read' : 'never read'}`, async () => {
    const { response, isTouched } = guarded(type);
    const f = createFetch({ policy: 'none', inspectOk: true, fetch: async () => response });
    assert.equal(await f('https://x.invalid/'), response);
    assert.deepEqual([isTouched(), failureOf(response) !== null, response.bodyUsed], [isRead, isRead, false]);
    assert.equal((await classifyResponse(response)) !== null, isRead);
    assert.equal(await response.text(), '{"ok":false}');
  });
}

test('a stream of events arrives as it is sent', async () => {
  const url = server.script([{ headers: { 'content-type': 'text/event-stream' }, body: ['data: 1\n\n', 400, 'data: 2\n\n'] }]);
  const began = performance.now();
  const response = await createFetch({ inspectOk: true })(url);
  assert.ok(performance.now() - began < 300);
  assert.equal(await response.text(), 'data: 1\n\ndata: 2\n\n');
});

test('aborted while the body is read: rejects at once with the reason, sends no more', async () => {
  const url = server.script([{ headers: { 'content-type': 'application/json' }, body: '{"ok":', fault: 'stall' }]);
  const controller = new AbortController();
  const reason = new Error('enough');
  const began = performance.now();
  setTimeout(() => controller.abort(reason), 150);
  const error = await createFetch({ inspectOk: true })(url, { method: 'POST', body: 'x', signal: controller.signal }).catch((cause) => cause);
  assert.equal(error, reason);
  assert.ok(performance.now() - began < 500);
  assert.deepEqual([explain(error)?.reason, explain(error)?.maybeApplied, server.requests(url).length], ['aborted', true, 1]);
  await sleep(20);
});

test('an abort after the answer ends the reading of a success, and nothing else happens', async () => {
  // Longer than a second, so that the copy is given up before its end.
  for (const readsFirst of [true, false]) {
    const url = server.script([{ headers: { 'content-type': 'application/json' }, body: ['{"a":', 1500, '1}'] }]);
    const controller = new AbortController();
    const response = await createFetch({ inspectOk: true })(url, { signal: controller.signal });
    const reading = readsFirst ? response.text() : null;
    controller.abort(new Error('enough'));
    await assert.rejects(reading ?? response.text());
    await sleep(50);
  }
});

test('a body that nobody will read is let go before the next send, with a signal, too', async () => {
  const url = server.script([{ status: 503, size: 64 * 1024 * 1024 }, SENT]);
  const response = await createFetch({ policy: QUICK, inspectOk: true })(url, { signal: new AbortController().signal });
  assert.equal(response.status, 200);
  assert.equal(await server.requests(url)[0]?.ended, 'broken');
});

test('HEAD, 204, 205 and what is no 2xx: nothing to read', async () => {
  const type = { 'content-type': 'application/json' };
  /** @type {[string, number][]} */
  const cases = [['HEAD', 200], ['GET', 204], ['GET', 205], ['GET', 304]];
  for (const [method, status] of cases) {
    const { outcome, story, sends } = await call([{ status, headers: type }], { method });
    assert.deepEqual([outcome.status, story?.reason, sends], [status, 'success', 1]);
    assert.equal(await outcome.text(), '');
  }
  const opaque = Response.error();
  assert.equal(await createFetch({ inspectOk: true, fetch: async () => opaque })('https://x.invalid/'), opaque);
});

test('what only headers say is seen, whatever the body', async () => {
  const { outcome, sends } = await call([{ headers: { 'content-type': 'application/grpc', 'grpc-status': '16', 'grpc-message': 'no%20token' } }]);
  assert.deepEqual([sends, failureOf(outcome)?.kind, failureOf(outcome)?.message], [1, 'unauthenticated', 'no token']);
});

test('without it a success is not read, and an error inside it is not noticed', async () => {
  for (const options of [{}, { inspectOk: false }, { inspectOk: undefined }]) {
    const { response, isTouched } = guarded('application/json');
    const result = await createFetch({ fetch: async () => response, ...options })('https://x.invalid/');
    assert.deepEqual([result === response, isTouched(), failureOf(result), explain(result)?.reason], [true, false, null, 'success']);
  }
});

test('for one call', async () => {
  const url = server.script([REFUSED]);
  const f = createFetch({ policy: QUICK });
  assert.equal(failureOf(await f(url)), null);
  assert.equal(failureOf(await f(url, { reprieve: { inspectOk: true } }))?.code, 'invalid_auth');
  const inspecting = createFetch({ policy: QUICK, inspectOk: true });
  assert.equal(failureOf(await inspecting(url, { reprieve: { inspectOk: false } })), null);
  assert.equal(failureOf(await inspecting(url, { reprieve: { policy: 'none' } }))?.code, 'invalid_auth');
});

test('anything but true and false does not load', async () => {
  for (const wrong of [1, 'yes', null, {}]) {
    const options = /** @type {any} */ ({ inspectOk: wrong });
    for (const load of [async () => createFetch(options), () => createFetch()('https://x.invalid/', { reprieve: options })]) {
      await assert.rejects(load, (error) => error instanceof OptionsError && error.pointer === '/inspectOk' && error.reason === 'expected true or false');
    }
  }
});

test('the failures of others: a 404 and a 503 are as they were', async () => {
  const { outcome, story, sends } = await call([{ status: 503 }, { status: 404, headers: { 'content-type': 'text/plain' }, body: 'nothing here' }]);
  assert.deepEqual([sends, outcome.status, story?.failure?.kind, story?.failure?.message], [2, 404, 'not_found', 'nothing here']);
});

test('a dialect of one’s own makes a word on a 200 an error', async () => {
  const own = { id: 'maps', match: [{ body: { '/state': 'string' } }], code: ['/state'], kinds: { rate_limited: ['OVER_LIMIT'] } };
  const { story, sends } = await call([ok({ state: 'OVER_LIMIT' }), ok({ state: 'OK' })], {}, { dialects: [own] });
  assert.deepEqual([sends, story?.reason, story?.attempts[0]?.failure?.dialect], [2, 'success', 'maps']);
});

test('an error inside a success takes from the budget and gives nothing to it', async () => {
  const url = server.script([LIMITED]);
  const f = createFetch({ policy: { ...QUICK, maxAttempts: 100 }, inspectOk: true });
  assert.equal(explain(await f(url))?.reason, 'budget_exhausted');
  assert.equal(server.requests(url).length, 7);
});
