// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { classify, classifyResponse, createFetch, explain, failureOf } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK } from './policies.mjs';

const server = await startServer();
after(() => server.close());

const MIB = 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };
const ERROR = '{"error":{"code":"busy","message":"Hold on"}}';

test('a huge error body before a retry is dropped after about 64 KiB', async () => {
  const url = server.script([{ status: 503, size: 64 * MIB }, { body: 'ok' }]);
  const began = performance.now();
  const response = await createFetch({ policy: QUICK })(url);
  assert.equal(await response.text(), 'ok');
  assert.ok(performance.now() - began < 1000);
  const [first] = server.requests(url);
  assert.equal(await first?.ended, 'broken');
  assert.ok((first?.taken ?? 0) < MIB, `${first?.taken}`);
});

test('a huge final error body stays whole', async () => {
  const url = server.script([{ status: 400, body: ERROR, size: 3 * MIB }]);
  const response = await createFetch({ policy: QUICK })(url);
  assert.equal(failureOf(response)?.kind, 'invalid_request');
  const text = await response.text();
  assert.equal(text.length, ERROR.length + 3 * MIB);
  assert.ok(text.startsWith(ERROR));
});

test('a stalled error body: given up after about a second, the status decides', async () => {
  const url = server.script([{ status: 503, headers: JSON_TYPE, body: '{"err', fault: 'stall' }, { body: 'ok' }]);
  const began = performance.now();
  const response = await createFetch({ policy: QUICK })(url);
  const took = performance.now() - began;
  assert.equal(await response.text(), 'ok');
  assert.ok(took > 800 && took < 2500, `${took}`);
  assert.equal(explain(response)?.attempts[0]?.failure?.kind, 'unavailable');
  assert.equal(await server.requests(url)[0]?.ended, 'broken');
});

test('a stalled final error body: the Response comes, and can still be read as far as it goes', async () => {
  const controller = new AbortController();
  const url = server.script([{ status: 404, body: 'half', fault: 'stall' }]);
  const began = performance.now();
  const response = await createFetch({ policy: QUICK })(url, { signal: controller.signal });
  const took = performance.now() - began;
  assert.ok(took > 800 && took < 2500, `${took}`);
  assert.equal(failureOf(response)?.kind, 'not_found');
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), 'half');
  controller.abort();
  await assert.rejects(reader.read(), { name: 'AbortError' });
});

test('a success is never waited for: its body may stall', async () => {
  const began = performance.now();
  const response = await createFetch()(server.script([{ body: 'half', fault: 'stall' }]));
  assert.ok(performance.now() - began < 300);
  await response.body?.cancel();
});

test('a body that dribbles in within a second is read whole', async () => {
  const url = server.script([{ status: 503, body: ['{"error":{"code":', 150, '"bu', 150, 'sy","message":"Hold on"}}'] }]);
  const response = await createFetch({ policy: 'none' })(url);
  assert.equal(failureOf(response)?.code, 'busy');
  assert.deepEqual(await response.json(), JSON.parse(ERROR));
});

