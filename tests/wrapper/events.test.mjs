// @ts-check
import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFetch } from '../../pkg/dist/index.js';
import { startServer } from '../server/index.mjs';
import { QUICK } from './policies.mjs';

/** @typedef {import('../../pkg/index.js').ReprieveEvent} Event */

const server = await startServer();
after(() => server.close());

/** @param {Event[]} events */
const outline = (events) => events.map((event) => [event.type, event.attempt, ...('reason' in event ? [event.reason] : [])]);

test('attempt, wait, attempt, wait, attempt, stop', async () => {
  /** @type {Event[]} */
  const events = [];
  const url = server.script([{ status: 503 }, { status: 429 }, {}]);
  await createFetch({ policy: QUICK, events: (event) => void events.push(event) })(url, { method: 'PUT' });
  assert.deepEqual(outline(events), [['attempt', 1], ['wait', 1], ['attempt', 2], ['wait', 2], ['attempt', 3], ['stop', 3, 'success']]);
  for (const event of events) assert.deepEqual([event.url, event.method], [url, 'PUT']);
  const [, first, , second, , stop] = events;
  assert.ok(first?.type === 'wait' && second?.type === 'wait' && stop?.type === 'stop');
  assert.deepEqual([first.failure.kind, second.failure.kind, stop.failure], ['unavailable', 'rate_limited', null]);
  assert.ok(first.delayMs >= 0 && first.delayMs <= 20);
  assert.deepEqual(JSON.parse(JSON.stringify(events)), events);
});

test('a stop tells the failure, the reason and when to come back', async () => {
  /** @type {Event[]} */
  const events = [];
  const f = createFetch({ policy: QUICK, events: (event) => void events.push(event) });
  await f(server.script([{ status: 404 }]));
  await f(server.script([{ status: 503, headers: { 'retry-after': '90' } }]));
  assert.deepEqual(outline(events), [['attempt', 1], ['stop', 1, 'not_transient'], ['attempt', 1], ['stop', 1, 'retry_after_too_long']]);
  const [, gone, , busy] = events;
  assert.ok(gone?.type === 'stop' && busy?.type === 'stop');
  assert.deepEqual([gone.failure?.kind, gone.retryAt, busy.failure?.kind], ['not_found', null, 'unavailable']);
  assert.ok((busy.retryAt ?? 0) > Date.now() + 85_000);
});

test('each event comes when it happens', async () => {
  /** @type {[string, number][]} */
  const seen = [];
  const url = server.script([{ status: 503 }, {}]);
  await createFetch({ policy: QUICK, events: ({ type }) => void seen.push([type, server.requests(url).length]) })(url);
  assert.deepEqual(seen, [['attempt', 0], ['wait', 1], ['attempt', 1], ['stop', 2]]);
});

test('an abort stops with the reason aborted', async () => {
  /** @type {Event[]} */
  const events = [];
  const url = server.script([{ status: 503, headers: { 'retry-after': '5' } }]);
  const call = createFetch({ policy: QUICK, events: (event) => void events.push(event) })(url, { signal: AbortSignal.timeout(50) });
  await assert.rejects(call);
  assert.deepEqual(outline(events), [['attempt', 1], ['wait', 1], ['stop', 1, 'aborted']]);
});

test('a hook that throws is reported to the console and changes nothing', async () => {
  const complaint = mock.method(console, 'error', () => {});
  try {
    const url = server.script([{ status: 503 }, { body: 'ok' }]);
    const broken = new Error('broken hook');
    const response = await createFetch({ policy: QUICK, events: () => { throw broken; } })(url);
    assert.deepEqual([await response.text(), server.requests(url).length], ['ok', 2]);
    assert.equal(complaint.mock.callCount(), 4);
    assert.ok(complaint.mock.calls.every((call) => /** @type {unknown[]} */ (call.arguments).includes(broken)));
  } finally {
    complaint.mock.restore();
  }
});

test('a hook that rejects is reported likewise, and is no unhandled rejection', async () => {
  const complaint = mock.method(console, 'error', () => {});
  /** @type {unknown[]} */
  const unhandled = [];
  const note = (/** @type {unknown} */ reason) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  try {
    const events = async () => { throw new Error('broken hook'); };
    const response = await createFetch({ events })(server.script([{ body: 'ok' }]));
    assert.equal(await response.text(), 'ok');
    await sleep(20);
    assert.deepEqual(unhandled, []);
    assert.equal(complaint.mock.callCount(), 2);
  } finally {
    process.off('unhandledRejection', note);
    complaint.mock.restore();
  }
});
