// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startServer } from '../server/index.mjs';
import { excepted, summary } from '../vectors.mjs';
import { collect } from '../wrapper/evidence.mjs';
import { launch, open, servePage } from './page.mjs';

/** @typedef {typeof import('../../pkg/index.js')} Api */

const POLICY = { backoff: { baseMs: 5, maxMs: 20 } };
const CORS = { cors: { expose: ['retry-after', 'x-request-id'] } };

const server = await startServer();
const site = await servePage();
const browser = await launch();
const isFirefox = browser.browserType().name() === 'firefox';
after(() => Promise.all([browser.close(), site.close(), server.close()]));
const { page, errors } = await open(browser, site.url);

/**
 * One call in the page; plain data about how it ended.
 *
 * @param {string} url
 * @param {{options?: object, init?: RequestInit}} [how]
 */
const call = (url, how = {}) =>
  page.evaluate(
    async ({ url, options, init }) => {
      const { createFetch, explain } = /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis)).reprieve;
      const began = performance.now();
      /** @type {any} */
      const outcome = await createFetch(options)(url, init).catch((error) => error);
      const ended = performance.now();
      return {
        text: outcome instanceof Response ? await outcome.text() : null,
        status: outcome instanceof Response ? outcome.status : null,
        error: outcome instanceof Error ? outcome.name : null,
        story: explain(outcome),
        tookMs: ended - began,
      };
    },
    { url, options: { policy: POLICY }, ...how },
  );

test('all vectors, through the public API, in a page without a bundler', async () => {
  const result = await page.evaluate(async (data) => {
    const { runVectors } = await import(/** @type {any} */ ('/vectors.mjs'));
    return runVectors({ api: /** @type {any} */ (globalThis).reprieve, data });
  }, await collect());
  console.log(result.corpus);
  console.log(excepted(result));
  console.log(summary(result));
  assert.deepEqual(result.failures, []);
});

test('503, then 200', async () => {
  const url = server.script([{ status: 503 }, { body: 'ok' }], CORS);
  const { text, story } = await call(url);
  assert.deepEqual([text, story?.reason, server.requests(url).length], ['ok', 'success', 2]);
});

test('a JSON POST with a key, across origins: preflighted, repeated with the same key and body', async () => {
  const url = server.script([{ status: 500 }, { body: 'ok' }], CORS);
  const init = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } };
  const { text } = await call(url, { init, options: { policy: POLICY, idempotencyKey: true } });
  const seen = server.requests(url);
  assert.equal(text, 'ok');
  assert.deepEqual(seen.map(({ method, body }) => [method, body]), [['POST', '{"a":1}'], ['POST', '{"a":1}']]);
  assert.match(String(seen[0]?.headers['idempotency-key']), /^[0-9a-f-]{36}$/);
  assert.equal(seen[1]?.headers['idempotency-key'], seen[0]?.headers['idempotency-key']);
  assert.ok(server.preflights(url) > 0);
});

test('an exposed Retry-After is honoured, and read in a long one', async () => {
  const url = server.script([{ status: 429, headers: { 'retry-after': '1' } }, { body: 'ok' }], CORS);
  const { text } = await call(url);
  const [first, second] = server.requests(url);
  assert.equal(text, 'ok');
  assert.ok((second?.time ?? 0) - (first?.time ?? 0) >= 1000);
  const busy = server.script([{ status: 503, headers: { 'retry-after': '3600' }, body: 'closed' }], CORS);
  const stopped = await call(busy);
  assert.deepEqual([stopped.text, stopped.story?.reason, server.requests(busy).length], ['closed', 'retry_after_too_long', 1]);
});

test('an error without CORS headers is a network failure', async () => {
  const url = server.script([{ status: 503, cors: false }, { body: 'ok' }], CORS);
  const { text, story } = await call(url);
  assert.deepEqual([text, story?.attempts[0]?.failure?.kind, story?.attempts[0]?.status], ['ok', 'network', null]);
});

test('a reset connection: sent again at most once by us, rejected as fetch rejects', async () => {
  const { error, story } = await call(server.script([{ fault: 'reset' }], CORS));
  assert.deepEqual([error, story?.failure?.kind, story?.attempts.length, story?.reason], ['TypeError', 'network', 2, 'attempts_exhausted']);
});

