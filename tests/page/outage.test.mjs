// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contenders } from '../../www/outage/contenders.js';
import { Run } from '../../www/outage/model.js';
import { USUAL } from '../../www/outage/storm.js';
import { axe, excess, screenshot, unexpected } from './browser.mjs';
import { asVisitor, isFirefox } from './visitor.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** A storm that is soon over. */
const QUICK = '#outage:seed=5&tabs=100&seconds=10';
/** One that is not. */
const LONG = '#outage:seed=5&tabs=1000&rate=2&seconds=120';

/**
 * @param {string} hash
 * @param {(page: Page, complaints: string[]) => Promise<void>} play
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @param {() => void} [before]
 */
const visitor = (hash, play, options, before) => asVisitor(play, { hash, ready: '#storm[data-running]', timeoutMs: 30_000, options, before });

/** @param {Page} page */
const sentence = (page) => page.locator('#storm-sentence').innerText();

/** @param {Page} page */
const over = (page) => page.waitForFunction(() => /requests a call/.test(document.getElementById('storm-sentence')?.textContent ?? ''));

/** @param {Page} page @returns {Promise<string[][]>} */
const figures = (page) => page.locator('#storm-figures tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => (cell.textContent ?? '').replaceAll('\u00a0', ' '))));

/** How far the first line reaches. @param {Page} page */
const reach = (page) => page.evaluate(() => (document.querySelector('#storm-chart .series.ours')?.getAttribute('d') ?? '').split('L').length);

/** @param {Page} page */
const scrollToChart = (page) => page.evaluate(() => document.getElementById('storm-chart')?.scrollIntoView({ block: 'center', behavior: 'instant' }));

/** What the model says, outside any browser. @param {string} hash */
function expected(hash) {
  const knobs = Object.fromEntries([...new URLSearchParams(hash.replace('#outage:', ''))].map(([name, value]) => [name, Number(value)]));
  const storm = { ...USUAL, ...knobs };
  return contenders(storm.policy).map((contender) => {
    const { sends, peak, recovery, fine } = new Run(storm, contender).finish();
    const recovered = recovery === null ? 'not in 60 s' : recovery === 0 ? 'at once' : `after ${recovery} s`;
    return [sends.toFixed(2), `${(peak * 0.7).toFixed(1)}×`, recovered, `${(fine * 100).toFixed(1)} %`];
  });
}

test('computes nothing before it is in view, then shows what comes of it', visitor('', async (page) => {
  await page.waitForTimeout(300);
  assert.equal(page.workers().length, 0);
  assert.match((await page.locator('#storm-chart').getAttribute('aria-label')) ?? '', /no results yet/);
  await scrollToChart(page);
  await over(page);
  const rows = await figures(page);
  assert.deepEqual(rows.map(([name]) => name), ['naive', 'AWS-like', 'reprieve']);
  const [naive, aws, ours] = rows.map(([, sends]) => Number(sends));
  assert.ok(naive > 3.7 && aws > 2.7 && aws < 3 && ours < 0.7, `${naive} ${aws} ${ours}`);
  assert.match(await sentence(page), /^Brown-out, 30 s: naive sends 3\.8\d requests a call, AWS-like 2\.8\d, reprieve 0\.5\d\./);
  assert.match((await page.locator('#storm-chart').getAttribute('aria-label')) ?? '', /reprieve recovers after/);
  // The address is the visitor's until a knob is touched.
  assert.equal(new URL(page.url()).hash, '');
}));

test('a link gives the same figures every time, in every browser and outside of one', visitor(QUICK, async (page) => {
  await over(page);
  const once = await figures(page);
  assert.deepEqual(once.map((row) => row.slice(1)), expected(QUICK));
  await page.evaluate(() => {
    const heard = /** @type {{heard: number, channel: BroadcastChannel}} */ (/** @type {unknown} */ (globalThis));
    heard.heard = 0;
    heard.channel = new BroadcastChannel('reprieve-1');
    heard.channel.onmessage = () => {
      heard.heard += 1;
    };
  });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForSelector('#storm[data-running=true]');
  await over(page);
  assert.deepEqual(await figures(page), once);
  assert.equal(await page.evaluate(() => Reflect.get(globalThis, 'heard')), 0, 'the real tabs hear nothing of the simulated');
}));

test('the lines grow while it runs, and Stop ends it', visitor(LONG, async (page) => {
  await page.waitForFunction(() => (document.querySelector('#storm-chart .series.ours')?.getAttribute('d') ?? '').includes('L'));
  const early = await reach(page);
  await page.waitForFunction((before) => (document.querySelector('#storm-chart .series.ours')?.getAttribute('d') ?? '').split('L').length > before + 2, early);
  const reaches = await page.locator('#storm-chart .series').evaluateAll((paths) => paths.map((path) => (path.getAttribute('d') ?? '').split('L').length));
  assert.equal(new Set(reaches).size, 1, 'all lines end at the same second');
  const stop = page.getByRole('button', { name: 'Stop' });
  await stop.click();
  assert.match(await sentence(page), /^Stopped after \d+ of 195 simulated seconds\.$/);
  assert.equal(await stop.evaluate((node) => node === document.activeElement), true);
  const stopped = await reach(page);
  await page.waitForTimeout(500);
  assert.equal(await reach(page), stopped);
  assert.equal(await page.locator('#storm').getAttribute('data-running'), 'false');
}, isFirefox ? {} : { reducedMotion: 'no-preference' }));

test('a knob starts another run and is in the address', visitor(QUICK, async (page) => {
  await over(page);
  const outage = await figures(page);
  await page.getByLabel('Rate limit', { exact: true }).check();
  await page.waitForFunction(() => /^Rate limit, 10 s/.test(document.getElementById('storm-sentence')?.textContent ?? ''));
  assert.notDeepEqual(await figures(page), outage);
  assert.match(await page.locator('#fault-note').innerText(), /429/);
  await page.waitForFunction(() => location.hash === '#outage:fault=limit&seconds=10&tabs=100&seed=5');
  assert.equal(await page.locator('#storm-link').getAttribute('href'), '#outage:fault=limit&seconds=10&tabs=100&seed=5');
  await page.getByRole('button', { name: 'New seed' }).click();
  await over(page);
  const seed = await page.locator('#storm-seed').inputValue();
  assert.match(seed, /^\d{1,6}$/);
  await page.waitForFunction((other) => location.hash.endsWith(`seed=${other}`), seed);
}));

test('another link in the same page is opened', visitor(QUICK, async (page) => {
  await over(page);
  await page.evaluate(() => {
    location.hash = '#outage:seed=9&tabs=100&seconds=5&policy=brisk';
  });
  await page.waitForFunction(() => /^Brown-out, 5 s/.test(document.getElementById('storm-sentence')?.textContent ?? ''));
  assert.equal(await page.locator('#storm-policy').inputValue(), 'brisk');
  assert.equal(await page.locator('#storm-seed').inputValue(), '9');
}));

test('what does not fit is said beside its knob, and does not run', visitor(QUICK, async (page) => {
  await over(page);
  const tabs = page.getByLabel('Tabs', { exact: true });
  await tabs.fill('5000');
  await tabs.press('Enter');
  assert.equal(await page.locator('#storm-tabs-problem').innerText(), 'A whole number from 100 to 1000.');
  assert.equal(await tabs.getAttribute('aria-invalid'), 'true');
  assert.equal(await tabs.evaluate((node) => node === document.activeElement), true);
  assert.equal(await page.locator('#storm').getAttribute('data-running'), 'false');
  assert.match(await sentence(page), /requests a call/);
  await tabs.fill('120');
  await tabs.press('Enter');
  await page.waitForSelector('#storm[data-running=true]');
  assert.equal(await page.locator('#storm-tabs-problem').innerText(), '');
  assert.equal(await tabs.getAttribute('aria-invalid'), 'false');
  await over(page);
}));

test('a link with nonsense in it is as usual', visitor('#outage:seed=-1&tabs=1e9&fault=__proto__&policy=x&rate=NaN', async (page) => {
  const shown = await page.evaluate(() => ['seed', 'tabs', 'seconds', 'rate', 'policy'].map((name) => /** @type {HTMLInputElement} */ (document.getElementById(`storm-${name}`)).value));
  assert.deepEqual(shown, ['7', '400', '30', '0.5', 'default']);
}));

test('a second can be read with the keyboard and with the pointer', visitor(QUICK, async (page) => {
  await over(page);
  const slider = page.getByRole('slider', { name: 'Read a second' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('#storm-clock').innerText(), 'Second 2 of the fault');
  assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /^Second 2 of the fault\. naive: load \d\.\d times the capacity, successes \d+\.\d\s%; AWS-like: .*; reprieve: /);
  assert.match(await page.locator('#storm-legend').innerText(), /naive\s+\d\.\d×, \d+\.\d\s%/);
  await scrollToChart(page);
  const box = await page.locator('#storm-chart').boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width - 100, box.y + 100);
  assert.match(await page.locator('#storm-clock').innerText(), /^\d+ s after the fault$/);
  assert.equal(await page.locator('#storm-chart .cursor').getAttribute('visibility'), 'visible');
}));

