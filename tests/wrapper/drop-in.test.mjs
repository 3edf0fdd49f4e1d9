// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createFetch, explain, failureOf } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK } from './policies.mjs';
import { record } from './recorder.mjs';

const server = await startServer();
after(() => server.close());

test('a success is the very Response that fetch gave, unread', async () => {
  const log = record();
  const response = await createFetch({ fetch: log.fetch })(server.script([{ status: 201, headers: { 'x-a': 'b' }, body: 'made' }]));
  assert.equal(response, log.responses[0]);
  assert.equal(response.bodyUsed, false);
  assert.equal(log.sent.length, 1);
  assert.deepEqual([response.status, response.headers.get('x-a'), await response.text()], [201, 'b', 'made']);
});

test('a success after a retry is the very Response as well', async () => {
  const log = record();
  const url = server.script([{ status: 503, body: 'later' }, { body: 'now' }]);
  const response = await createFetch({ fetch: log.fetch, policy: QUICK })(url);
  assert.equal(response, log.responses[1]);
  assert.equal(await response.text(), 'now');
});

test('redirects and 304 pass as they are, sent once', async () => {
  const f = createFetch({ policy: QUICK });
  const target = server.script([{ body: 'there' }]);
  const followed = await f(server.script([{ status: 302, headers: { location: target } }]));
  assert.deepEqual([followed.url, followed.redirected, await followed.text()], [target, true, 'there']);
  for (const status of [204, 206, 304]) {
    const url = server.script([{ status }]);
    const response = await f(url);
    assert.deepEqual([response.status, failureOf(response), server.requests(url).length], [status, null, 1]);
  }
  const manual = server.script([{ status: 307, headers: { location: target } }]);
  assert.equal((await f(manual, { redirect: 'manual' })).status, 307);
});

test('the final failed Response is whole: status, text, headers, url, body', async () => {
  const target = server.script([{ status: 404, headers: { 'content-type': 'application/json', 'x-a': 'b' }, body: '{"error":{"code":"gone","message":"No such book"}}' }]);
  const response = await createFetch({ policy: QUICK })(server.script([{ status: 302, headers: { location: `${target}?q=1` } }]));
  assert.ok(response instanceof Response);
  assert.deepEqual(
    [response.status, response.ok, response.statusText, response.headers.get('x-a'), response.url, response.redirected, response.type, response.bodyUsed],
    [404, false, 'Not Found', 'b', `${target}?q=1`, true, 'basic', false],
  );
  const copy = response.clone();
  assert.deepEqual(await response.json(), { error: { code: 'gone', message: 'No such book' } });
  assert.equal((await copy.arrayBuffer()).byteLength, 50);
});

test('the final failed body can be read as a stream, and binary stays binary', async () => {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256);
  const response = await createFetch({ policy: QUICK })(server.script([{ status: 400, body: bytes }]));
  const chunks = [];
  for await (const chunk of /** @type {any} */ (response.body)) chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).compare(bytes), 0);
});

test('a failure without a body', async () => {
  const f = createFetch({ policy: 'none' });
  const empty = await f(server.script([{ status: 500 }]));
  assert.deepEqual([await empty.text(), failureOf(empty)?.kind], ['', 'server_error']);
  const head = await f(server.script([{ status: 404, body: 'x' }]), { method: 'HEAD' });
  assert.deepEqual([await head.text(), failureOf(head)?.kind], ['', 'not_found']);
});

test('takes what fetch takes: a URL object, a Request, an init', async () => {
  const f = createFetch();
  const url = server.script([{ body: 'ok' }]);
  await f(new URL(`${url}?a=1`));
  await f(new Request(url, { method: 'PUT', body: 'x', headers: { 'x-a': '1' } }), { headers: { 'x-b': '2' } });
  await f(url, { method: 'POST', body: 'y' });
  const seen = server.requests(url);
  assert.deepEqual(seen.map(({ method, body }) => [method, body]), [['GET', ''], ['PUT', 'x'], ['POST', 'y']]);
  assert.equal(seen[0]?.url, `${new URL(url).pathname}?a=1`);
  assert.deepEqual([seen[1]?.headers['x-a'], seen[1]?.headers['x-b']], [undefined, '2']);
});