test('aborted at any moment: within a tick, with the very reason', async () => {
  const slow = { status: 503, headers: { 'retry-after': '5' } };
  /** @type {[string, import('../server/index.mjs').Step, object?][]} */
  const moments = [['send', { fault: 'silence' }], ['error body', { status: 503, body: 'half', fault: 'stall' }], ['wait', slow], ['whole body', { body: 'half', fault: 'stall' }, { readBody: true }]];
  for (const limits of [{}, { attemptTimeoutMs: 10_000, timeoutMs: 10_000 }]) {
    for (const [moment, step, more] of moments) {
      const url = server.script([step], CORS);
      const outcome = await page.evaluate(async ({ url, options }) => {
        const { createFetch, explain } = /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis)).reprieve;
        const controller = new AbortController();
        const reason = new Error('enough');
        /** @type {unknown} */
        let ended;
        createFetch(options)(url, { signal: controller.signal }).catch((error) => (ended = error));
        await new Promise((resolve) => setTimeout(resolve, 150));
        controller.abort(reason);
        await new Promise((resolve) => setTimeout(resolve));
        return [ended === reason, explain(reason)?.reason];
      }, { url, options: { policy: POLICY, ...limits, ...more } });
      assert.deepEqual([...outcome, server.requests(url).length], [true, 'aborted', 1], `${moment}, ${JSON.stringify(limits)}`);
      if (moment !== 'wait') assert.equal(await server.requests(url)[0]?.ended, 'broken', moment);
    }
  }
});

test('a huge error body is dropped, a stalled one given up', async () => {
  const huge = server.script([{ status: 503, size: 64 * 1024 * 1024 }, { body: 'ok' }], CORS);
  assert.equal((await call(huge)).text, 'ok');
  assert.equal(await server.requests(huge)[0]?.ended, 'broken');
  assert.ok((server.requests(huge)[0]?.taken ?? Infinity) < 16 * 1024 * 1024);
  // In Firefox a cancelled body goes on until more of it comes, unless a signal ends it, and the cache holds back the next request of the same URL for 20 s.
  for (const how of [{ options: { policy: POLICY, attemptTimeoutMs: 10_000 } }, isFirefox ? { init: { cache: /** @type {const} */ ('no-store') } } : {}]) {
    const stalled = server.script([{ status: 503, body: 'half', fault: 'stall' }, { body: 'ok' }], CORS);
    const { text, tookMs } = await call(stalled, how);
    assert.equal(text, 'ok');
    assert.ok(tookMs > 800 && tookMs < 2000, `${tookMs}`);
    if (how.options || !isFirefox) assert.equal(await server.requests(stalled)[0]?.ended, 'broken');
  }
});

test('the final failed Response is whole', async () => {
  const url = server.script([{ status: 422, headers: { 'x-request-id': 'r-1' }, body: '{"error":{"code":"short","message":"Too short"}}', size: 300_000 }], CORS);
  const { status, text, story } = await call(url);
  assert.deepEqual([status, text?.length, story?.failure?.requestId], [422, 300_048, 'r-1']);
});

test('an error inside a 200, a stream of events and a large success', async () => {
  const options = { policy: POLICY, inspectOk: true };
  const JSON_TYPE = { 'content-type': 'application/json' };
  const limited = server.script([{ headers: JSON_TYPE, body: '{"ok":false,"error":"ratelimited"}' }, { headers: JSON_TYPE, body: '{"ok":true}' }], CORS);
  const { text, story } = await call(limited, { options, init: { method: 'POST', body: 'x' } });
  assert.deepEqual([text, story?.reason, story?.attempts[0]?.failure?.code, server.requests(limited).length], ['{"ok":true}', 'success', 'ratelimited', 2]);

  const refused = await call(server.script([{ headers: JSON_TYPE, body: '{"ok":false,"error":"invalid_auth"}' }], CORS), { options });
  assert.deepEqual([refused.status, refused.text, refused.story?.failure?.kind], [200, '{"ok":false,"error":"invalid_auth"}', 'unauthenticated']);

  const stream = await call(server.script([{ headers: { 'content-type': 'text/event-stream' }, body: 'data: {"ok":false}\n\n' }], CORS), { options });
  const large = await call(server.script([{ headers: JSON_TYPE, body: '{"ok":false,"pad":"', size: 4_000_000 }], CORS), { options });
  assert.deepEqual([stream.story?.reason, large.story?.reason, large.text?.length], ['success', 'success', 4_000_019]);
});

