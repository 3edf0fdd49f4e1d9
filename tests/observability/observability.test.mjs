// @ts-check
/** What the README says of OpenTelemetry and Sentry, tried with their packages. */
import assert from 'node:assert/strict';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createFetch } from '../../pkg/dist/index.js';
import { blocks } from '../readme/blocks.mjs';
import { startServer } from '../server/index.mjs';
import { QUICK } from '../wrapper/policies.mjs';

/** @typedef {import('../../pkg/index.js').ReprieveEvent} Event */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(ROOT, 'target', 'observability');
const require = createRequire(join(FOLDER, 'test.cjs'));
const server = await startServer();
after(() => server.close());
await symlink(join(ROOT, 'pkg'), join(FOLDER, 'node_modules', 'reprieve'), 'junction').catch(() => {});

/**
 * The example of README.md that imports a package, as a module, with a quick policy.
 * @param {string} name
 * @param {string} [from] where it comes from here
 */
async function example(name, from = name) {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const found = blocks(readme, 'ts').filter(({ source }) => source.includes(`from '${name}'`));
  assert.equal(found.length, 1, `${name} in README.md`);
  const source = found[0].source.replace(`'${name}'`, `'${from}'`).replace('createFetch({', `createFetch({ policy: ${JSON.stringify(QUICK)},`);
  const path = join(FOLDER, `${name.replace(/\W+/g, '-')}.mjs`);
  await writeFile(path, `${source}\nexport { fetch };\n`);
  return /** @type {{ fetch: typeof fetch }} */ (await import(`${pathToFileURL(path)}?${Date.now()}`)).fetch;
}

/** @param {string} url @param {RequestInit} [init] @param {object} [options] */
async function attributes(url, init, options) {
  /** @type {Event[]} */
  const events = [];
  await createFetch({ policy: QUICK, events: (event) => void events.push(event), ...options })(url, init).catch(() => {});
  return events.map(({ type, attributes }) => ({ type, ...attributes }));
}

test('the names and values of the conventions', async () => {
  const url = server.script([{ status: 503 }, { status: 201 }]);
  const { hostname, port } = new URL(url);
  const common = { 'http.request.method': 'PUT', 'server.address': hostname, 'server.port': Number(port), 'url.full': url };
  const failed = { 'http.response.status_code': 503, 'error.type': '503' };
  assert.deepEqual(await attributes(url, { method: 'put', body: 'x' }), [
    { type: 'attempt', ...common },
    { type: 'wait', ...common, ...failed },
    { type: 'attempt', ...common, 'http.request.resend_count': 1 },
    { type: 'stop', ...common, 'http.request.resend_count': 1, 'http.response.status_code': 201 },
  ]);
});

test('errors: a status, a kind, or the reason', async () => {
  const once = { policy: { maxAttempts: 1 } };
  /** @param {import('../server/index.mjs').Step} step @param {RequestInit} [init] @param {object} [options] */
  const last = async (step, init, options) => {
    const { type, 'error.type': error, 'http.response.status_code': status } = (await attributes(server.script([step]), init, { ...once, ...options })).at(-1) ?? {};
    return [type, error, status];
  };
  assert.deepEqual(await last({ status: 404 }), ['stop', '404', 404]);
  assert.deepEqual(await last({ fault: 'reset' }), ['stop', 'network', undefined]);
  assert.deepEqual(await last({ fault: 'silence' }, {}, { timeoutMs: 50 }), ['stop', 'timeout', undefined]);
  assert.deepEqual(await last({ fault: 'silence' }, { signal: AbortSignal.timeout(50) }), ['stop', 'aborted', undefined]);
  assert.deepEqual(await last({ body: 'half', fault: 'truncate' }, {}, { readBody: true }), ['stop', 'network', 200]);
  const hidden = { headers: { 'content-type': 'application/json' }, body: '{"ok":false,"error":"invalid_auth"}' };
  assert.deepEqual(await last(hidden, {}, { inspectOk: true }), ['stop', 'unauthenticated', 200]);
});

test('no secret, whatever the address; what has no server names none', async () => {
  const shown = async (/** @type {string} */ url, method = 'GET') =>
    (await attributes(url, { method }, { fetch: async () => new Response() }))[0];
  const secret = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';
  const address = `https://ada:engine@shop.example/reset/${secret}?q=Ada+Lovelace&api_key=${secret}&${secret}&empty=&=x#${secret}`;
  assert.equal((await shown(address))['url.full'], 'https://shop.example/reset/[hidden]?q=REDACTED&api_key=REDACTED&REDACTED&empty=REDACTED&=REDACTED');
  assert.deepEqual(await shown('http://shop.example/', 'BREW'), {
    type: 'attempt', 'http.request.method': '_OTHER', 'server.address': 'shop.example', 'server.port': 80, 'url.full': 'http://shop.example/',
  });
  assert.equal((await shown('https://shop.example/'))['server.port'], 443);
  assert.deepEqual(await shown(`data:text/plain,${secret}`), { type: 'attempt', 'http.request.method': 'GET' });
  assert.deepEqual(await shown('/relative'), { type: 'attempt', 'http.request.method': 'GET' });
});