/** @type {[string, (url: string) => Promise<[any, any?]>][]} */
const refused = [
  ['a URL that is none', async () => ['http://[']],
  ['a URL with credentials', async (url) => [url.replace('//', '//me:pw@')]],
  ['a GET with a body', async (url) => [url, { method: 'GET', body: 'x' }]],
  ['a forbidden method', async (url) => [url, { method: 'TRACE' }]],
  ['a malformed header', async (url) => [url, { headers: { 'bad name': 'x' } }]],
  ['a Request whose body is gone', async (url) => {
    const request = new Request(url, { method: 'PUT', body: 'x' });
    await request.text();
    return [request];
  }],
];
for (const [name, make] of refused) {
  test(`what fetch refuses is refused likewise, at once, as a rejection: ${name}`, async () => {
    const url = server.script([{}]);
    const [input, init] = await make(url);
    const plain = await fetch(input, init).catch((/** @type {unknown} */ error) => error);
    const began = performance.now();
    const promise = createFetch({ policy: QUICK })(input, init);
    assert.ok(promise instanceof Promise);
    await assert.rejects(promise, (/** @type {any} */ error) => error instanceof TypeError && error.message === /** @type {Error} */ (plain).message);
    assert.ok(performance.now() - began < 400, 'waited and sent it again');
    assert.equal(server.requests(url).length, 0);
  });
}

test('no argument at all is refused as a rejection', async () => {
  await assert.rejects(/** @type {any} */ (createFetch())(), TypeError);
});

test('globalThis.fetch is looked up at each call', async () => {
  const f = createFetch();
  const original = globalThis.fetch;
  const given = new Response('mine');
  globalThis.fetch = async () => given;
  try {
    assert.equal(await f('https://anything.invalid/'), given);
  } finally {
    globalThis.fetch = original;
  }
});

test('whatever the fetch underneath throws or rejects with comes out unchanged', async () => {
  const thrown = new RangeError('odd');
  /** @type {(() => Promise<Response>)[]} */
  const underneath = [() => Promise.reject(thrown), () => { throw thrown; }];
  for (const fetch of underneath) await assert.rejects(createFetch({ fetch, policy: 'none' })('https://x.invalid/'), (error) => error === thrown);
  const plain = await createFetch({ fetch: () => Promise.reject('text'), policy: 'none' })('https://x.invalid/').then(() => 'resolved', (error) => error);
  assert.equal(plain, 'text');
});

test('with a signal the body of the final Response can be aborted, as with fetch', async () => {
  const f = createFetch({ policy: QUICK });
  const controller = new AbortController();
  const url = server.script([{ status: 503 }, { body: 'half', fault: 'stall' }]);
  const response = await f(url, { signal: controller.signal });
  const text = response.text();
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), 20);
  await assert.rejects(text, (error) => error === reason);
});

test('a truncated final body fails where fetch lets it fail: at the reader', async () => {
  const f = createFetch({ policy: QUICK });
  for (const status of [200, 400]) {
    const response = await f(server.script([{ status, body: '{"error"', fault: 'truncate' }]));
    assert.equal(response.status, status);
    await assert.rejects(response.text(), TypeError);
  }
});

test('a truncated or broken error body still counts as its status, and is sent again', async () => {
  const f = createFetch({ policy: QUICK });
  for (const step of [
    /** @type {const} */ ({ status: 503, body: '{"error"', fault: 'truncate' }),
    { status: 503, headers: { 'content-encoding': 'gzip' }, body: 'not gzip' },
  ]) {
    const url = server.script([step, { body: 'ok' }]);
    const response = await f(url);
    assert.deepEqual([await response.text(), server.requests(url).length], ['ok', 2]);
    assert.equal(explain(response)?.attempts[0]?.failure?.kind, 'unavailable');
  }
});