test('with reduced motion it is drawn once, at the end', visitor('', async (page) => {
  await page.evaluate(() => {
    const seen = /** @type {{drawn: number}} */ (/** @type {unknown} */ (globalThis));
    seen.drawn = 0;
    new MutationObserver(() => {
      if (document.querySelector('#storm-chart .series.ours[d*=L]')) seen.drawn += 1;
    }).observe(/** @type {Element} */ (document.getElementById('storm-chart')), { childList: true, subtree: true });
  });
  const tabs = page.getByLabel('Tabs', { exact: true });
  await tabs.fill('100');
  await tabs.press('Enter');
  await over(page);
  assert.equal(await page.evaluate(() => /** @type {{drawn: number}} */ (/** @type {unknown} */ (globalThis)).drawn), 1);
}, {}, () => {
  // Not every browser can be told to by its driver.
  const ask = globalThis.matchMedia;
  globalThis.matchMedia = (query) => ask.call(globalThis, /reduced-motion: reduce/.test(query) ? 'all' : query);
}));

test('says so where modules cannot run as workers', visitor(QUICK, async (page) => {
  await page.waitForFunction(() => /needs a browser that runs modules as workers/.test(document.getElementById('storm-sentence')?.textContent ?? ''));
  assert.equal(await page.locator('#storm').getAttribute('data-running'), 'false');
}, {}, () => {
  globalThis.Worker = /** @type {typeof Worker} */ (/** @type {unknown} */ (class {
    constructor() {
      throw new TypeError('no module workers');
    }
  }));
}));

for (const [width, colorScheme] of /** @type {const} */ ([[360, 'light'], [1440, 'dark']])) {
  test(`fits ${width} px, ${colorScheme}, holds still, and axe finds nothing`, visitor(QUICK, async (page, complaints) => {
    const height = () => page.evaluate(() => document.getElementById('storm')?.getBoundingClientRect().height);
    const before = await height();
    await over(page);
    assert.equal(await height(), before, 'the height of the panel');
    assert.equal(await excess(page), 0);
    const sizes = await page.locator('#storm-chart text').evaluateAll((texts) => texts.map((text) => /** @type {SVGTextElement} */ (text).getBoundingClientRect()).map(({ left, right, height }) => ({ left, right, height })));
    for (const { left, right, height } of sizes) assert.ok(left >= 0 && right <= width && height >= 11, `${left} to ${right}, ${height} high`);
    assert.deepEqual(unexpected(complaints), []);
    assert.deepEqual(await axe(page, '#outage'), []);
    await screenshot(page, `outage-${colorScheme}-${width}`);
    // What those two do to the page, the page's policy objects to in Firefox.
    complaints.length = 0;
  }, { viewport: { width, height: 900 }, colorScheme }));
}
