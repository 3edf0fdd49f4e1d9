// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createFetch, explain } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK } from './policies.mjs';

const server = await startServer();
after(() => server.close());

const BYTES = Uint8Array.from({ length: 256 }, (_, index) => index);
const TWICE = [{ status: 503 }, { body: 'ok' }];

/** Two sends of the same body; gives both as text of one byte a character, with their content type. */
async function replay(/** @type {RequestInit} */ init) {
  const url = server.script(TWICE);
  const response = await createFetch({ policy: QUICK })(url, { method: 'PUT', ...init });
  assert.equal(await response.text(), 'ok');
  const seen = server.requests(url).map(({ bytes, headers }) => ({ text: bytes.toString('latin1'), type: headers['content-type'], length: headers['content-length'] }));
  assert.equal(seen.length, 2);
  return seen;
}

/** @type {[string, () => any, string, string | undefined][]} */
const replayable = [
  ['string', () => 'tëxt', Buffer.from('tëxt').toString('latin1'), 'text/plain;charset=UTF-8'],
  ['empty string', () => '', '', 'text/plain;charset=UTF-8'],
  ['Blob', () => new Blob([BYTES], { type: 'image/x' }), Buffer.from(BYTES).toString('latin1'), 'image/x'],
  ['ArrayBuffer', () => BYTES.slice().buffer, Buffer.from(BYTES).toString('latin1'), undefined],
  ['typed array over a part of its buffer', () => new Uint16Array(BYTES.slice().buffer, 2, 3), '\x02\x03\x04\x05\x06\x07', undefined],
  ['DataView', () => new DataView(BYTES.slice().buffer, 1, 2), '\x01\x02', undefined],
  ['Buffer', () => Buffer.from('buffer'), 'buffer', undefined],
  ['URLSearchParams', () => new URLSearchParams({ a: '1 2', b: 'ä' }), 'a=1+2&b=%C3%A4', 'application/x-www-form-urlencoded;charset=UTF-8'],
  ['an object with toString, as fetch takes it', () => new URL('https://x.example/'), 'https://x.example/', 'text/plain;charset=UTF-8'],
];
for (const [name, make, text, type] of replayable) {
  test(`replayed: ${name}`, async () => {
    for (const seen of await replay({ body: make() })) assert.deepEqual(seen, { text, type, length: String(text.length) });
  });
}

test('replayed: FormData, but for its boundary', async () => {
  const form = new FormData();
  form.append('name', 'wért');
  form.append('file', new File([BYTES], 'a "b".bin', { type: 'x/y' }));
  const [first, second] = (await replay({ body: form })).map(({ text, type = '' }) => text.replaceAll(type.split('boundary=')[1] ?? '?', 'BOUNDARY'));
  assert.equal(first, second);
  assert.ok(first?.includes('BOUNDARY--') && first.includes(Buffer.from(BYTES).toString('latin1')));
});

test('a body without a retry costs one send and stays itself', async () => {
  const url = server.script([{}]);
  await createFetch()(url, { method: 'POST', body: JSON.stringify({ a: 1 }), headers: { 'content-type': 'application/json' } });
  assert.deepEqual(server.requests(url).map(({ body, headers }) => [body, headers['content-type']]), [['{"a":1}', 'application/json']]);
});

const stream = () => new ReadableStream({
  start(controller) {
    controller.enqueue(new TextEncoder().encode('a stre'));
    controller.enqueue(new TextEncoder().encode('am'));
    controller.close();
  },
});
async function* generate() {
  yield new TextEncoder().encode('a stream');
}

test('one-shot: a ReadableStream or an async iterable is sent once, whole, and the reason is told', async () => {
  for (const body of [stream(), generate()]) {
    const url = server.script(TWICE);
    const response = await createFetch({ policy: QUICK })(url, /** @type {any} */ ({ method: 'PUT', body, duplex: 'half' }));
    assert.deepEqual([response.status, explain(response)?.reason], [503, 'body_not_replayable']);
    assert.deepEqual(server.requests(url).map((request) => request.body), ['a stream']);
  }
});

