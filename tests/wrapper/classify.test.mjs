// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify, classifyResponse } from '../../pkg/dist/index.js';

const ERROR = { error: { code: 'busy', message: 'Hold on' } };
const TEXT = JSON.stringify(ERROR);
const BYTES = new TextEncoder().encode(TEXT);
const padded = new Uint8Array(BYTES.length + 20);
padded.set(BYTES, 7);

/** @type {[string, any][]} */
const bodies = [
  ['text', TEXT],
  ['bytes', BYTES],
  ['an ArrayBuffer', BYTES.slice().buffer],
  ['a Buffer', Buffer.from(TEXT)],
  ['a part of a larger buffer', padded.subarray(7, 7 + BYTES.length)],
  ['a DataView', new DataView(padded.buffer, 7, BYTES.length)],
  ['parsed JSON', ERROR],
];
for (const [name, body] of bodies) {
  test(`a body as ${name}`, () => {
    const failure = classify({ status: 503, body });
    assert.deepEqual([failure?.code, failure?.message, failure?.kind], ['busy', 'Hold on', 'unavailable']);
  });
}

test('a body that is absent', () => {
  for (const body of [undefined, null, '', new Uint8Array()]) assert.equal(classify({ status: 503, body })?.message, null);
});

test('the body given is left as it was', () => {
  const parsed = structuredClone(ERROR);
  classify({ status: 503, body: parsed });
  assert.deepEqual(parsed, ERROR);
  const bytes = BYTES.slice();
  classify({ status: 503, body: bytes });
  assert.deepEqual(bytes, BYTES);
});

/** @type {[string, any][]} */
const headers = [
  ['Headers', new Headers({ 'Retry-After': '7', 'X-Request-Id': 'r1' })],
  ['a plain object', { 'Retry-After': '7', 'X-Request-Id': 'r1' }],
  ['lower case', { 'retry-after': '7', 'x-request-id': 'r1' }],
  ['upper case', { 'RETRY-AFTER': '7', 'X-REQUEST-ID': 'r1' }],
  ['numbers and lists', { 'retry-after': 7, 'x-request-id': ['r1'] }],
  ['with gaps', { 'retry-after': '7', 'x-request-id': 'r1', 'x-none': undefined, 'x-null': null }],
  ['pairs', [['Retry-After', '7'], ['X-Request-Id', 'r1']]],
  ['a Map', new Map([['Retry-After', '7'], ['X-Request-Id', 'r1']])],
  ['a generator', (function* () { yield ['Retry-After', '7']; yield ['X-Request-Id', 'r1']; })()],
];
for (const [name, given] of headers) {
  test(`headers as ${name}`, () => {
    const failure = classify({ status: 503, headers: given });
    assert.deepEqual([failure?.retryAfterMs, failure?.requestId], [7000, 'r1']);
  });
}

test('only the first 64 KiB are read', () => {
  const within = `{"error":{"code":"busy","message":"Hold on"},"pad":"${'x'.repeat(60_000)}"}`;
  assert.equal(classify({ status: 503, body: within })?.code, 'busy');
  const beyond = `{"pad":"${'x'.repeat(66_000)}","error":{"code":"busy","message":"Hold on"}}`;
  for (const body of [beyond, new TextEncoder().encode(beyond), JSON.parse(beyond)]) assert.equal(classify({ status: 503, body })?.code, null);
});

test('nothing failed: null', () => {
  for (const status of [200, 201, 202, 204, 206, 301, 302, 304, 307, 308]) {
    assert.equal(classify({ status, body: '{"busy":true,"errors":[]}' }), null);
  }
  for (const status of [301, 302, 304, 307, 308]) assert.equal(classify({ status, body: TEXT }), null);
});

test('an error inside a success is a failure', async () => {
  for (const status of [200, 201, 202, 206, 299]) {
    const failure = classify({ status, body: TEXT });
    assert.deepEqual([failure?.status, failure?.code, failure?.message], [status, 'busy', 'Hold on']);
  }
  const response = new Response(TEXT, { headers: { 'content-type': 'application/json' } });
  assert.equal((await classifyResponse(response))?.code, 'busy');
  assert.deepEqual(await response.json(), ERROR);
});

test('any number as a status', () => {
  for (const status of [0, 1, 99, 399.5, 400.5, 600, 999, 1000, 65_536, 2 ** 32 + 500, -1, -500, Number.NaN, Infinity]) {
    const failure = classify({ status, body: TEXT });
    assert.ok(failure === null || failure.status === null || failure.status >= 400, `${status}`);
  }
  assert.equal(classify({ status: 599 })?.status, 599);
});

test('dates are read against nowMs', () => {
  const response = { status: 503, headers: { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' } };
  assert.equal(classify(response, { nowMs: 784_111_777_000 - 5000 })?.retryAfterMs, 5000);
  assert.equal(classify(response)?.retryAfterMs, 0);
  for (const form of ['Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994']) {
    assert.equal(classify({ status: 503, headers: { 'retry-after': form } }, { nowMs: 784_111_777_000 - 5000 })?.retryAfterMs, 5000);
  }
});

test('the host tells the API', () => {
  assert.equal(classify({ status: 400, body: TEXT, url: 'https://api.rooom.com/x?y' })?.dialect, 'rooom');
  assert.equal(classify({ status: 400, body: TEXT, url: 'https://API.ROOOM.COM/' })?.dialect, 'rooom');
  for (const url of ['https://api.rooom.com.evil.example/', 'https://evil.example/api.rooom.com', 'https://api.rooom.com@evil.example/', 'https://notapi.rooom.com.example/', '', 'not a url', '/relative']) {
    assert.equal(classify({ status: 400, body: TEXT, url })?.dialect, null, url);
  }
});

test('a Response given by mistake is classified by what can be seen at once', () => {
  const failure = classify(/** @type {any} */ (new Response('x', { status: 503, headers: { 'retry-after': '7' } })));
  assert.deepEqual([failure?.kind, failure?.retryAfterMs], ['unavailable', 7000]);
});

test('classifyResponse leaves the Response readable', async () => {
  const response = new Response(TEXT, { status: 503, headers: { 'retry-after': '7' } });
  const failure = await classifyResponse(response);
  assert.deepEqual([failure?.code, failure?.retryAfterMs, response.bodyUsed], ['busy', 7000, false]);
  assert.deepEqual(await response.json(), ERROR);
});

test('classifyResponse of a success is null and touches nothing', async () => {
  const response = new Response('x');
  assert.equal(await classifyResponse(response), null);
  assert.equal(await response.text(), 'x');
});

test('classifyResponse of a Response that was read already, is locked, or has no body', async () => {
  const used = new Response(TEXT, { status: 503 });
  await used.text();
  const locked = new Response(TEXT, { status: 503 });
  locked.body?.getReader();
  for (const response of [used, locked, new Response(null, { status: 503 })]) {
    const failure = await classifyResponse(response);
    assert.deepEqual([failure?.kind, failure?.code], ['unavailable', null]);
  }
});

test('the same input gives the same verdict, in fresh objects', () => {
  const [first, second] = [classify({ status: 503, body: TEXT }), classify({ status: 503, body: TEXT })];
  assert.deepEqual(first, second);
  assert.notEqual(first, second);
  assert.notEqual(first?.advice.steps, second?.advice.steps);
});
