// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as api from '../../pkg/dist/index.js';
import { excepted, runVectors, summary } from '../vectors.mjs';
import { collect } from './evidence.mjs';

test('all vectors, through the public API', async () => {
  const data = await collect();
  for (const group of [data.dialects, ...Object.values(data.vectors), ...Object.values(data.suites), ...Object.values(data.engine.suites)]) assert.notEqual(group.length, 0);
  const result = await runVectors({ api, data });
  console.log(result.corpus);
  console.log(excepted(result));
  console.log(summary(result));
  assert.deepEqual(result.failures, []);
});

test('a wrong expectation is told', async () => {
  const example = { name: 'x', status: 503, body: '{"type":"about:blank","title":"Hold on","status":503}' };
  const examples = [{ kind: 'unavailable' }, { kind: 'timeout' }, { dialect: null }, { advice: { steps: [] } }, null].map((expect) => ({ ...example, expect }));
  const data = { dialects: [{ id: 'problem-json', examples }], vectors: { classify: [], decide: [], load: [], delay: [], generic: [] }, words: [], corpus: [], further: [], pointerDocument: {}, engine: { suites: {}, policies: {}, exceptions: [] }, suites: { http_date: [], json_torture: [], problem_json: [], naughty_strings: [], structured_fields: [], json_pointer: [] } };
  assert.equal(summary(await runVectors({ api, data })), 'vectors: 1 passed, 4 failed');
  const names = ['right', 'wrong', 'left out'];
  const suites = { circuit_breaker: names.map((name) => ({ name, steps: [['failure', name !== 'right']] })) };
  const exceptions = [{ suite: 'circuit_breaker', reason: 'x', names: ['left out', 'unknown'] }];
  const result = await runVectors({ api, data: { ...data, dialects: [], engine: { suites, policies: {}, exceptions } } });
  assert.deepEqual([excepted(result).slice(0, 19), result.passed, ...result.failures], [
    'exceptions: 1 cases', 1, 'circuit_breaker: wrong: open is false, expected true', 'circuit_breaker: unknown: no such case',
  ]);
});