test('a send that takes too long is aborted, then sent again; a 200 that breaks off likewise', async () => {
  const slow = server.script([{ fault: 'silence' }, { body: 'ok' }], CORS);
  const limited = await call(slow, { options: { policy: POLICY, attemptTimeoutMs: 150 } });
  assert.deepEqual([limited.text, limited.story?.attempts[0]?.failure?.kind, await server.requests(slow)[0]?.ended], ['ok', 'timeout', 'broken']);
  for (const fault of /** @type {const} */ (['truncate', 'cut', 'break'])) {
    const broken = server.script([{ body: ['half', 20], fault }, { body: 'ok' }], CORS);
    const { text, story } = await call(broken, { options: { policy: POLICY, readBody: true } });
    assert.deepEqual([text, story?.attempts[0]?.failure?.kind, story?.attempts[0]?.status], ['ok', 'network', 200], fault);
  }
  const paused = server.script([{ body: 'half', fault: 'stall' }, { body: 'ok' }], CORS);
  const resumed = await call(paused, { options: { policy: POLICY, readBody: true, attemptTimeoutMs: 150 } });
  assert.deepEqual([resumed.text, resumed.story?.attempts[0]?.failure?.kind, await server.requests(paused)[0]?.ended], ['ok', 'timeout', 'broken']);
  const stalled = await call(server.script([{ body: 'half', fault: 'stall' }], CORS), { options: { policy: POLICY, readBody: true, timeoutMs: 200 } });
  assert.deepEqual([stalled.error, stalled.story?.failure?.kind, stalled.story?.reason], ['TimeoutError', 'timeout', 'deadline_exceeded']);
});

test('a Request keeps its referrer under a limit and with a key', async () => {
  const url = server.script([{ status: 503 }, { body: 'ok' }], CORS);
  await page.evaluate(async ({ url, policy }) => {
    const { createFetch } = /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis)).reprieve;
    const request = new Request(url, { method: 'PUT', body: 'x', referrer: '/from/here', referrerPolicy: 'unsafe-url' });
    await createFetch({ policy, timeoutMs: 5000 })(request.clone());
    await createFetch({ policy })(request.clone(), { reprieve: { timeoutMs: 5000 } });
    await createFetch({ policy, idempotencyKey: true })(new Request(request.clone(), { method: 'POST', referrer: '/from/here', referrerPolicy: 'unsafe-url' }));
  }, { url, policy: POLICY });
  assert.deepEqual(server.requests(url).map(({ headers, body }) => [headers.referer, body]), Array(4).fill([`${site.url}from/here`, 'x']));
});

test('diagnose: what is behind an opaque failure, for one request in 10 s', async () => {
  const options = { policy: { ...POLICY, maxAttempts: 1 }, diagnose: true };
  const hidden = server.script([{ status: 503, cors: false }], CORS);
  const write = await call(hidden, { options, init: { method: 'PUT', body: 'x' } });
  assert.deepEqual([write.error, write.story?.diagnosis, server.requests(hidden).length], ['TypeError', null, 1]);
  for (const sends of [2, 1, 1, 1]) {
    const before = server.requests(hidden).length;
    const { error, story } = await call(hidden, { options });
    assert.deepEqual([error, story?.failure?.kind, story?.diagnosis, server.requests(hidden).length - before], ['TypeError', 'network', 'blocked_by_cors', sends]);
  }
  const gone = await startServer();
  await gone.close();
  assert.equal((await call(`${gone.origin}/x`, { options })).story?.diagnosis, 'unreachable');
  assert.equal((await call(`${gone.origin}/x`)).story?.diagnosis, null);
  await page.context().setOffline(true);
  const offline = await call(hidden, { options });
  await page.context().setOffline(false);
  assert.deepEqual([offline.error, offline.story?.diagnosis], ['TypeError', 'offline']);
});

