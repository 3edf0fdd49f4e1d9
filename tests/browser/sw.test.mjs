// @ts-check
/** `reprieve/sw`: a page that knows nothing of us, and real faults. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { installed } from '../installed.mjs';
import { blocks } from '../readme/blocks.mjs';
import { startServer } from '../server/index.mjs';
import { launch } from './page.mjs';

const POLICY = { backoff: { baseMs: 5, maxMs: 20 } };
const CORS = { cors: { expose: ['retry-after', 'content-range'] } };
const TAKE_OVER = "addEventListener('install', () => skipWaiting());\naddEventListener('activate', (event) => event.waitUntil(clients.claim()));\n";

const server = await startServer();
const browser = await launch();
const isFirefox = browser.browserType().name() === 'firefox';
after(() => Promise.all([browser.close(), server.close()]));

/** The worker of a page. @param {object} [options] @param {string} [entry] @param {string} [more] of its script */
const script = (options = { policy: POLICY }, entry = 'sw', more = '') =>
  `import { serve } from './dist/${entry}.js';\n${TAKE_OVER}${more}\nserve(${more.includes('when =') ? `{ ...${JSON.stringify(options)}, when }` : JSON.stringify(options)});\n`;

/**
 * A tab whose Service Worker runs a script and answers for it.
 * @param {{ worker?: string, type?: 'module' | 'classic', policy?: string }} [how] policy: the worker's Content-Security-Policy
 */