test('a function makes the body, anew for each send, and only then', async () => {
  const f = createFetch({ policy: QUICK });
  /** @type {[() => any, string][]} */
  const makers = [[stream, 'a stream'], [async () => stream(), 'a stream'], [() => 'text', 'text'], [() => new URLSearchParams({ a: 'b' }), 'a=b'], [() => null, '']];
  for (const [make, expected] of makers) {
    const url = server.script(TWICE);
    let calls = 0;
    const response = await f(url, { method: 'PUT', body: () => ((calls += 1), make()) });
    assert.deepEqual([await response.text(), calls, server.requests(url).map(({ body }) => body)], ['ok', 2, [expected, expected]]);
  }
  const url = server.script([{}]);
  await f(url, { method: 'PUT', body: stream, reprieve: false });
  assert.equal(server.requests(url)[0]?.body, 'a stream');
});

test('a function that fails to make the body ends the call with its error', async () => {
  for (const options of [{ policy: QUICK }, { policy: QUICK, attemptTimeoutMs: 5000 }]) {
    const oops = new Error('no such file');
    for (const make of [() => { throw oops; }, async () => { throw oops; }]) {
      const url = server.script([{}]);
      const error = await createFetch(options)(url, { method: 'PUT', body: make }).catch((/** @type {unknown} */ cause) => cause);
      assert.deepEqual([error === oops, explain(error)?.reason, server.requests(url).length], [true, 'not_transient', 0]);
    }
  }
  const url = server.script(TWICE);
  let calls = 0;
  const make = () => { if ((calls += 1) === 2) throw new Error('gone'); return 'x'; };
  const error = await createFetch({ policy: QUICK })(url, { method: 'PUT', body: make }).catch((/** @type {unknown} */ cause) => cause);
  assert.deepEqual([explain(error)?.maybeApplied, server.requests(url).length], [true, 1]);
});

test('a function that never makes the body: a limit and an abort end it', async () => {
  const url = server.script([{}]);
  /** @type {() => Promise<BodyInit>} */
  const never = () => new Promise(() => {});
  await assert.rejects(createFetch({ policy: 'none', attemptTimeoutMs: 50 })(url, { method: 'PUT', body: never }), { name: 'TimeoutError' });
  const reason = new Error('enough');
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 30);
  await assert.rejects(createFetch()(url, { method: 'PUT', body: never, signal: controller.signal }), (error) => error === reason);
  assert.equal(server.requests(url).length, 0);
});

test('a Request whose key goes into the query keeps its attributes and its body', async () => {
  const url = server.script([{ status: 503, headers: { 'retry-after': '0' } }, { body: 'ok' }]);
  const request = new Request(url, { method: 'POST', body: BYTES, headers: { 'x-a': 'b', 'content-type': 'x/y' }, redirect: 'manual', credentials: 'include', integrity: 'sha256-x', referrerPolicy: 'origin', cache: 'no-cache' });
  /** @type {Request[]} */
  const sent = [];
  const f = createFetch({
    policy: QUICK, dialects: { [server.origin]: 'root' }, idempotencyKey: 'k 1',
    fetch: (input, init) => (sent.push(/** @type {Request} */ (input).clone()), fetch(new Request(input, { integrity: '' }), init)),
  });
  assert.equal(await (await f(request)).text(), 'ok');
  assert.equal(sent.length, 2);
  for (const one of sent) {
    for (const name of /** @type {const} */ (['method', 'redirect', 'credentials', 'integrity', 'referrerPolicy', 'cache', 'mode'])) assert.equal(one[name], request[name], name);
    assert.equal(one.url, `${url}?idempotency_key=k%201`);
  }
  const seen = server.requests(url).map(({ bytes, headers }) => [bytes.compare(BYTES), headers['x-a'], headers['content-type']]);
  assert.deepEqual(seen, Array(2).fill([0, 'b', 'x/y']));
});

