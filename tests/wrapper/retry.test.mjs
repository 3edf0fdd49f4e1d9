// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createFetch, explain, failureOf, Policy } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK, STEADY } from './policies.mjs';
import { record } from './recorder.mjs';

const server = await startServer();
const other = await startServer();
after(() => Promise.all([server.close(), other.close()]));

test('503, 503, 200: three sends, and the whole story', async () => {
  const url = server.script([{ status: 503, body: 'a' }, { status: 503, body: 'b' }, { body: 'ok' }]);
  const began = Date.now();
  const response = await createFetch({ policy: QUICK })(url);
  assert.deepEqual([response.status, await response.text(), server.requests(url).length], [200, 'ok', 3]);
  const story = explain(response);
  assert.ok(story);
  assert.deepEqual([story.reason, story.failure, story.retryAt, story.maybeApplied], ['success', null, null, false]);
  assert.deepEqual(story.attempts.map(({ number, status }) => [number, status]), [[1, 503], [2, 503], [3, 200]]);
  assert.deepEqual(story.attempts.map(({ failure }) => failure?.kind ?? null), ['unavailable', 'unavailable', null]);
  for (const [index, attempt] of story.attempts.entries()) {
    assert.ok(attempt.startedAt >= began - 1 && attempt.startedAt <= Date.now());
    assert.ok(attempt.durationMs >= 0 && attempt.durationMs < 1000);
    if (index < 2) assert.ok(attempt.delayMs !== null && attempt.delayMs >= 0 && attempt.delayMs <= 20);
    else assert.equal(attempt.delayMs, null);
  }
  assert.deepEqual(JSON.parse(JSON.stringify(story)), story);
});

test('a fetch that answers the same GET from memory, unless it has a signal, as in server components of React', async () => {
  /** @type {Promise<Response> | undefined} */
  let known;
  /** @type {typeof fetch} */
  const memory = async (input, init) => (init?.signal ? fetch(input, init) : (await (known ??= fetch(input, init))).clone());
  for (const input of [(/** @type {string} */ url) => url, (/** @type {string} */ url) => new Request(url)]) {
    known = undefined;
    const url = server.script([{ status: 503 }, { status: 503 }, { body: 'ok' }]);
    const response = await createFetch({ policy: QUICK, fetch: memory })(input(url));
    assert.deepEqual([await response.text(), server.requests(url).length], ['ok', 3]);
  }
});

test('waits as long as it says', async () => {
  const url = server.script([{ status: 503 }, {}]);
  await createFetch({ policy: STEADY })(url);
  const [first, second] = server.requests(url);
  const gap = (second?.time ?? 0) - (first?.time ?? 0);
  assert.ok(gap >= 199 && gap < 600, `${gap}`);
});

test('every transient status is sent again, every other once', async () => {
  const f = createFetch({ policy: { ...QUICK, budget: null } });
  for (const [status, sends] of [[400, 1], [401, 1], [403, 1], [404, 1], [409, 1], [410, 1], [422, 1], [501, 1], [408, 2], [425, 2], [429, 2], [500, 2], [502, 2], [503, 2], [504, 2]]) {
    const url = server.script([{ status }, { body: 'ok' }]);
    const response = await f(url);
    assert.deepEqual([status, server.requests(url).length], [status, sends]);
    if (sends === 1) assert.equal(explain(response)?.reason, 'not_transient');
  }
});

test('attempts exhausted', async () => {
  const url = server.script([{ status: 500, body: 'no' }]);
  const response = await createFetch({ policy: { ...QUICK, maxAttempts: 3 } })(url);
  assert.deepEqual([response.status, await response.text(), server.requests(url).length], [500, 'no', 3]);
  const story = explain(response);
  assert.equal(story?.reason, 'attempts_exhausted');
  assert.equal(story?.attempts.length, 3);
  assert.equal(story?.attempts[2]?.delayMs, null);
  assert.deepEqual(failureOf(response), story?.failure);
});

test('the default policy sends four times, the preset none once', async () => {
  const url = server.script([{ status: 503 }]);
  const response = await createFetch({ policy: { ...QUICK, preset: 'default' } })(url);
  assert.deepEqual([server.requests(url).length, explain(response)?.reason], [4, 'attempts_exhausted']);
  const once = server.script([{ status: 503 }]);
  await createFetch({ policy: 'none' })(once);
  assert.equal(server.requests(once).length, 1);
});