test('waits that a sleeping machine held up end with the page\'s waking, in no burst', async () => {
  const url = server.script([...Array(60).fill({ status: 429, headers: { 'retry-after': '20' } }), {}], CORS);
  const woke = await page.evaluate(async (url) => {
    const { createFetch } = /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis)).reprieve;
    const f = createFetch({ policy: { budget: null, deadlineMs: null } });
    const calls = Array.from({ length: 60 }, () => f(url));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const { now } = Date;
    dispatchEvent(new Event('online')); // Nothing is due yet.
    await new Promise((resolve) => setTimeout(resolve, 300));
    Date.now = () => now() + 3_600_000;
    const began = performance.now();
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    dispatchEvent(new Event('online'));
    const statuses = await Promise.all(calls.map(async (call) => (await call).status));
    Date.now = now;
    return { statuses: [...new Set(statuses)], tookMs: performance.now() - began };
  }, url);
  const times = server.requests(url).slice(60).map(({ time }) => time);
  assert.deepEqual([woke.statuses, times.length], [[200], 60]);
  assert.ok(woke.tookMs < 4000, `${woke.tookMs}`);
  const most = Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 100).length));
  assert.ok(most <= 15, `${most} in 100 ms`);
});

test('a page with a strict Content-Security-Policy that allows WebAssembly', async () => {
  const strict = await servePage(`default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src ${server.origin}; img-src data:; require-trusted-types-for 'script'`);
  after(() => strict.close());
  const tab = await open(browser, strict.url);
  const url = server.script([{ status: 503 }, { status: 404, body: '{"error":{"code":"gone","message":"No such book"}}' }], CORS);
  const failure = await tab.page.evaluate(async ({ url, policy }) => {
    const { createFetch, failureOf } = /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis)).reprieve;
    return failureOf(await createFetch({ policy })(url));
  }, { url, policy: POLICY });
  assert.deepEqual([failure?.kind, failure?.code, server.requests(url).length], ['not_found', 'gone', 2]);
  assert.deepEqual(tab.errors, []);
});

/** Firefox makes an error of what a page's policy forbids. We ask once. @param {string[]} errors */
const ours = (errors) => (errors.length === 1 && errors[0].includes('blocked WebAssembly') ? [] : errors);

/** No `'wasm-unsafe-eval'`. @param {string} [entry] */
async function strictPage(entry) {
  const strict = await servePage(`default-src 'none'; script-src 'self'; connect-src 'self' ${server.origin}; img-src data:`, entry);
  after(() => strict.close());
  return { strict, ...(await open(browser, strict.url)) };
}

test('a page whose policy forbids WebAssembly: retries work, and the core comes before it is needed', async () => {
  const { strict, page, errors } = await strictPage();
  const url = server.script([{ status: 503 }, { status: 503 }, { status: 404, body: '{"error":{"code":"gone","message":"No such book"}}' }], CORS);
  const seen = strict.served.length;
  await page.evaluate(() => {
    const all = /** @type {any} */ (globalThis);
    all.f = all.reprieve.createFetch({ policy: { backoff: { baseMs: 5, maxMs: 20 } } });
  });
  await page.waitForLoadState('networkidle');
  assert.deepEqual(strict.served.slice(seen), ['/plain.js']);
  const [failure, attempts, code] = await page.evaluate(async (url) => {
    const { f, reprieve } = /** @type {any} */ (globalThis);
    const response = await f(url);
    const { failure, attempts } = reprieve.explain(response);
    return [failure, attempts.length, (await response.json()).error.code];
  }, url);
  assert.deepEqual([failure.kind, failure.code, attempts, code, server.requests(url).length], ['not_found', 'gone', 3, 'gone', 3]);
  assert.deepEqual([strict.served.slice(seen), ours(errors)], [['/plain.js'], []]);
});

