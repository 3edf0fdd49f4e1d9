// @ts-check
/** What every adapter has to do, counted by a server that fails as told. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { startServer } from '../server/index.mjs';
import { FOLDER } from './install.mjs';

/** @typedef {import('../server/index.mjs').Step} Step */
/** @typedef {{ send: (url: string, method: string) => Promise<unknown> }} Client rejects for a failed response */

/** @type {{ load: (name: string) => Promise<any> }} */
const installed = await import(pathToFileURL(join(FOLDER, 'load.mjs')).href);

/** Imports from where the libraries are installed. */
export const { load } = installed;

export const { createFetch, explain, Policy } = await load('reprieve');

const server = await startServer();
after(() => server.close());

/** Waits that nobody notices. */
export const FAST = { backoff: { baseMs: 1, maxMs: 2 }, gate: null };

const JSON_TYPE = { 'content-type': 'application/json' };
/** @type {Step} */
export const OK = { headers: JSON_TYPE, body: '{"data":{"id":"7"}}' };
/** @type {Step} */
export const DOWN = { status: 503, headers: JSON_TYPE, body: '{"message":"down"}' };
/** @type {Step} */
const LOST = { fault: 'reset' };

/**
 * One call of a client against a script: how many requests came, how it ended, and when they came.
 * @param {Client} client
 * @param {Step[]} steps
 * @param {string} [method]
 */
export async function count(client, steps, method = 'GET') {
  const url = server.script(steps);
  const ended = await client.send(url, method).then(() => 'fine', () => 'failed');
  const requests = server.requests(url);
  return { sends: requests.length, ended, gaps: requests.slice(1).map(({ time }, index) => time - requests[index].time), requests };
}

/**
 * @param {string} name
 * @param {() => Promise<Client> | Client} make a client whose policy is FAST
 * @param {{ lost?: number, write?: number | null }} [expected] sends where the connection is lost each time, and of a POST that gets 503
 */
export function cases(name, make, { lost = 2, write = 1 } = {}) {
  /** @type {[string, Step[], string, number, string][]} */
  const list = [
    ['503, 503, 200', [DOWN, DOWN, OK], 'GET', 3, 'fine'],
    ['400', [{ status: 400, headers: JSON_TYPE, body: '{"message":"wrong"}' }], 'GET', 1, 'failed'],
    ['a dead server: 503', [DOWN], 'GET', 4, 'failed'],
    ['a dead server: no answer', [LOST], 'GET', lost, 'failed'],
    ['429 with Retry-After: 60', [{ status: 429, headers: { 'retry-after': '60' } }], 'GET', 1, 'failed'],
    ['429 with a code that no time cures', [{ status: 429, headers: JSON_TYPE, body: '{"error":{"message":"You exceeded your quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}' }], 'GET', 1, 'failed'],
  ];
  if (write !== null) list.push(['a POST that gets 503', [DOWN], 'POST', write, 'failed']);
  for (const [what, steps, method, sends, ended] of list) {
    test(`${name}: ${what}: ${sends}`, async () => {
      const found = await count(await make(), steps, method);
      assert.deepEqual([found.sends, found.ended], [sends, ended]);
    });
  }
  test(`${name}: 503 with Retry-After: 1`, async () => {
    const found = await count(await make(), [{ ...DOWN, headers: { ...JSON_TYPE, 'retry-after': '1' } }, OK]);
    assert.deepEqual([found.sends, found.ended], [2, 'fine']);
    assert.ok(found.gaps[0] >= 990, `${found.gaps[0]} ms`);
  });
}

/**
 * Our fetch has sent it four times: nobody sends it again.
 * @param {string} name
 * @param {(fetch: typeof globalThis.fetch) => Promise<Client> | Client} make a client whose fetch is given, with the adapter around
 * @param {object} [options]
 */
export function owned(name, make, options = {}) {
  for (const [what, step, sends] of /** @type {const} */ ([['503', DOWN, 4], ['no answer', LOST, 2]])) {
    test(`${name}: our fetch inside, a dead server, ${what}: ${sends}, not ${sends ** 2}`, async () => {
      const found = await count(await make(createFetch({ policy: FAST, ...options })), [step]);
      assert.deepEqual([found.sends, found.ended], [sends, 'failed']);
    });
  }
  test(`${name}: our fetch inside, its circuit is open: nothing is sent`, async () => {
    const fetch = createFetch({ policy: { ...FAST, maxAttempts: 1, budget: null, breaker: { holdMs: 0, openMs: 60_000, maxOpenMs: 60_000 } }, ...options });
    const url = server.script([DOWN]);
    for (const _ of Array(6)) await fetch(url).then(() => {}, () => {});
    const client = await make(fetch);
    const found = await count(client, [OK]);
    assert.deepEqual([found.sends, found.ended], [0, 'failed']);
  });
}