test('Retry-After is honoured, never earlier', async () => {
  const url = server.script([{ status: 429, headers: { 'retry-after': '1' } }, { status: 503, headers: { 'retry-after': '1' } }, {}]);
  const response = await createFetch({ policy: QUICK })(url);
  const times = server.requests(url).map(({ time }) => time);
  assert.equal(times.length, 3);
  for (const index of [1, 2]) {
    const gap = (times[index] ?? 0) - (times[index - 1] ?? 0);
    // Times 1 to 2, and up to 2 s: a herd that obeys exactly returns as a herd.
    assert.ok(gap >= 1000 && gap < 4500, `${gap}`);
  }
  assert.equal(explain(response)?.attempts[0]?.failure?.retryAfterMs, 1000);
});

test('Retry-After as a date is read against the server clock', async () => {
  const wrong = Date.now() + 3_600_000;
  const date = (/** @type {number} */ ms) => new Date(ms).toUTCString();
  const url = server.script([{ status: 503, headers: { date: date(wrong), 'retry-after': date(wrong + 1000) } }, {}]);
  const response = await createFetch({ policy: QUICK })(url);
  assert.equal(response.status, 200);
  assert.equal(explain(response)?.attempts[0]?.failure?.retryAfterMs, 1000);
});

test('a Retry-After that does not fit ends the call at once and says when', async () => {
  for (const [value, seconds] of [['60', 60], ['3600', 3600], ['172800', 172_800], ['2147484', 2_147_484], ['99999999999', 99_999_999_999]]) {
    const url = server.script([{ status: 503, headers: { 'retry-after': String(value) }, body: 'closed' }, {}]);
    const began = Date.now();
    const response = await createFetch({ policy: QUICK })(url);
    const story = explain(response);
    assert.deepEqual([response.status, await response.text(), story?.reason, server.requests(url).length], [503, 'closed', 'retry_after_too_long', 1]);
    const late = (story?.retryAt ?? 0) - began - Number(seconds) * 1000;
    assert.ok(late >= -1 && late < 500, `${late}`);
    assert.ok(Date.now() - began < 500);
  }
});

test('without a deadline, 25 days of Retry-After mean stop, not a storm', async () => {
  const url = server.script([{ status: 503, headers: { 'retry-after': '2160000' } }]);
  const response = await createFetch({ policy: { ...QUICK, deadlineMs: null } })(url);
  assert.deepEqual([explain(response)?.reason, server.requests(url).length], ['retry_after_too_long', 1]);
});

test('the deadline ends waiting and sending', async () => {
  const url = server.script([{ status: 503 }]);
  await fetch(server.script([{}]));
  const began = Date.now();
  const response = await createFetch({ policy: { ...STEADY, maxAttempts: 50, budget: null, deadlineMs: 550 } })(url);
  assert.equal(explain(response)?.reason, 'deadline_exceeded');
  assert.equal(server.requests(url).length, 3);
  assert.ok(Date.now() - began < 600);
});

test('the deadline counts slow sends, and never cuts one short', async () => {
  const f = createFetch({ policy: { ...QUICK, deadlineMs: 100 } });
  const slow = await f(server.script([{ delayMs: 300, body: 'slow' }]));
  assert.equal(await slow.text(), 'slow');
  const url = server.script([{ status: 503, delayMs: 150 }, {}]);
  assert.equal(explain(await f(url))?.reason, 'deadline_exceeded');
  assert.equal(server.requests(url).length, 1);
});

test('the budget is shared by all calls to an origin, and by nobody else', async () => {
  const f = createFetch({ policy: { ...QUICK, budget: { tokens: 3, refill: 0 }, breaker: null } });
  const [one, two] = [server.script([{ status: 503 }]), server.script([{ status: 503 }])];
  assert.equal(explain(await f(one))?.reason, 'attempts_exhausted');
  assert.equal(explain(await f(two))?.reason, 'budget_exhausted');
  assert.deepEqual([server.requests(one).length, server.requests(two).length], [4, 1]);
  const away = other.script([{ status: 503 }, {}]);
  assert.equal((await f(away)).status, 200);
  const fresh = server.script([{ status: 503 }, {}]);
  assert.equal((await createFetch({ policy: { ...QUICK, budget: { tokens: 3, refill: 0 } } })(fresh)).status, 200);
});

