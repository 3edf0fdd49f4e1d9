// @ts-check
/** A server that is down, as a page with many calls and a visitor with several tabs meet it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from '../server/index.mjs';
import { launch, open, servePage } from './page.mjs';

/** @typedef {typeof import('../../pkg/index.js')} Api */
/** @typedef {import('playwright-core').Page} Page */

const CORS = { cors: { expose: ['retry-after'] } };
const browser = await launch();
const site = await servePage();
after(() => Promise.all([browser.close(), site.close()]));

/** A server of its own: breakers are by origin. @param {(url: string, isDown: () => boolean) => import('../server/index.mjs').Step} step */
async function failing(step) {
  const server = await startServer();
  after(() => server.close());
  let isDown = true;
  const url = server.script(() => step(url, () => isDown), CORS);
  return { server, url, mend: () => void (isDown = false), times: () => server.requests(url).map(({ time }) => time) };
}

/** Tabs of one visitor. @param {number} count */
async function tabs(count) {
  const context = await browser.newContext();
  after(() => context.close());
  const pages = [];
  for (let index = 0; index < count; index += 1) pages.push((await open(browser, site.url, context)).page);
  return /** @type {Page[]} */ (pages);
}

/** Calls one after the other, each with its own policy's memory in the tab. @param {Page} page @param {string[]} urls @param {object} options */
const calls = (page, urls, options) =>
  page.evaluate(
    async ({ urls, options }) => {
      const { createFetch, explain } = /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis)).reprieve;
      const own = /** @type {{ own?: typeof fetch }} */ (globalThis);
      own.own ??= createFetch(options);
      const stories = [];
      for (const url of urls) {
        const began = performance.now();
        const outcome = await own.own(url).catch((error) => error);
        stories.push({ status: outcome.status ?? null, reason: explain(outcome)?.reason, tookMs: performance.now() - began });
      }
      return stories;
    },
    { urls, options },
  );

test('a page with 100 calls into an outage of 3 s', async () => {
  const { url, mend, times } = await failing((_, isDown) => (isDown() ? { status: 503, cors: false } : { body: 'ok' }));
  const [page] = await tabs(1);
  const running = page.evaluate(async (url) => {
    const f = /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis)).reprieve.createFetch();
    const one = async (/** @type {number} */ index) => {
      const began = performance.now();
      const isFine = await f(`${url}?${index}`).then(({ ok }) => ok, () => false);
      return { isFine, tookMs: performance.now() - began };
    };
    return Promise.all(Array.from({ length: 100 }, (_, index) => one(index)));
  }, url);
  await sleep(3000);
  mend();
  const mended = performance.now();
  const outcomes = await running;
  const fine = outcomes.filter(({ isFine }) => isFine);
  const median = fine.map(({ tookMs }) => tookMs).sort((a, b) => a - b)[50] ?? Infinity;
  const sends = times().filter((time) => time < mended).length / 100;
  const later = times().filter((time) => time >= mended);
  const burst = Math.max(...later.map((from) => later.filter((time) => time >= from && time < from + 100).length));
  console.log(`100 calls into 3 s: ${sends} sends per call, ${fine.length} fine, median ${(median / 1000).toFixed(1)} s, at most ${burst} in 100 ms`);
  assert.ok(sends <= 1.1, `${sends} sends per call`);
  assert.ok(fine.length >= 95, `${fine.length} fine`);
  assert.ok(median < 5000, `${median}`);
  assert.ok(burst <= 15, `${burst} in 100 ms`);
});

const POLICY = { maxAttempts: 1, backoff: { baseMs: 5 }, breaker: { openMs: 1500, minOpenMs: 1500, spread: 0, holdMs: 4000, releaseMs: 100 }, gate: { stretch: 0, spreadMs: 0 } };

