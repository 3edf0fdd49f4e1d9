// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ApiError, createFetch } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';

const server = await startServer();
after(() => server.close());

const SECRET = 'Zq7-Wm2_Xv9.Kd4';

/**
 * @param {string} url
 * @param {RequestInit} [init]
 * @param {import('../../pkg/index.js').Options} [options]
 */
async function failing(url, init, options) {
  const error = await createFetch({ policy: 'none', throwOnFailure: true, ...options })(url, init).catch((/** @type {unknown} */ cause) => cause);
  assert.ok(error instanceof ApiError, `${error}`);
  return error;
}

/**
 * @param {ApiError} error
 * @param {string} secret
 */
function hides(error, secret) {
  const text = JSON.stringify(error.report());
  for (const form of new Set([secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1), btoa(secret)])) {
    assert.ok(!text.includes(form), `${form} in ${text}`);
  }
  return error.report();
}

test('what support needs is there', async () => {
  const url = server.script([{ status: 500, headers: { 'x-request-id': 'r-1' }, body: '{"error":{"code":"boom","message":"It broke"}}' }]);
  const error = await failing(`${url}/orders?page=2`, { method: 'POST', body: '{"name":"Ann","lines":[{"sku":"a-1","count":2}]}' });
  const report = error.report();
  assert.deepEqual(Object.keys(report).sort(), ['advice', 'attempts', 'code', 'docsUrl', 'endpoint', 'kind', 'maybeApplied', 'message', 'payload', 'reason', 'requestId', 'retryAt', 'scope', 'status', 'time']);
  assert.ok(report.endpoint.includes(`${url}/orders?page=2`) && report.endpoint.includes('POST'), report.endpoint);
  assert.equal(report.time, new Date(error.attempts[0]?.startedAt ?? 0).toISOString());
  assert.deepEqual(JSON.parse(report.payload ?? ''), { name: 'Ann', lines: [{ sku: 'a-1', count: 2 }] });
  assert.deepEqual([report.status, report.kind, report.code, report.message, report.requestId], [500, 'server_error', 'boom', 'It broke', 'r-1']);
  assert.deepEqual([report.reason, report.retryAt, report.docsUrl], ['not_idempotent', null, null]);
  assert.deepEqual(report.attempts, [{ time: report.time, durationMs: error.attempts[0]?.durationMs, status: 500, kind: 'server_error', delayMs: null }]);
  // An order whose answer was lost: the first thing to say is that it may have been placed.
  assert.equal(report.maybeApplied, true);
  assert.match(report.advice[0] ?? '', /may have taken effect/);
  assert.deepEqual(report.advice.slice(1), error.failure.advice.steps.map(({ text }) => text));
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
});

test('a read has taken no effect', async () => {
  const report = (await failing(server.script([{ status: 500 }]))).report();
  assert.equal(report.maybeApplied, false);
  assert.deepEqual(report.advice, ['Try again later.']);
});

test('retryAt is a time in UTC', async () => {
  const error = await failing(server.script([{ status: 503, headers: { 'retry-after': '90' } }]), {}, { policy: 'default' });
  assert.equal(error.report().retryAt, new Date(error.retryAt ?? 0).toISOString());
});

test('no payload, no text of a payload that is none', async () => {
  assert.equal((await failing(server.script([{ status: 500 }]))).report().payload, null);
  const bytes = (await failing(server.script([{ status: 500 }]), { method: 'POST', body: Buffer.from(SECRET) })).report().payload;
  assert.ok(bytes === null || !bytes.includes(SECRET));
});

const HEADERS = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'api-key', 'x-auth-token', 'x-access-token', 'x-amz-security-token', 'x-csrf-token', 'x-session-id', 'idempotency-key'];
for (const name of HEADERS) {
  test(`hidden: the header ${name}, and where the server repeats it`, async () => {
    const url = server.script([{ status: 401, headers: { 'x-request-id': `id ${SECRET}` }, body: JSON.stringify({ error: { code: `bad_${SECRET}`, message: `Not accepted: ${SECRET}` } }) }]);
    hides(await failing(url, { headers: { [name]: SECRET } }), SECRET);
    hides(await failing(url, { headers: { [name]: `Bearer ${SECRET}` } }), SECRET);
    hides(await failing(url, { headers: { [name]: `a=b; session=${SECRET}` } }), SECRET);
    hides(await failing(url, { method: 'POST', body: `{"note":"${SECRET}"}`, headers: new Headers({ [name]: SECRET }) }), SECRET);
  });
}

