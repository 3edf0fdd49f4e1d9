// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ApiError, createFetch, explain, failureOf } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK } from './policies.mjs';
import { record } from './recorder.mjs';

const server = await startServer();
after(() => server.close());

/**
 * @param {Promise<unknown>} call
 * @returns {Promise<ApiError>}
 */
async function apiError(call) {
  const error = await call.then(() => null, (cause) => cause);
  assert.ok(error instanceof ApiError && error instanceof Error, `${error}`);
  return error;
}

test('throwOnFailure: an ApiError with the whole story and a readable response', async () => {
  const url = server.script([{ status: 503 }, { status: 422, headers: { 'x-request-id': 'r-9' }, body: '{"error":{"code":"too_short","message":"Name is too short"}}' }]);
  const error = await apiError(createFetch({ policy: QUICK, throwOnFailure: true })(url));
  assert.equal(error.name, 'ApiError');
  assert.match(error.message, /422/);
  assert.deepEqual([error.failure.kind, error.failure.status, error.failure.code, error.failure.message, error.failure.requestId], ['invalid_request', 422, 'too_short', 'Name is too short', 'r-9']);
  assert.deepEqual([error.reason, error.retryAt, error.maybeApplied, error.cause], ['not_transient', null, false, undefined]);
  assert.equal('cause' in error, false);
  assert.deepEqual(error.attempts.map(({ status }) => status), [503, 422]);
  assert.ok(error.response instanceof Response);
  assert.deepEqual([error.response.bodyUsed, error.response.status], [false, 422]);
  assert.deepEqual(await error.response.json(), { error: { code: 'too_short', message: 'Name is too short' } });
  assert.deepEqual(failureOf(error), error.failure);
  assert.deepEqual(explain(error), { failure: error.failure, attempts: error.attempts, reason: error.reason, retryAt: error.retryAt, maybeApplied: error.maybeApplied, basis: error.basis, diagnosis: error.diagnosis });
});

test('a body that cannot be sent again: the error says what to change', async () => {
  const body = new ReadableStream({ start: (controller) => controller.close() });
  const init = /** @type {RequestInit} */ ({ method: 'PUT', body, duplex: 'half' });
  const error = await apiError(createFetch({ throwOnFailure: true })(server.script([{ status: 503 }]), init));
  assert.equal(error.reason, 'body_not_replayable');
  assert.match(error.message, /PUT http.*503 unavailable \(body_not_replayable\); a stream is sent once, unless `body` is a function that makes it$/);
});

test('throwOnFailure: successes and redirects resolve', async () => {
  const f = createFetch({ throwOnFailure: true });
  for (const status of [200, 204, 304]) assert.equal((await f(server.script([{ status }]))).status, status);
});

test('throwOnFailure: a lost connection is the cause', async () => {
  const log = record();
  const error = await apiError(createFetch({ fetch: log.fetch, policy: 'none', throwOnFailure: true })(server.script([{ fault: 'reset' }])));
  assert.equal(error.cause, log.errors[0]);
  assert.deepEqual([error.response, error.failure.kind, error.failure.status, error.reason], [null, 'network', null, 'attempts_exhausted']);
});

test('throwOnFailure: retryAt and maybeApplied', async () => {
  const f = createFetch({ policy: QUICK, throwOnFailure: true });
  const now = Date.now();
  const late = await apiError(f(server.script([{ status: 429, headers: { 'retry-after': '90' } }])));
  assert.equal(late.reason, 'retry_after_too_long');
  assert.ok(late.retryAt !== null && late.retryAt >= now + 90_000 && late.retryAt < now + 91_000);
  const write = await apiError(createFetch({ policy: QUICK, throwOnFailure: true })(server.script([{ status: 500 }]), { method: 'POST' }));
  assert.deepEqual([write.reason, write.maybeApplied], ['not_idempotent', true]);
});

test('a failure has a fixed shape and survives JSON', async () => {
  const response = await createFetch({ policy: 'none' })(server.script([{ status: 500 }]));
  const failure = failureOf(response);
  assert.ok(failure);
  assert.deepEqual(Object.keys(failure).sort(), ['advice', 'bucket', 'code', 'dialect', 'docsUrl', 'fields', 'kind', 'message', 'requestId', 'retryAfterFrom', 'retryAfterMs', 'shouldRetry', 'status', 'transient', 'transientFrom']);
  assert.deepEqual(Object.keys(failure.advice).sort(), ['maxAttempts', 'minDelayMs', 'savedUnderKey', 'steps']);
  assert.ok(failure.advice.steps.length > 0);
  for (const { id, text } of failure.advice.steps) assert.ok(/^[a-z_]+$/.test(id) && text.length > 5);
  assert.equal(Object.getPrototypeOf(failure), Object.prototype);
  assert.deepEqual(JSON.parse(JSON.stringify(failure)), failure);
  assert.deepEqual(structuredClone(failure), failure);
});

test('failureOf and explain give null for everything else', async () => {
  const plain = await fetch(server.script([{ status: 500 }]));
  for (const x of [undefined, null, 0, '', 'x', Symbol('x'), 1n, {}, [], () => {}, new Error('x'), Response.error(), plain, Object.freeze({})]) {
    assert.equal(failureOf(x), null);
    assert.equal(explain(x), null);
  }
});

test('a success on the first send is explained, too', async () => {
  const response = await createFetch()(server.script([{}]));
  assert.equal(failureOf(response), null);
  const story = explain(response);
  assert.deepEqual([story?.reason, story?.failure, story?.attempts.length, story?.attempts[0]?.status], ['success', null, 1, 200]);
});

test('calls do not mix: two at a time, each with its own story', async () => {
  const f = createFetch({ policy: QUICK });
  const [good, bad] = await Promise.all([f(server.script([{ status: 503 }, {}])), f(server.script([{ status: 404 }]))]);
  assert.deepEqual([explain(good)?.attempts.length, explain(bad)?.attempts.length, failureOf(bad)?.kind], [2, 1, 'not_found']);
});

test('the Request that went in tells the same story: a library may pass on nothing else', async () => {
  const request = new Request(server.script([{ status: 503 }]));
  assert.equal(explain(request), null);
  const response = await createFetch({ policy: QUICK })(request);
  assert.deepEqual(explain(request), explain(response));
  assert.equal(failureOf(request)?.kind, 'unavailable');
  const lost = new Request(server.script([{ fault: 'reset' }]));
  const error = await createFetch({ policy: QUICK })(lost).catch((caught) => caught);
  assert.deepEqual(explain(lost), explain(error));
});