test('what one tab learns of a server holds the others back as well', async () => {
  const { url, mend, times } = await failing((_, isDown) => (isDown() ? { status: 503 } : { body: 'ok' }));
  const [one, two] = await tabs(2);
  await calls(two, [`${site.url}index.js`], { policy: POLICY });
  await calls(one, Array(4).fill(url), { policy: POLICY });
  await sleep(200);
  const held = calls(two, [url], { policy: POLICY });
  await sleep(200);
  assert.equal(times().length, 4);
  mend();
  const [story] = await held;
  assert.deepEqual([story?.status, times().length], [200, 5]);
  assert.ok((story?.tookMs ?? 0) > 800, `${story?.tookMs}`);
  // Another policy has its own rules.
  const [free] = await tabs(1);
  assert.equal((await calls(free, [url], { policy: 'none' }))[0]?.status, 200);
});

test('a delay that one tab was told parks the other, and a success opens both', async () => {
  const { url, mend } = await failing((_, isDown) => (isDown() ? { status: 429, headers: { 'retry-after': '2' } } : { body: 'ok' }));
  const [one, two] = await tabs(2);
  await calls(two, [`${site.url}index.js`], { policy: POLICY });
  await calls(one, [url], { policy: POLICY });
  mend();
  await sleep(200);
  const [story] = await calls(two, [url], { policy: POLICY });
  assert.equal(story?.status, 200);
  assert.ok((story?.tookMs ?? 0) > 1500 && (story?.tookMs ?? 0) < 3000, `${story?.tookMs}`);
  await sleep(200);
  assert.ok(((await calls(one, [url], { policy: POLICY }))[0]?.tookMs ?? Infinity) < 500);
});

test('a tab that is closed while it looks leaves its place to the others', async () => {
  let isSilent = false;
  const { url, mend, times } = await failing((_, isDown) => (isSilent ? { fault: 'silence' } : isDown() ? { status: 503 } : { body: 'ok' }));
  const [one, two] = await tabs(2);
  await calls(two, [`${site.url}index.js`], { policy: POLICY });
  await calls(one, Array(4).fill(url), { policy: POLICY });
  await sleep(1600);
  isSilent = true;
  const lost = calls(one, [url], { policy: POLICY }).catch(() => null);
  await sleep(200);
  assert.equal(times().length, 5);
  const held = calls(two, [url], { policy: POLICY });
  await sleep(200);
  isSilent = false;
  mend();
  const began = performance.now();
  await one.close();
  await lost;
  const [story] = await held;
  assert.equal(story?.status, 200);
  assert.ok(performance.now() - began < 1000, `${performance.now() - began}`);
});

test('a page that is left says so, and its broken requests open no breaker elsewhere', async () => {
  const { url } = await failing((_, isDown) => (isDown() ? { fault: 'silence' } : { body: 'ok' }));
  const { url: also, mend } = await failing((_, isDown) => (isDown() ? { fault: 'silence' } : { body: 'ok' }));
  const [one, two] = await tabs(2);
  await calls(two, [`${site.url}index.js`], { policy: POLICY });
  await one.evaluate(({ urls, policy }) => {
    const { createFetch, explain } = /** @type {{reprieve: Api}} */ (/** @type {unknown} */ (globalThis)).reprieve;
    const told = createFetch({ policy });
    const plain = createFetch({ policy });
    const save = (/** @type {unknown} */ error) => sessionStorage.setItem('story', JSON.stringify(explain(error)));
    void told(urls[0] ?? '').catch(save);
    for (let count = 0; count < 6; count += 1) void plain(`${urls[1]}?${count}`).catch(() => {});
  }, { urls: [url, also], policy: POLICY });
  await sleep(300);
  await one.goto(`${site.url}?left`);
  const story = JSON.parse((await one.evaluate(() => sessionStorage.getItem('story'))) ?? 'null');
  assert.deepEqual([story?.reason, story?.diagnosis], ['aborted', 'unloading']);
  mend();
  const [next] = await calls(two, [also], { policy: POLICY });
  assert.ok(next?.status === 200 && next.tookMs < 500, JSON.stringify(next));
});