/** @type {[string, string | Uint8Array][]} */
const bodies = [
  ['empty', ''],
  ['white space', ' \n\t '],
  ['not JSON', 'Service Unavailable'],
  ['HTML', '<!doctype html><title>503 Service Unavailable</title>'],
  ['cut JSON', '{"error":{"code":"bu'],
  ['null', 'null'],
  ['a number', '1e999'],
  ['a text', '"busy"'],
  ['a list', '[[],[]]'],
  ['invalid UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0x22, 0x3a, 0x31, 0x7d])],
  ['zeros', new Uint8Array(1000)],
  ['a BOM', Buffer.from('\ufeff{}')],
  ['lone surrogates', '{"error":{"\\ud800":"\\udfff"}}'],
  ['10,000 lists deep', '['.repeat(10_000) + ']'.repeat(10_000)],
  ['30,000 lists deep, never closed', '['.repeat(30_000)],
  ['10,000 objects deep', `${'{"error":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ['10,000 elements deep', `${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}`],
  ['__proto__', '{"__proto__":{"polluted":1,"kind":"x"},"constructor":{"prototype":{"polluted":1}}}'],
  ['64 KiB of one number', '9'.repeat(65_536)],
  ['many members', `{${Array.from({ length: 5000 }, (_, index) => `"k${index}":${index}`).join(',')}}`],
];
for (const [name, body] of bodies) {
  test(`hostile body: ${name}`, async () => {
    for (const headers of [JSON_TYPE, { 'content-type': 'application/problem+json' }, { 'content-type': 'text/html' }, {}]) {
      const url = server.script([{ status: 503, headers, body }, { status: 404, headers, body }]);
      const response = await createFetch({ policy: QUICK, dialects: { [server.origin]: 'rooom' } })(url, { reprieve: { policy: 'none' } });
      assert.equal(failureOf(response)?.kind, 'unavailable');
      const plain = await createFetch({ policy: QUICK })(url);
      assert.equal(failureOf(plain)?.kind, 'not_found');
      assert.deepEqual(Buffer.from(await plain.arrayBuffer()), Buffer.from(body));
      for (const form of [body, Buffer.from(body), new Uint8Array(Buffer.from(body)).buffer]) {
        const failure = classify({ status: 503, headers, body: form });
        assert.equal(failure?.kind, 'unavailable');
        assert.equal(Object.getPrototypeOf(failure), Object.prototype);
        assert.equal(Object.getPrototypeOf(failure?.advice), Object.prototype);
      }
    }
    assert.equal(/** @type {any} */ ({}).polluted, undefined);
    assert.equal(classify({ status: 400, body: ERROR })?.code, 'busy');
  });
}

test('lone surrogates in what is shown become U+FFFD', () => {
  for (const body of ['{"error":{"code":"a\\ud800","message":"b\\udfff"}}', '{"error":{"code":"a\ud800","message":"b\udfff"}}']) {
    const failure = classify({ status: 400, body });
    assert.deepEqual([failure?.code, failure?.message], ['a\ufffd', 'b\ufffd']);
  }
});

test('a parsed body, as deep as JSON.parse makes it', () => {
  for (const depth of [1000, 10_000, 100_000]) {
    const body = JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    assert.equal(classify({ status: 503, body })?.kind, 'unavailable');
  }
});

test('a parsed body with __proto__ as a member', () => {
  const body = JSON.parse('{"__proto__":{"polluted":1},"error":{"code":"__proto__","message":"m"}}');
  const failure = classify({ status: 400, body });
  assert.deepEqual([failure?.code, failure?.message], ['__proto__', 'm']);
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});

test('a field named __proto__ is only a text', () => {
  const body = '{"type":"https://x.example/p","title":"t","errors":[{"pointer":"__proto__","detail":"d"}]}';
  const failure = classify({ status: 400, headers: { 'content-type': 'application/problem+json' }, body });
  assert.deepEqual(failure?.fields, [{ path: '__proto__', message: 'd', code: null }]);
});

test('a link that is no link to documentation is left out', () => {
  for (const link of ['javascript:alert(1)', 'data:text/html,x', '//x.example', 'x', ' javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\\nscript:alert(1)', 'ftp://x.example/']) {
    const body = `{"error":{"type":"api_error","message":"m","more_info":"${link}"}}`;
    assert.equal(classify({ status: 500, body, url: 'https://api.rootplatform.com/' })?.docsUrl, null);
  }
});

test('hostile headers', () => {
  for (const value of ['', ' ', '-1', '1e9', '0x10', 'Infinity', 'NaN', '١٢', '9'.repeat(400), `${'1,'.repeat(5000)}1`, 'Fri, 31 Feb 2027 00:00:00 GMT', '\u0000', '1\r\nx: y', '\ud800']) {
    const failure = classify({ status: 503, headers: { 'retry-after': value, 'content-type': value, date: value, 'x-should-retry': value, 'x-request-id': value } });
    assert.equal(failure?.kind, 'unavailable');
    const delay = failure.retryAfterMs;
    assert.ok(delay === null || (Number.isSafeInteger(delay) && delay >= 0), `${value}: ${delay}`);
  }
  const headers = JSON.parse('{"__proto__":"x","constructor":"y","retry-after":"3"}');
  assert.equal(classify({ status: 503, headers })?.retryAfterMs, 3000);
});

test('classifyResponse: huge and stalled bodies', async () => {
  const url = server.script([{ status: 500, size: 64 * MIB }]);
  const huge = await fetch(url);
  assert.equal((await classifyResponse(huge))?.kind, 'server_error');
  await huge.body?.cancel();
  assert.equal(await server.requests(url)[0]?.ended, 'broken');
  assert.ok((server.requests(url)[0]?.taken ?? 0) < 2 * MIB);
  const stalled = await fetch(server.script([{ status: 500, body: 'half', fault: 'stall' }]));
  const began = performance.now();
  assert.equal((await classifyResponse(stalled))?.kind, 'server_error');
  assert.ok(performance.now() - began < 2500);
  await stalled.body?.cancel();
});

test('memory stays bounded: the core frees nothing, so its instances have to be replaced', () => {
  const body = `[${'[],'.repeat(21_000)}1]`;
  const before = process.memoryUsage().rss;
  let most = 0;
  for (let call = 0; call < 1500; call += 1) {
    assert.equal(classify({ status: 500, body })?.kind, 'server_error');
    most = Math.max(most, process.memoryUsage().rss);
  }
  // Without replacement each call would keep about a megabyte.
  assert.ok(most - before < 300 * MIB, `${Math.round((most - before) / MIB)} MiB more`);
});