test('hidden: the headers of a Request', async () => {
  const url = server.script([{ status: 401, body: `{"error":{"code":"x","message":"No ${SECRET}"}}` }]);
  const error = await createFetch({ policy: 'none', throwOnFailure: true })(new Request(url, { headers: { authorization: `Bearer ${SECRET}` } })).catch((/** @type {any} */ cause) => cause);
  hides(error, SECRET);
});

test('hidden: the two halves of basic credentials', async () => {
  const url = server.script([{ status: 401, body: `{"error":{"code":"x","message":"User anna-maria with ${SECRET} is unknown"}}` }]);
  hides(await failing(url, { headers: { authorization: `Basic ${btoa(`anna-maria:${SECRET}`)}` } }), SECRET);
});

const PARAMETERS = ['api_key', 'apikey', 'apiKey', 'key', 'token', 'access_token', 'refresh_token', 'id_token', 'auth', 'client_secret', 'password', 'passwd', 'pwd', 'secret', 'sig', 'signature', 'X-Amz-Signature', 'X-Amz-Credential', 'X-Amz-Security-Token', 'X-Goog-Signature', 'code', 'jwt', 'session', 'sid', 'otp', 'idempotency_key'];
for (const name of PARAMETERS) {
  test(`hidden: the query parameter ${name}`, async () => {
    const url = server.script([{ status: 400, body: `{"error":{"code":"x","message":"Wrong: ${SECRET}"}}` }]);
    const report = hides(await failing(`${url}?page=2&${name}=${SECRET}&sort=up`), SECRET);
    assert.ok(report.endpoint.includes('page=2') && report.endpoint.includes('sort=up') && report.endpoint.includes(name), report.endpoint);
  });
}

test('hidden: a parameter that needs escaping, one that is there twice, a fragment', async () => {
  const url = server.script([{ status: 400, body: '{"error":{"code":"x","message":"Wrong: p@ss/wörd+ 1&2"}}' }]);
  hides(await failing(`${url}?token=${encodeURIComponent('p@ss/wörd+ 1&2')}`), 'p@ss/wörd+ 1&2');
  hides(await failing(`${url}?token=first-one-1&token=${SECRET}`), SECRET);
  hides(await failing(`${url}#access_token=${SECRET}`), SECRET);
  hides(await failing(`${url}?%74oken=${SECRET}`), SECRET);
});

test('hidden: user and password in a URL', async () => {
  const fetch = async () => new Response(`{"error":{"code":"x","message":"Wrong: ${SECRET}"}}`, { status: 401 });
  const error = await failing(`https://anna-maria:${SECRET}@api.example/x`, {}, { fetch });
  const report = hides(error, SECRET);
  assert.ok(!JSON.stringify(report).includes('anna-maria'));
  assert.ok(report.endpoint.includes('https://api.example/x'), report.endpoint);
});

test('hidden: credentials that a network error repeats', async () => {
  const fetch = () => Promise.reject(new TypeError(`Failed: https://me:${SECRET}@api.example/`));
  hides(await failing(`https://me:${SECRET}@api.example/x?token=${SECRET}`, {}, { fetch }), SECRET);
});

const MEMBERS = ['password', 'Password', 'passwd', 'pwd', 'passphrase', 'secret', 'client_secret', 'clientSecret', 'token', 'access_token', 'accessToken', 'refresh_token', 'id_token', 'api_key', 'apiKey', 'x-api-key', 'authorization', 'cookie', 'session', 'sessionId', 'private_key', 'privateKey', 'signature', 'card', 'cardNumber', 'card_number', 'cvc', 'cvv', 'pin', 'otp', 'ssn', 'credential', 'credentials', 'newPassword', 'password_confirmation'];
for (const name of MEMBERS) {
  test(`hidden: the member ${name} of a JSON payload at any depth, and of a form`, async () => {
    const url = server.script([{ status: 422, body: `{"error":{"code":"x","message":"Wrong: ${SECRET}"}}` }]);
    for (const payload of [{ name: 'Ann', [name]: SECRET }, { name: 'Ann', deep: [{ er: { [name]: SECRET } }] }, [{ name: 'Ann' }, { [name]: SECRET }]]) {
      const report = hides(await failing(url, { method: 'POST', body: JSON.stringify(payload) }), SECRET);
      assert.ok(report.payload?.includes('Ann'), `${report.payload}`);
    }
    const form = hides(await failing(url, { method: 'POST', body: `name=Ann&${encodeURIComponent(name)}=${SECRET}` }), SECRET);
    assert.ok(form.payload?.includes('name=Ann'), `${form.payload}`);
    const search = hides(await failing(url, { method: 'POST', body: new URLSearchParams({ name: 'Ann', [name]: SECRET }) }), SECRET);
    assert.ok(search.payload?.includes('Ann'), `${search.payload}`);
    const data = new FormData();
    data.append('name', 'Ann');
    data.append(name, SECRET);
    hides(await failing(url, { method: 'POST', body: data }), SECRET);
  });
}