async function tab({ worker = script(), type = 'module', policy } = {}) {
  /** @type {string[]} */
  const served = [];
  const site = createServer(async (request, response) => {
    const path = (request.url ?? '').split('?')[0];
    served.push(`${request.method} ${request.url}`);
    const send = (/** @type {string} */ kind, /** @type {string} */ text, headers = {}) => void response.writeHead(200, { 'content-type': kind, ...headers }).end(text);
    if (path === '/') return send('text/html', '<!doctype html><meta charset="utf-8"><title>app</title><link rel="icon" href="data:,">');
    if (path === '/sw.js') return send('text/javascript', worker, policy && { 'content-security-policy': policy });
    if (/^\/dist\/[\w-]+\.js$/.test(path)) return send('text/javascript', await readFile(new URL(`../../pkg${path}`, import.meta.url), 'utf8'));
    // What else is of this origin fails twice.
    const isMended = served.filter((line) => line === served.at(-1)).length > 2;
    const [kind, text] = path === '/image.svg' ? ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="1"/>'] : ['text/html', `<!doctype html><title>${isMended}</title>`];
    response.writeHead(isMended ? 200 : 503, { 'content-type': kind }).end(text);
  });
  await new Promise((resolve) => site.listen(0, '127.0.0.1', () => resolve(undefined)));
  const url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (site.address()).port}/`;
  const context = await browser.newContext();
  after(async () => {
    await context.close();
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.evaluate(async (type) => {
    const controlled = new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
    await navigator.serviceWorker.register('/sw.js', { type });
    if (!navigator.serviceWorker.controller) await controlled;
  }, type);
  return { page, url, served };
}

/** What a page's own `fetch` gives. @param {import('playwright-core').Page} page @param {string} url @param {RequestInit} [init] */
const call = (page, url, init = {}) =>
  page.evaluate(
    async ({ url, init }) => {
      const began = performance.now();
      try {
        const response = await fetch(url, init);
        const { status, statusText, type, redirected } = response;
        return { status, statusText, type, redirected, url: response.url, retryAfter: response.headers.get('retry-after'), text: await response.text(), error: null, tookMs: performance.now() - began };
      } catch (error) {
        return { status: null, text: null, retryAfter: null, error: /** @type {Error} */ (error).name, tookMs: performance.now() - began };
      }
    },
    { url, init },
  );

const { page, url: site, served } = await tab();

test('503, 503, 200: three sends, and the page gets the 200', async () => {
  const url = server.script([{ status: 503 }, { status: 503 }, { body: 'ok', headers: { 'content-type': 'text/plain' } }], CORS);
  const { status, text, error } = await call(page, url);
  assert.deepEqual([status, text, error, server.requests(url).length], [200, 'ok', null, 3]);
  const local = await call(page, `${site}api/books`);
  assert.deepEqual([local.status, served.filter((line) => line === 'GET /api/books').length], [200, 3]);
});

test('the two lines of the READMEs', async () => {
  for (const name of ['README.md', 'pkg/README.md']) {
    const found = blocks(await readFile(new URL(`../../${name}`, import.meta.url), 'utf8'), 'ts').filter(({ source }) => source.includes("'reprieve/sw'"));
    assert.equal(found.length, 1, name);
    const { page } = await tab({ worker: TAKE_OVER + found[0].source.replace("'reprieve/sw'", "'./dist/sw.js'") });
    const url = server.script([{ status: 503 }, { body: 'ok' }], CORS);
    assert.deepEqual([(await call(page, url)).text, server.requests(url).length], ['ok', 2]);
  }
});

test('the final failure is whole', async () => {
  const gone = server.script([{ status: 404, body: '{"error":"no such book"}', size: 300_000 }], CORS);
  const { status, text, type, url } = await call(page, gone);
  assert.deepEqual([status, text?.length, type, url, server.requests(gone).length], [404, 300_024, 'cors', gone, 1]);
  const down = server.script([{ status: 503, body: 'closed' }], CORS);
  const closed = await call(page, down);
  assert.deepEqual([closed.status, closed.text, server.requests(down).length], [503, 'closed', 4]);
});

test('a lost connection is sent again; lost for good it is the TypeError of fetch', async () => {
  const { page } = await tab();
  const flaky = server.script([{ fault: 'reset' }, { body: 'ok' }], CORS);
  assert.deepEqual([(await call(page, flaky)).text, server.requests(flaky).length], ['ok', 2]);
  const lost = await startServer();
  const url = lost.script([{ fault: 'reset' }], CORS);
  const { error } = await call(page, url);
  await lost.close();
  assert.equal(error, 'TypeError');
});

test('writes: POST 503 once; PUT again with its body; a form, too', async () => {
  const { page } = await tab();
  const post = server.script([{ status: 503 }, {}], CORS);
  assert.deepEqual([(await call(page, post, { method: 'POST', body: 'order' })).status, server.requests(post).map(({ body }) => body)], [503, ['order']]);
  const put = server.script([{ status: 503 }, { body: 'ok' }], CORS);
  assert.deepEqual([(await call(page, put, { method: 'PUT', body: 'ä'.repeat(100_000) })).text, server.requests(put).map(({ body }) => body.length)], ['ok', [100_000, 100_000]]);
  const form = server.script([{ status: 503 }, { body: 'ok' }], CORS);
  const sent = await page.evaluate(async (url) => {
    const body = new FormData();
    body.append('file', new Blob(['x'.repeat(1_000_000)]), 'big.bin');
    return (await fetch(url, { method: 'PUT', body })).status;
  }, form);
  const [first, second] = server.requests(form);
  assert.equal(sent, 200);
  assert.ok(first && second && first.bytes.length > 1_000_000 && first.bytes.equals(second.bytes));
});

test('a 429 with Retry-After parks: this call, and the next', async () => {
  const { page } = await tab();
  const own = await startServer();
  after(() => own.close());
  const url = own.script([{ status: 429, headers: { 'retry-after': '1' } }, { body: 'ok' }], CORS);
  const { text, tookMs } = await call(page, url);
  const [first, second] = own.requests(url);
  assert.ok(text === 'ok' && tookMs >= 1000 && (second?.time ?? 0) - (first?.time ?? 0) >= 990, `${text} ${tookMs}`);

  const busy = own.script([{ status: 429, headers: { 'retry-after': '60' }, body: 'slow down' }], CORS);
  const told = await call(page, busy);
  assert.deepEqual([told.status, told.text, told.retryAfter], [429, 'slow down', '60']);
  const refused = await call(page, busy);
  assert.deepEqual([refused.status, refused.error, own.requests(busy).length], [503, null, 1]);
  assert.ok(Number(refused.retryAfter) > 50 && Number(refused.retryAfter) <= 120, String(refused.retryAfter));
  const { title, status, detail } = JSON.parse(refused.text ?? '');
  assert.deepEqual([title, status], ['Not sent: retry_after_too_long', 503]);
  assert.match(detail, /^GET http.*\(retry_after_too_long\)$/);
});

test('a stream comes as it comes, answered or passed', async () => {
  const body = ['data: 1\n\n', 400, 'data: 2\n\n'];
  for (const headers of [{ accept: 'text/event-stream' }, { accept: '*/*' }]) {
    const url = server.script([{ headers: { 'content-type': 'text/event-stream' }, body }], CORS);
    const times = await page.evaluate(async ({ url, headers }) => {
      const reader = /** @type {ReadableStream<Uint8Array>} */ ((await fetch(url, { headers })).body).getReader();
      const times = [];
      while (!(await reader.read()).done) times.push(performance.now());
      return times;
    }, { url, headers });
    assert.ok(times.length === 2 && (times[1] ?? 0) - (times[0] ?? 0) > 200, `${times}`);
  }
  const failing = server.script([{ status: 503 }], CORS);
  const events = server.script([{ headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }, body: 'data: hello\n\n', fault: 'stall' }], CORS);
  const [data, isClosed] = await page.evaluate(async ([events, failing]) => {
    const source = new EventSource(events ?? '');
    const data = await new Promise((resolve) => (source.onmessage = (event) => resolve(event.data)));
    source.close();
    const broken = new EventSource(failing ?? '');
    await new Promise((resolve) => (broken.onerror = resolve));
    return [data, broken.readyState === EventSource.CLOSED];
  }, [events, failing]);
  assert.deepEqual([data, isClosed, server.requests(failing).length], ['hello', true, 1]);
});

test('a part is a 206, once; and fails once', async () => {
  const part = server.script([{ status: 206, headers: { 'content-range': 'bytes 0-3/8' }, body: 'half' }], CORS);
  const { status, text } = await call(page, part, { headers: { range: 'bytes=0-3' } });
  assert.deepEqual([status, text, server.requests(part).map(({ headers }) => headers.range)], [206, 'half', ['bytes=0-3']]);
  const failing = server.script([{ status: 503 }], CORS);
  await call(page, failing, { headers: { range: 'bytes=0-3' } });
  assert.equal(server.requests(failing).length, 1);
});

test('navigations, images, scripts, keepalive and what only the cache may answer are left alone', async () => {
  const { page, url, served } = await tab();
  const image = server.script([{ status: 503 }], CORS);
  const beacon = server.script([{ status: 503 }], CORS);
  const cached = await page.evaluate(async ([image, beacon]) => {
    const element = new Image();
    element.src = image ?? '';
    await new Promise((resolve) => (element.onerror = resolve));
    await import(/** @type {any} */ ('/module.js')).catch(() => {});
    await fetch(beacon ?? '', { method: 'PUT', keepalive: true });
    return fetch('/never-seen', { cache: 'only-if-cached', mode: 'same-origin' }).then(({ status }) => String(status), (error) => error.name);
  }, [image, beacon]);
  assert.ok(['TypeError', '504'].includes(cached), cached);
  await page.goto(`${url}page`);
  assert.equal(await page.title(), 'false');
  const count = (/** @type {string} */ path) => served.filter((line) => line === `GET ${path}`).length;
  assert.deepEqual([server.requests(image).length, server.requests(beacon).length, count('/module.js'), count('/never-seen'), count('/page')], [1, 1, 1, 0, 1]);
});

test('what another listener answers first, such as from a cache, is its answer', async () => {
  const more = `addEventListener('fetch', (event) => {
    if (new URL(event.request.url).pathname !== '/cached') return;
    event.respondWith(caches.open('own').then(async (cache) => (await cache.put(event.request, new Response('kept')), cache.match(event.request))));
  });`;
  const { page, url, served } = await tab({ worker: script({ policy: POLICY }, 'sw', more) });
  const { text, error } = await call(page, `${url}cached`);
  assert.deepEqual([text, error, served.filter((line) => line === 'GET /cached').length], ['kept', null, 0]);
});

test('an abort of the page rejects at once; the worker follows the signal of the request', async () => {
  // The browsers do not tell the worker yet (w3c/ServiceWorker#1544): here its script does what they will do.
  const more = `addEventListener('message', ({ data, ports: [port] }) => {
    const controller = new AbortController();
    const request = new Request(data, { signal: controller.signal });
    const event = Object.assign(new Event('fetch'), { request, clientId: '', respondWith: (answer) => answer.catch((error) => port.postMessage(error.name)) });
    dispatchEvent(event);
    setTimeout(() => controller.abort(), 300);
  });`;
  const { page } = await tab({ worker: script({ policy: POLICY }, 'sw', more) });
  const silent = () => server.script([{ fault: 'silence' }], CORS);
  const waiting = () => server.script([{ status: 503, headers: { 'retry-after': '2' } }, { body: 'late' }], CORS);
  const [untold, told] = [waiting(), [silent(), waiting()]];
  for (const [index, url] of [silent(), untold].entries()) {
    const names = await page.evaluate(async ([url, told]) => {
      const controller = new AbortController();
      const began = performance.now();
      const own = fetch(url ?? '', { signal: controller.signal }).catch((error) => error.name);
      setTimeout(() => controller.abort(), 300);
      const name = await own;
      const tookMs = performance.now() - began;
      const { port1, port2 } = new MessageChannel();
      navigator.serviceWorker.controller?.postMessage(told, [port2]);
      return [name, tookMs < 1000, await new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)))];
    }, [url, told[index]]);
    assert.deepEqual(names, ['AbortError', true, 'AbortError']);
  }
  assert.equal(await server.requests(told[0] ?? '')[0]?.ended, 'broken');
  await sleep(4500);
  console.log(`abort: ${server.requests(untold).length - 1} sends after a wait that the page aborted`);
  assert.equal(server.requests(told[1] ?? '').length, 1);
});

test('all tabs have one breaker', async () => {
  const { page, url } = await tab({ worker: script({ policy: { ...POLICY, maxAttempts: 1, breaker: { openMs: 60_000, maxOpenMs: 60_000, minOpenMs: 60_000, holdMs: 0 } } }) });
  const own = await startServer();
  after(() => own.close());
  const down = own.script([{ status: 503, body: 'down' }], CORS);
  const other = await page.context().newPage();
  await other.goto(url);
  for (const path of ['/1', '/2', '/3', '/4']) assert.equal((await call(page, down + path)).text, 'down');
  const { status, retryAfter, text } = await call(other, `${down}/5`);
  assert.deepEqual([status, JSON.parse(text ?? '').title, own.requests(down).length], [503, 'Not sent: circuit_open', 4]);
  assert.ok(Number(retryAfter) > 10, String(retryAfter));
});

test('a page with a loop of its own adds to the sends, and does not multiply them', async () => {
  const unhurried = { policy: { ...POLICY, breaker: null, budget: null } };
  const { page } = await tab({ worker: script(unhurried) });
  const url = server.script([{ status: 503 }], CORS);
  const status = await page.evaluate(async ({ url, options }) => {
    const { createFetch } = await import(/** @type {any} */ ('/dist/index.js'));
    return (await createFetch(options)(url)).status;
  }, { url, options: unhurried });
  // Four in the worker for the first of the page, then one for each of its three others; not sixteen.
  assert.deepEqual([status, server.requests(url).length], [503, 7]);
  const mended = server.script([...Array(4).fill({ status: 503 }), {}, { status: 503 }, { status: 503 }, {}], CORS);
  for (const sends of [4, 5, 8]) {
    await call(page, mended);
    assert.equal(server.requests(mended).length, sends);
  }
});

test('`when` says which: images as well, or one API only', async () => {
  const more = `const when = ({ url, destination }) => destination === 'image' || url.endsWith('/api');`;
  const { page, served } = await tab({ worker: script({ policy: POLICY }, 'sw', more) });
  const api = server.script([{ status: 503 }, {}], CORS);
  const width = await page.evaluate(async () => {
    const element = new Image();
    element.src = '/image.svg';
    await new Promise((resolve) => (element.onload = element.onerror = resolve));
    return element.naturalWidth;
  });
  assert.deepEqual([width, served.filter((line) => line === 'GET /image.svg').length], [7, 3]);
  const statuses = [(await call(page, `${api}/other`)).status, (await call(page, `${api}/api`)).status];
  assert.deepEqual([statuses, server.requests(api).length], [[503, 200], 2]);
});

test('where the worker may not compile WebAssembly: reprieve/sw/js answers, reprieve/sw lets all pass', async () => {
  const policy = "script-src 'self'";
  const steps = [{ status: 503 }, { status: 503 }, { body: 'ok' }];
  const plain = await tab({ worker: script({ policy: POLICY }, 'sw-js'), policy });
  const answered = server.script(steps, CORS);
  assert.deepEqual([(await call(plain.page, answered)).text, server.requests(answered).length], ['ok', 3]);
  const inlined = await tab({ policy });
  const passed = server.script(steps, CORS);
  assert.deepEqual([(await call(inlined.page, passed)).status, server.requests(passed).length], [503, 1]);
});

test('bundled into one file: a classic worker, and with both cores one that needs no WebAssembly', async () => {
  const { folder, remove } = await installed('worker');
  after(remove);
  const bundle = async (/** @type {string[]} */ external) => {
    const source = `import { serve } from 'reprieve/sw';\n${TAKE_OVER}serve(${JSON.stringify({ policy: POLICY })});`;
    const { outputFiles } = await build({ stdin: { contents: source, resolveDir: folder }, bundle: true, format: 'iife', minify: true, write: false, external, logLevel: 'error' });
    return outputFiles[0]?.text ?? '';
  };
  const steps = [{ status: 503 }, { status: 503 }, { body: 'ok' }];
  for (const how of [{ worker: await bundle(['*/plain.js']) }, { worker: await bundle([]), policy: "script-src 'self'" }]) {
    const { page } = await tab({ ...how, type: 'classic' });
    const url = server.script(steps, CORS);
    assert.deepEqual([(await call(page, url)).text, server.requests(url).length], ['ok', 3]);
  }
});

test('outside a worker it says where it belongs', async () => {
  const message = await page.evaluate(async () => {
    const { serve } = await import(/** @type {any} */ ('/dist/sw.js'));
    try {
      serve();
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
    return '';
  });
  assert.match(message, /Service Worker only: call it in \/sw\.js/);
});