test('each send is ended by one event, which says when it began', async () => {
  /** @type {Event[]} */
  const events = [];
  const f = createFetch({ policy: QUICK, events: (event) => void events.push(event) });
  const before = Date.now();
  await f(server.script([{ status: 503 }, {}]));
  await f(server.script([{ status: 503, headers: { 'retry-after': '5' } }]), { signal: AbortSignal.timeout(50) }).catch(() => {});
  assert.deepEqual(events.map(({ type, startedAt }) => [type, startedAt !== null]), [
    ['attempt', false], ['wait', true], ['attempt', false], ['stop', true], ['attempt', false], ['wait', true], ['stop', false],
  ]);
  const times = events.flatMap(({ startedAt }) => startedAt ?? []);
  assert.ok(times.every((time, index) => time >= (times[index - 1] ?? before) && time <= Date.now()));
});

test('OpenTelemetry: a span for each send', async () => {
  const { context, SpanKind, SpanStatusCode, trace } = require('@opentelemetry/api');
  const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
  const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base');
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  const f = await example('@opentelemetry/api');

  const url = server.script([{ fault: 'reset' }, { status: 503, delayMs: 30 }, { body: 'ok' }]);
  /** @type {any} */
  let outer;
  await trace.getTracer('test').startActiveSpan('order', async (/** @type {any} */ span) => {
    outer = span;
    assert.equal(await (await f(`${url}?token=abc`)).text(), 'ok');
    span.end();
  });
  const sends = exporter.getFinishedSpans().filter((/** @type {any} */ { name }) => name === 'GET');
  assert.deepEqual(
    sends.map((/** @type {any} */ { kind, status, attributes }) => [
      kind, status.code, attributes['http.request.resend_count'], attributes['http.response.status_code'], attributes['error.type'],
    ]),
    [
      [SpanKind.CLIENT, SpanStatusCode.ERROR, undefined, undefined, 'network'],
      [SpanKind.CLIENT, SpanStatusCode.ERROR, 1, 503, '503'],
      [SpanKind.CLIENT, SpanStatusCode.UNSET, 2, 200, undefined],
    ],
  );
  for (const { attributes, parentSpanContext } of sends) {
    assert.equal(attributes['url.full'], `${url}?token=REDACTED`);
    assert.equal(attributes['server.address'], '127.0.0.1');
    assert.equal(parentSpanContext.spanId, outer.spanContext().spanId);
  }
  const [s, ns] = sends[1].duration;
  assert.ok(s === 0 && ns > 25e6, `${s} s ${ns} ns`);
});

test('Sentry: a breadcrumb for each event', async () => {
  const Sentry = require('@sentry/core');
  const { ServerRuntimeClient } = require('@sentry/core/server');
  /** @type {any[]} */
  const sent = [];
  const client = Sentry.initAndBind(ServerRuntimeClient, {
    dsn: 'https://public@sentry.example/1',
    integrations: [],
    stackParser: () => [],
    transport: (/** @type {any} */ options) =>
      Sentry.createTransport(options, async (/** @type {any} */ { body }) => (sent.push(body), { statusCode: 200 })),
  });
  assert.ok(client);
  const f = await example('@sentry/browser', require.resolve('@sentry/core'));
  const url = server.script([{ status: 503 }, { status: 404 }]);
  await f(`${url}?token=abc`);
  Sentry.captureException(new Error('order failed'));
  await Sentry.getClient().flush(2000);
  assert.equal(sent.length, 1);
  const { breadcrumbs } = JSON.parse(String(sent[0]).split('\n')[2]);
  assert.deepEqual(
    breadcrumbs.map((/** @type {any} */ { category, message, data }) => [category, message, data['http.request.resend_count'], data['error.type'], data['url.full']]),
    [
      ['reprieve', 'attempt', undefined, undefined, `${url}?token=REDACTED`],
      ['reprieve', 'wait', undefined, '503', `${url}?token=REDACTED`],
      ['reprieve', 'attempt', 1, undefined, `${url}?token=REDACTED`],
      ['reprieve', 'stop', 1, '404', `${url}?token=REDACTED`],
    ],
  );
});
