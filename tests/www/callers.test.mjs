// @ts-check
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { naive, sleep, typical } from '../../www/watch/callers.js';

/** The answers to come, by the path that is asked for. @type {Map<string, ('lost' | 'cut' | number)[]>} */
const scripts = new Map();
/** @type {Map<string, number>} */
const requests = new Map();

const server = createServer((request, response) => {
  const path = request.url ?? '';
  requests.set(path, (requests.get(path) ?? 0) + 1);
  const answer = scripts.get(path)?.shift() ?? 200;
  if (answer === 'lost') request.socket.destroy();
  else if (answer === 'cut') {
    response.writeHead(200, { 'content-length': '100' }).write('half');
    setTimeout(() => request.socket.destroy(), 20);
  } else response.writeHead(answer).end('whole');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
after(() => {
  server.closeAllConnections();
  server.close();
});

/**
 * @param {('lost' | 'cut' | number)[]} answers
 * @param {(url: URL, init: RequestInit & {signal: AbortSignal}, waits: number[]) => Promise<string>} call
 */
async function play(answers, call) {
  const path = `/${scripts.size}`;
  scripts.set(path, [...answers]);
  /** @type {number[]} */
  const waits = [];
  const outcome = await call(new URL(path, `http://127.0.0.1:${port}`), { method: 'POST', signal: new AbortController().signal }, waits).catch((error) => error.message);
  return { outcome, waits, sends: requests.get(path) };
}

/** @type {[string, ('lost' | 'cut' | number)[], number, string][]} */
const CASES = [
  ['a success at once', [200], 1, 'whole'],
  ['two failures', [502, 'lost', 200], 3, 'whole'],
  ['a body that breaks off', ['cut', 200], 2, 'whole'],
  ['a failure that stays', [400, 400, 400, 400, 200], 4, 'status 400'],
];

for (const [name, answers, sends, outcome] of CASES) {
  test(`naive: ${name}`, async () => {
    assert.deepEqual(await play(answers, (url, init) => naive(fetch, url, init)), { outcome, waits: [], sends });
  });

  test(`typical: ${name}`, async () => {
    const waits = [1000, 2000, 4000].slice(0, sends - 1);
    assert.deepEqual(await play(answers, (url, init, noted) => typical(fetch, url, init, async (ms) => void noted.push(ms))), { outcome, waits, sends });
  });
}

test('neither goes on after an abort', async () => {
  for (const caller of [naive, typical]) {
    const controller = new AbortController();
    let sends = 0;
    const hang = () => {
      sends += 1;
      controller.abort();
      return Promise.reject(controller.signal.reason);
    };
    await assert.rejects(caller(hang, new URL('http://127.0.0.1'), { signal: controller.signal }, sleep), { name: 'AbortError' });
    assert.equal(sends, 1);
  }
});

test('a sleep that is aborted ends at once', async () => {
  const controller = new AbortController();
  const slept = sleep(60_000, controller.signal);
  controller.abort();
  await assert.rejects(slept, { name: 'AbortError' });
  await assert.rejects(sleep(60_000, controller.signal), { name: 'AbortError' });
  await sleep(1, new AbortController().signal);
});
