// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from './index.mjs';

const server = await startServer();
after(() => server.close());

test('plays a script, one step per request, and repeats the last', async () => {
  const url = server.script([{ status: 503, headers: { 'retry-after': '7' }, body: 'later' }, { body: ['o', 20, 'k'] }]);
  const first = await fetch(`${url}/a?b=c`, { method: 'POST', body: 'ö', headers: { 'x-y': 'z' } });
  assert.deepEqual([first.status, first.headers.get('retry-after'), await first.text()], [503, '7', 'later']);
  for (const _ of [1, 2]) assert.equal(await (await fetch(url)).text(), 'ok');
  const [seen] = server.requests(url);
  assert.deepEqual([seen?.method, seen?.url, seen?.headers['x-y'], seen?.body], ['POST', `${new URL(url).pathname}/a?b=c`, 'z', 'ö']);
  assert.equal(server.requests(url).length, 3);
});

test('resets before the headers', async () => {
  const url = server.script([{ fault: 'reset' }]);
  await assert.rejects(fetch(url), (/** @type {any} */ error) => error.name === 'TypeError' && error.cause.code === 'ECONNRESET');
  assert.equal(server.requests(url).length, 1);
});

test('truncates a body', async () => {
  const response = await fetch(server.script([{ body: 'half', fault: 'truncate' }]));
  assert.equal(response.headers.get('content-length'), '1004');
  await assert.rejects(response.text(), TypeError);
});

test('cuts a chunked body, and breaks one with a reset', async () => {
  for (const fault of /** @type {const} */ (['cut', 'break'])) {
    const response = await fetch(server.script([{ body: ['half', 20], fault }]));
    assert.equal(response.headers.has('content-length'), fault === 'break');
    await assert.rejects(response.text(), TypeError);
  }
});

test('stalls: before the headers, and within a body', async () => {
  await assert.rejects(fetch(server.script([{ fault: 'silence' }]), { signal: AbortSignal.timeout(150) }), { name: 'TimeoutError' });
  const response = await fetch(server.script([{ body: 'half', fault: 'stall' }]), { signal: AbortSignal.timeout(150) });
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), 'half');
  await assert.rejects(reader.read(), { name: 'TimeoutError' });
});

test('streams a huge body and knows how much was taken', async () => {
  const size = 64 * 1024 * 1024;
  const url = server.script([{ status: 500, size }]);
  const response = await fetch(url);
  await response.body?.cancel();
  assert.equal(await server.requests(url)[0]?.ended, 'broken');
  assert.ok((server.requests(url)[0]?.taken ?? size) < 4 * 1024 * 1024);
  const whole = await fetch(server.script([{ body: 'abc', size: 100_000 }]));
  assert.equal((await whole.text()).length, 100_003);
});

test('redirects', async () => {
  const target = server.script([{ body: 'there' }]);
  const response = await fetch(server.script([{ status: 307, headers: { location: target } }]));
  assert.deepEqual([response.redirected, response.url, await response.text()], [true, target, 'there']);
});

test('answers preflights without playing a step, and may leave the CORS headers out', async () => {
  const url = server.script([{ status: 500, cors: false }, { body: 'ok' }], { cors: { expose: ['retry-after'] } });
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-y' },
  });
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'x-y');
  assert.deepEqual([server.preflights(url), server.requests(url).length], [1, 0]);
  assert.equal((await fetch(url)).headers.get('access-control-allow-origin'), null);
  const open = await fetch(url);
  assert.deepEqual([open.headers.get('access-control-allow-origin'), open.headers.get('access-control-expose-headers')], ['*', 'retry-after']);
});