test('one-shot: a 400 is a 400, and a POST that was refused cannot be sent again', async () => {
  const f = createFetch({ policy: QUICK });
  /** @type {[number, string][]} */
  const cases = [[400, 'not_transient'], [429, 'body_not_replayable']];
  for (const [status, reason] of cases) {
    const url = server.script([{ status }, {}]);
    const response = await f(url, /** @type {any} */ ({ method: 'POST', body: stream(), duplex: 'half' }));
    assert.deepEqual([explain(response)?.reason, server.requests(url).length], [reason, 1]);
  }
});

test('a Request without a body: sent again, and usable afterwards as with fetch', async () => {
  const url = server.script([...TWICE, { body: 'again' }]);
  const request = new Request(url, { headers: { 'x-a': 'b' } });
  const f = createFetch({ policy: QUICK });
  assert.equal(await (await f(request)).text(), 'ok');
  assert.equal(request.bodyUsed, false);
  assert.equal(await (await f(request)).text(), 'again');
  assert.deepEqual(server.requests(url).map(({ headers }) => headers['x-a']), ['b', 'b', 'b']);
});

test('a Request with a body: sent again with the same body', async () => {
  for (const body of ['text', BYTES, new Blob([BYTES])]) {
    const url = server.script([{ status: 503 }, { status: 502 }, { body: 'ok' }]);
    const request = new Request(url, { method: 'PUT', body, headers: { 'content-type': 'x/y' } });
    const response = await createFetch({ policy: QUICK })(request);
    assert.equal(await response.text(), 'ok');
    const expected = Buffer.from(await new Response(body).arrayBuffer()).toString('latin1');
    assert.deepEqual(server.requests(url).map(({ bytes, headers }) => [bytes.toString('latin1'), headers['content-type']]), Array(3).fill([expected, 'x/y']));
  }
});

test("the caller's Request is afterwards either used, as fetch leaves it, or whole", async () => {
  for (const steps of [[{ body: 'ok' }], TWICE, [{ status: 400 }]]) {
    const request = new Request(server.script(steps), { method: 'PUT', body: 'text' });
    const before = request.clone();
    await createFetch({ policy: QUICK })(request);
    if (request.bodyUsed) await assert.rejects(createFetch({ policy: QUICK })(request), TypeError);
    else assert.equal(await request.text(), 'text');
    assert.equal(await before.text(), 'text');
  }
});

test('attributes of a Request survive the retry', async () => {
  const target = server.script([{}]);
  const url = server.script([{ status: 503 }, { status: 307, headers: { location: target } }]);
  const response = await createFetch({ policy: QUICK })(new Request(url, { method: 'PUT', body: 'x', redirect: 'manual' }));
  assert.deepEqual([response.status, server.requests(target).length], [307, 0]);
});

test('an init over a Request: its body and headers win on every attempt', async () => {
  const url = server.script(TWICE);
  await createFetch({ policy: QUICK })(new Request(url, { method: 'PUT', body: 'old' }), { body: 'new', headers: { 'x-a': 'b' } });
  assert.deepEqual(server.requests(url).map(({ body, headers }) => [body, headers['x-a']]), [['new', 'b'], ['new', 'b']]);
});

test('an init object that the caller changes during the wait changes nothing', async () => {
  const url = server.script([{ status: 503, headers: { 'retry-after': '1' } }, {}]);
  /** @type {any} */
  const init = { method: 'PUT', body: 'first', headers: { 'x-a': 'first' } };
  const call = createFetch({ policy: QUICK })(url, init);
  setTimeout(() => {
    Object.assign(init, { method: 'DELETE', body: 'second' });
    init.headers['x-a'] = 'second';
  }, 200);
  await call;
  assert.deepEqual(server.requests(url).map(({ method, body, headers }) => [method, body, headers['x-a']]), Array(2).fill(['PUT', 'first', 'first']));
});