test('a success gives tokens back', async () => {
  const f = createFetch({ policy: { ...QUICK, maxAttempts: 2, budget: { tokens: 1, refill: 0.5 } } });
  const down = server.script([{ status: 503 }]);
  const up = server.script([{}]);
  assert.equal(explain(await f(down))?.reason, 'attempts_exhausted');
  assert.equal(explain(await f(down))?.reason, 'budget_exhausted');
  await f(up);
  assert.equal(explain(await f(down))?.reason, 'budget_exhausted');
  await f(up);
  assert.equal(explain(await f(down))?.reason, 'attempts_exhausted');
});

test('parallel calls into an outage cannot spend more than the budget', async () => {
  const url = server.script([{ status: 503 }]);
  const f = createFetch({ policy: { ...QUICK, breaker: null } });
  await Promise.all(Array.from({ length: 20 }, () => f(url)));
  assert.equal(server.requests(url).length, 26);
});

test('a Policy shares its budget with everyone who uses it', async () => {
  const policy = new Policy({ ...QUICK, budget: { tokens: 1, refill: 0 } });
  const url = server.script([{ status: 503 }]);
  await createFetch({ policy })(url);
  await createFetch({ policy })(url);
  assert.equal(server.requests(url).length, 3);
});

test('a reset connection is sent again once, late, and rejects with what fetch rejected with', async () => {
  const log = record();
  const url = server.script([{ fault: 'reset' }]);
  const error = await createFetch({ fetch: log.fetch, policy: QUICK })(url).catch((/** @type {unknown} */ reason) => reason);
  assert.ok(error instanceof TypeError);
  assert.equal(error, log.errors.at(-1));
  assert.deepEqual([log.errors.length, server.requests(url).length], [2, 2]);
  const story = explain(error);
  assert.deepEqual([story?.reason, story?.failure?.kind, story?.failure?.status], ['attempts_exhausted', 'network', null]);
  assert.deepEqual(story?.attempts.map(({ status }) => status), [null, null]);
  assert.deepEqual(failureOf(error), story?.failure);
});

test('a reset connection, then an answer', async () => {
  const url = server.script([{ fault: 'reset' }, { body: 'ok' }]);
  assert.equal(await (await createFetch({ policy: QUICK })(url)).text(), 'ok');
});

test('nobody listens: rejects as fetch does', async () => {
  const gone = await startServer();
  await gone.close();
  const log = record();
  const error = await createFetch({ fetch: log.fetch, policy: QUICK })(gone.origin).catch((/** @type {unknown} */ reason) => reason);
  assert.equal(error, log.errors.at(-1));
  assert.ok(log.errors.length <= 2);
});

test('a retry goes to the URL that was asked for, not to where it was redirected', async () => {
  const target = server.script([{ status: 503 }, { body: 'ok' }]);
  const url = server.script([{ status: 307, headers: { location: target } }]);
  const response = await createFetch({ policy: QUICK })(url);
  assert.deepEqual([await response.text(), server.requests(url).length, server.requests(target).length], ['ok', 2, 2]);
});

test("the server's own word on sending again is final", async () => {
  const f = createFetch({ policy: QUICK });
  for (const name of ['x-should-retry', 'stripe-should-retry']) {
    const no = server.script([{ status: 503, headers: { [name]: 'false' } }, {}]);
    assert.equal(explain(await f(no))?.reason, 'server_veto');
    assert.equal(server.requests(no).length, 1);
    const yes = server.script([{ status: 409, headers: { [name]: 'true' } }, {}]);
    assert.equal((await f(yes)).status, 200);
  }
});

test("a vendor's advice narrows the policy: rooom's 500 is sent again once", async () => {
  const url = server.script([{ status: 500, headers: { 'content-type': 'application/json' }, body: '{"error":{"code":"internal","message":"Oops"}}' }]);
  const response = await createFetch({ policy: QUICK, dialects: { [server.origin]: 'rooom' } })(url);
  const story = explain(response);
  assert.deepEqual([server.requests(url).length, story?.reason, story?.failure?.dialect, story?.failure?.code], [2, 'attempts_exhausted', 'rooom', 'internal']);
  const [first, second] = server.requests(url);
  assert.ok((second?.time ?? 0) - (first?.time ?? 0) >= 500);
});