test('hidden: a secret with structure, where the server repeats a part of it', async () => {
  const url = server.script([{ status: 422, body: `{"error":{"code":"x","message":"Wrong: ${SECRET}"}}` }]);
  for (const value of [[SECRET], { value: SECRET }, [{ value: [SECRET] }]]) hides(await failing(url, { method: 'POST', body: JSON.stringify({ credentials: value }) }), SECRET);
  const card = server.script([{ status: 422, body: '{"error":{"code":"x","message":"Card 4111111111111111 expired"}}' }]);
  for (const body of ['{"card":4111111111111111}', '{"card":{"number":4111111111111111}}']) hides(await failing(card, { method: 'POST', body }), '4111111111111111');
});

test("the error's message shows no secret of the URL", async () => {
  const fetch = async () => new Response('', { status: 401 });
  const { message } = await failing(`https://anna-maria:${SECRET}@api.example/x?token=${SECRET}#${SECRET}`, {}, { fetch });
  assert.ok(!message.includes(SECRET) && !message.includes('anna-maria'), message);
});

test('hidden: a secret in a URL within the payload, JSON within JSON', async () => {
  const url = server.script([{ status: 422 }]);
  hides(await failing(url, { method: 'POST', body: JSON.stringify({ callback: `https://x.example/?token=${SECRET}` }) }), SECRET);
  hides(await failing(url, { method: 'POST', body: JSON.stringify({ inner: JSON.stringify({ password: SECRET }) }) }), SECRET);
});

/** @type {[string, string, Record<string, string>][]} */
const texts = [
  ['a form with spaces in it, typed as a form', `user name=Ann B&password=${SECRET}`, { 'content-type': 'application/x-www-form-urlencoded' }],
  ['JSON cut short', `{"name":"Ann","password":"${SECRET}"`, { 'content-type': 'application/json' }],
  ['lines of JSON', `{"password":"${SECRET}"}\n{"password":"${SECRET}"}`, {}],
  ['XML', `<login><password>${SECRET}</password></login>`, {}],
];
for (const [name, body, headers] of texts) {
  test(`hidden: a secret in ${name}`, async () => {
    hides(await failing(server.script([{ status: 422 }]), { method: 'POST', body, headers }), SECRET);
  });
}

test('the payload of a Request is not read, or is hidden likewise', async () => {
  const url = server.script([{ status: 422 }]);
  const error = await createFetch({ policy: 'none', throwOnFailure: true })(new Request(url, { method: 'POST', body: `{"password":"${SECRET}"}` })).catch((/** @type {any} */ cause) => cause);
  hides(error, SECRET);
});

test('a payload is not unbounded, and hostile ones are no trouble', async () => {
  const url = server.script([{ status: 422 }]);
  const huge = await failing(url, { method: 'POST', body: JSON.stringify({ text: 'x'.repeat(2_000_000) }) });
  assert.ok(JSON.stringify(huge.report()).length < 100_000);
  const deep = await failing(url, { method: 'POST', body: `${'['.repeat(10_000)}${']'.repeat(10_000)}` });
  assert.equal(typeof deep.report().endpoint, 'string');
  const polluted = await failing(url, { method: 'POST', body: '{"__proto__":{"polluted":1},"name":"Ann"}' });
  assert.ok(polluted.report().payload?.includes('Ann'));
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});

test('scope: one endpoint, all traffic, unknown', async () => {
  const alone = await startServer();
  const mixed = await startServer();
  const down = await startServer();
  after(() => Promise.all([alone, mixed, down].map((one) => one.close())));
  assert.equal((await failing(alone.script([{ status: 502 }]))).report().scope, 'unknown');
  const f = createFetch({ policy: 'none' });
  await f(mixed.script([{}]));
  await f(mixed.script([{}]));
  assert.equal((await failing(mixed.script([{ status: 502 }]))).report().scope, 'one_endpoint');
  await f(down.script([{ status: 503 }]));
  await f(down.script([{ fault: 'reset' }])).catch(() => {});
  assert.equal((await failing(down.script([{ status: 502 }]))).report().scope, 'all_traffic');
});
