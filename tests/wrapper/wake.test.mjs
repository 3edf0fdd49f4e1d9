// @ts-check
import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFetch, explain } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { STEADY } from './policies.mjs';

const server = await startServer();
after(() => server.close());

const { now } = Date;
/** The machine sleeps: the clock on the wall goes on, timers do not. */
const oversleep = () => (Date.now = () => now() + 3_600_000);
afterEach(() => {
  Date.now = now;
});

test('a machine that sleeps through the deadline of a wait sends no more, and hands back the real failure', async () => {
  const url = server.script([{ status: 503, headers: { 'x-a': 'b' }, body: 'closed' }, {}]);
  const call = createFetch({ policy: STEADY })(`${url}?a=1`);
  await sleep(100);
  oversleep();
  const response = await call;
  const story = explain(response);
  assert.deepEqual([story?.reason, story?.failure?.kind, server.requests(url).length], ['deadline_exceeded', 'unavailable', 1]);
  assert.deepEqual([response.status, response.headers.get('x-a'), response.url, await response.text()], [503, 'b', `${url}?a=1`, 'closed']);
});

test('without a deadline it sends again, and spread: a hundred waits that are late end in no burst', async () => {
  const f = createFetch({ policy: { ...STEADY, budget: null, deadlineMs: null } });
  const url = server.script([...Array(100).fill({ status: 429, headers: { 'retry-after': '1' } }), {}]);
  const calls = Array.from({ length: 100 }, () => f(url, { method: 'POST', body: 'x' }));
  await sleep(600);
  oversleep();
  for (const response of await Promise.all(calls)) assert.equal(response.status, 200);
  const times = server.requests(url).slice(100).map(({ time }) => time);
  assert.equal(times.length, 100);
  const most = Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 100).length));
  assert.ok(most <= 20, `${most} in 100 ms`);
});

test('a clock that is set back delays nothing', async () => {
  const url = server.script([{ status: 503 }, {}]);
  const call = createFetch({ policy: STEADY })(url);
  await sleep(50);
  Date.now = () => now() - 3_600_000;
  await call;
  const [first, second] = server.requests(url);
  assert.ok((second?.time ?? 0) - (first?.time ?? 0) < 600);
});
