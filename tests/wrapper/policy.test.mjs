// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify, Policy } from '../../pkg/dist/index.js';

/** @param {number} status @param {Record<string, string>} [headers] */
function failureFor(status, headers) {
  const failure = classify({ status, headers });
  assert.ok(failure);
  return failure;
}
const busy = failureFor(503);

test('retry: after a wait drawn below the bound', () => {
  const policy = new Policy({ backoff: { baseMs: 1000, multiplier: 2, maxMs: 3000 }, maxAttempts: 100, deadlineMs: null, budget: null });
  const bounds = [1000, 2000, 3000, 3000];
  for (const [index, bound] of bounds.entries()) {
    for (const random of [0, 0.5, 0.999]) {
      const decision = policy.decide(busy, { attempt: index + 1, random });
      assert.deepEqual({ ...decision, delayMs: 0 }, { retry: true, delayMs: 0, reason: null, retryAt: null, maybeApplied: false, basis: { inputs: [{ name: 'policy.backoff', value: bound }], remedy: 'policy.backoff' } });
      assert.ok(decision.retry && Math.abs(decision.delayMs - bound * random) <= 1, `${decision.delayMs}`);
    }
  }
});

test('without a random number, waits differ', () => {
  const policy = new Policy({ budget: null });
  const delays = new Set(Array.from({ length: 20 }, () => policy.decide(busy).delayMs));
  assert.ok(delays.size > 5);
  for (const delay of delays) assert.ok(delay !== null && delay >= 0 && delay <= 1000);
});

test('jitter none: the bound itself', () => {
  const policy = new Policy({ backoff: { baseMs: 100, multiplier: 3, jitter: 'none' } });
  assert.deepEqual([1, 2, 3].map((attempt) => policy.decide(busy, { attempt }).delayMs), [100, 300, 900]);
});

test('stop: with a reason', () => {
  const policy = new Policy();
  /** @type {[any, any, string, boolean][]} */
  const cases = [
    [failureFor(404), {}, 'not_transient', false],
    [busy, { attempt: 4 }, 'attempts_exhausted', false],
    [busy, { method: 'POST' }, 'not_idempotent', true],
    [busy, { method: 'POST', keyed: true, attempt: 4 }, 'attempts_exhausted', true],
    [busy, { method: 'PUT', replayable: false }, 'body_not_replayable', true],
    [busy, { elapsedMs: 12_000, random: 0.5 }, 'deadline_exceeded', false],
    [failureFor(503, { 'retry-after': '30' }), {}, 'retry_after_too_long', false],
    [failureFor(503, { 'x-should-retry': 'false' }), {}, 'server_veto', false],
  ];
  for (const [failure, situation, reason, maybeApplied] of cases) {
    const decision = policy.decide(failure, situation);
    assert.deepEqual([decision.retry, decision.delayMs, decision.reason, decision.maybeApplied], [false, null, reason, maybeApplied]);
  }
});

test('retryAt counts from nowMs', () => {
  const decision = new Policy().decide(failureFor(503, { 'retry-after': '30' }), { nowMs: 1_000_000 });
  assert.equal(decision.retryAt, 1_030_000);
});

test("the server's delay is a floor", () => {
  const policy = new Policy({ budget: null });
  const failure = failureFor(503, { 'retry-after': '3' });
  for (const random of [0, 0.5, 0.999]) {
    const decision = policy.decide(failure, { random });
    assert.ok(decision.retry && decision.delayMs >= 3000 && decision.delayMs <= 12_000);
  }
});

test('a method in any letter case', () => {
  const policy = new Policy({ budget: null });
  assert.equal(policy.decide(busy, { method: 'put' }).retry, true);
  assert.equal(policy.decide(busy, { method: 'post' }).reason, 'not_idempotent');
  assert.equal(policy.decide(failureFor(429), { method: 'POST' }).retry, true);
});

test('the budget: by partition, given back by successes, never above its size', () => {
  const policy = new Policy({ budget: { tokens: 2, refill: 0.5 }, breaker: null });
  const retries = (/** @type {string} */ partition) => {
    let count = 0;
    while (policy.decide(busy, { partition }).retry) count += 1;
    return count;
  };
  assert.equal(retries('a'), 2);
  assert.equal(policy.decide(busy, { partition: 'a' }).reason, 'budget_exhausted');
  assert.equal(retries('b'), 2);
  policy.success('a');
  assert.equal(retries('a'), 0);
  policy.success('a');
  assert.equal(retries('a'), 1);
  for (let index = 0; index < 100; index += 1) policy.success('a');
  assert.equal(retries('a'), 2);
  assert.equal(retries('b'), 0);
  assert.equal(retries(''), 2);
  policy.success();
  policy.success();
  assert.equal(retries(''), 1);
});

test('64 partitions are kept, the one least recently used is forgotten', () => {
  const policy = new Policy({ budget: { tokens: 1, refill: 0 } });
  const take = (/** @type {string} */ partition) => policy.decide(busy, { partition }).retry;
  for (let index = 0; index < 64; index += 1) assert.equal(take(`p${index}`), true);
  assert.equal(take('p0'), false);
  assert.equal(take('p64'), true);
  assert.deepEqual([take('p0'), take('p63'), take('p64')], [false, false, false]);
  assert.equal(take('p1'), true);
});

test('a stop takes no token', () => {
  const policy = new Policy({ budget: { tokens: 1, refill: 0 } });
  for (let index = 0; index < 5; index += 1) policy.decide(failureFor(404));
  assert.equal(policy.decide(busy).retry, true);
  assert.equal(policy.decide(busy).reason, 'budget_exhausted');
});

test('partitions named like members of Object are partitions', () => {
  const policy = new Policy({ budget: { tokens: 1, refill: 0 } });
  for (const partition of ['__proto__', 'constructor', 'toString']) {
    assert.equal(policy.decide(busy, { partition }).retry, true);
    assert.equal(policy.decide(busy, { partition }).retry, false);
  }
});

test('presets', () => {
  assert.equal(new Policy('none').decide(busy).reason, 'attempts_exhausted');
  assert.equal(new Policy('patient').decide(busy, { attempt: 7, elapsedMs: 100_000 }).retry, true);
  assert.equal(new Policy({ preset: 'patient', maxAttempts: 3 }).decide(busy, { attempt: 3 }).retry, false);
  assert.equal(new Policy({ maxAttempts: 9, preset: 'patient' }).decide(busy, { attempt: 8 }).retry, true);
});

test('two policies share nothing', () => {
  const [one, two] = [new Policy({ budget: { tokens: 1 } }), new Policy({ budget: { tokens: 1 } })];
  assert.equal(one.decide(busy).retry, true);
  assert.equal(two.decide(busy).retry, true);
});

test('a failure that went through JSON still decides', () => {
  const failure = JSON.parse(JSON.stringify(failureFor(503, { 'retry-after': '30' })));
  assert.equal(new Policy().decide(failure).reason, 'retry_after_too_long');
});
