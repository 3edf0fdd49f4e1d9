// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Policy } from '../../www/built/reprieve.js';
import { compose, decompose, isOff, presetValue } from '../../www/policy/limits.js';

/** @type {import('../../www/policy/limits.js').Limits} */
const { presets, groups } = JSON.parse(readFileSync(new URL('../../www/policy/limits.json', import.meta.url), 'utf8'));

/** @param {string} name */
const limit = (name) => groups.flatMap(({ limits }) => limits).find((each) => each.name === name) ?? assert.fail(name);

test('without edits a policy is its preset', () => {
  for (const { id } of presets) assert.deepEqual(compose(groups, id, new Map()), { options: id, differing: 0 });
});

test('an edit that is the preset’s own value changes nothing', () => {
  for (const { id } of presets) {
    /** @type {import('../../www/policy/limits.js').Edits} */
    const edits = new Map();
    for (const group of groups) {
      if (isOff(group, id, edits)) continue;
      for (const each of group.limits) {
        const value = presetValue(each, id);
        if (value !== null) edits.set(each.name, value);
      }
    }
    assert.deepEqual(compose(groups, id, edits), { options: id, differing: 0 });
  }
});

/** @type {[string, import('../../www/policy/limits.js').Preset, [string, unknown][], unknown, number][]} */
const CASES = [
  ['a number', 'default', [['maxAttempts', 2]], { maxAttempts: 2 }, 1],
  ['a part off', 'patient', [['breaker', null], ['breaker.failures', 3]], { preset: 'patient', breaker: null }, 1],
  ['a part on', 'none', [['gate', {}], ['gate.lookMs', 5]], { preset: 'none', gate: { lookMs: 5 } }, 2],
  ['no deadline', 'default', [['deadlineMs', null]], { deadlineMs: null }, 1],
  ['a deadline where there was none', 'grpc', [['deadlineMs', {}]], { preset: 'grpc', deadlineMs: 12_000 }, 1],
  ['a deadline of one’s own where there was none', 'grpc', [['deadlineMs', 900]], { preset: 'grpc', deadlineMs: 900 }, 1],
  ['another deadline', 'default', [['deadlineMs', 900]], { deadlineMs: 900 }, 1],
  ['a name', 'aws_standard', [['retryAfter', 'at_least']], { preset: 'aws_standard', retryAfter: 'at_least' }, 1],
  ['shares', 'default', [['backoff.jitter', { from: 0.5, to: 1, plusMs: 0 }]], { backoff: { jitter: { from: 0.5, to: 1, plusMs: 0 } } }, 1],
];
for (const [name, preset, edits, options, differing] of CASES) {
  test(`writes ${name}, and reads it`, () => {
    const composed = compose(groups, preset, new Map(edits));
    assert.deepEqual(composed, { options, differing });
    new Policy(composed.options);
    const read = decompose(groups, composed.options);
    assert.equal(read.preset, preset);
    assert.deepEqual(compose(groups, read.preset, read.edits), composed);
  });
}

test('shares that leave something out mean the same', () => {
  const { edits } = decompose(groups, { preset: 'grpc', backoff: { jitter: { from: 0.8, to: 1.2 } } });
  assert.deepEqual(compose(groups, 'grpc', edits), { options: 'grpc', differing: 0 });
  assert.deepEqual(presetValue(limit('backoff.jitter'), 'grpc'), { from: 0.8, to: 1.2, plusMs: 0 });
});