test('there a keyed POST, a Policy, classifyResponse and wrong options: without init() too', async () => {
  const { page } = await strictPage();
  const url = server.script([{ status: 500 }, { body: 'ok' }], CORS);
  const found = await page.evaluate(async ({ url, policy }) => {
    const { Policy, classifyResponse, createFetch } = /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis)).reprieve;
    const response = await createFetch({ policy: new Policy(policy), idempotencyKey: true })(url, { method: 'POST', body: 'x' });
    const failure = await classifyResponse(new Response('', { status: 429 }));
    return [await response.text(), failure?.kind];
  }, { url, policy: POLICY });
  assert.deepEqual(found, ['ok', 'rate_limited']);
  assert.equal(new Set(server.requests(url).map(({ headers }) => headers['idempotency-key'])).size, 1);
  const wrong = await (await strictPage()).page.evaluate(async (url) => {
    const { createFetch } = /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis)).reprieve;
    return createFetch({ policy: /** @type {any} */ ({ maxRetries: 3 }) })(url).catch((error) => [error.name, error.pointer]);
  }, server.script([{ status: 500 }], CORS));
  assert.deepEqual(wrong, ['OptionsError', '/policy/maxRetries']);
});

test('there an abort ends the wait for the core, and a core that does not come ends no call', async () => {
  for (const [isDropped, expected] of /** @type {const} */ ([[false, ['reason', true]], [true, [503, 1]]])) {
    const { page, errors } = await strictPage();
    await page.route('**/plain.js', (route) => isDropped ? route.abort() : undefined);
    const url = server.script([{ status: 503 }], CORS);
    const found = await page.evaluate(async (url) => {
      const { createFetch, explain } = /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis)).reprieve;
      const controller = new AbortController();
      setTimeout(() => controller.abort('reason'), 500);
      const began = performance.now();
      return createFetch()(url, { signal: controller.signal }).then((response) => [response.status, explain(response) ? 2 : 1], (error) => [error, performance.now() - began < 900]);
    }, url);
    assert.deepEqual([found, server.requests(url).length, ours(errors)], [expected, 1, []]);
  }
});

test('there classify says what to write, and after init() all vectors pass', async () => {
  const { page, errors } = await strictPage();
  const data = await collect();
  // What is long there, and asks the engine only: Node runs it with the same core.
  data.engine.suites = {};
  const [message, result] = await page.evaluate(async (data) => {
    const { reprieve } = /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis));
    const message = await Promise.resolve().then(() => reprieve.classify({ status: 503 })).catch((error) => error.message);
    await Promise.all([reprieve.init(), reprieve.init()]);
    await reprieve.init();
    const { runVectors } = await import(/** @type {any} */ ('/vectors.mjs'));
    return [message, await runVectors({ api: reprieve, data })];
  }, data);
  assert.match(message, /(Content Security Policy|CSP).*: write `await init\(\)` before this line, or import from 'reprieve\/js'$/s);
  console.log(`plain JavaScript: ${result.passed} passed`);
  assert.deepEqual([result.failures, ours(errors)], [[], []]);
});

test('there reprieve/js runs at once, and says nothing', async () => {
  const { page, errors } = await strictPage('js.js');
  const kind = await page.evaluate(() => /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis)).reprieve.classify({ status: 503 })?.kind);
  assert.deepEqual([kind, errors], ['unavailable', []]);
});

test('reprieve/slim: from a URL, whatever its type', async () => {
  const own = await servePage(undefined, 'slim.js');
  after(() => own.close());
  const { page, errors } = await open(browser, own.url);
  const found = await page.evaluate(async () => {
    const reprieve = /** @type {typeof import('../../pkg/slim.js')} */ (/** @type {any} */ (globalThis).reprieve);
    const wrong = await reprieve.init('/nothing.wasm').catch((error) => error.message);
    await reprieve.init(fetch('/reprieve.wasm'));
    return [wrong, reprieve.classify({ status: 503 })?.kind];
  });
  assert.deepEqual([found, errors], [[`init: ${own.url}nothing.wasm answered 404`, 'unavailable'], []]);
});

test('nothing went wrong in the page unnoticed', () => assert.deepEqual(errors, []));
