// @ts-check
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { launch } from '../browser/page.mjs';
import { screenshot, unexpected, visit } from './browser.mjs';
import { serveSite } from './site.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = await serveSite();
const browser = await launch();
after(async () => {
  await browser.close();
  await site.close();
});

/**
 * @param {(page: Page, complaints: string[]) => Promise<void>} play
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @param {() => void} [before]
 */
const visitor = (play, options, before) => async () => {
  const { page, complaints, leave } = await visit(browser, site.url, options, before);
  try {
    await play(page, complaints);
    assert.deepEqual(unexpected(complaints), []);
  } finally {
    await leave();
  }
};

/** @param {Page} page */
const ready = (page) => page.waitForSelector('#stage-notice[data-state=ready]');

/**
 * @param {Page} page
 * @param {string} scenario
 */
async function send(page, scenario) {
  await ready(page);
  await page.locator('.card', { has: page.locator(`input[value="${scenario}"]`) }).click();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

/** @param {Page} page */
const done = (page) => page.waitForSelector('#ours[data-over]', { timeout: 15_000 });

/** @param {Page} page */
const attempts = (page) => page.locator('#attempts li').allInnerTexts();

/** @param {Page} page */
const sentence = (page) => page.locator('#stage-sentence').innerText();

describe('the page', () => {
  test('loads below a sub-path, asks for nothing that is missing, and nothing elsewhere', visitor(async (page) => {
    await ready(page);
    assert.equal(await page.locator('#samples button').count() > 0, true);
    assert.deepEqual(site.missing, []);
    const origins = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin));
    assert.deepEqual([...new Set(origins)], [new URL(site.url).origin]);
  }));

  test('its policy stops a script that was slipped in', async () => {
    const { page, complaints, leave } = await visit(browser, site.url);
    await ready(page);
    const outcome = await page.evaluate(() => {
      const script = document.createElement('script');
      try {
        script.text = 'window.slipped = true';
        document.body.append(script);
      } catch (error) {
        return `${/** @type {Error} */ (error).name} ${'slipped' in window}`;
      }
      return `appended ${'slipped' in window}`;
    });
    assert.equal(outcome, 'TypeError false');
    await page.waitForTimeout(200);
    assert.match(complaints.join('\n'), /CSP: require-trusted-types-for/);
    await leave();
  });

  for (const width of [360, 1440]) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      test(`fits ${width} px, ${colorScheme}`, visitor(async (page) => {
        await send(page, 'invalid');
        await done(page);
        await screenshot(page, `${colorScheme}-${width}`);
        for (const mode of ['Fields', 'Whole response']) {
          await page.getByLabel(mode, { exact: true }).check();
          const { scroll, inner } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, inner: document.documentElement.clientWidth }));
          assert.equal(scroll, inner, mode);
        }
      }, { viewport: { width, height: 900 }, colorScheme }));

      test(`has text that stands out enough at ${width} px, ${colorScheme}`, visitor(async (page) => {
        await send(page, 'order');
        await done(page);
        assert.deepEqual(await page.evaluate(faintTexts), []);
      }, { viewport: { width, height: 900 }, colorScheme }));
    }
  }

  for (const width of [1000, 1440]) {
    test(`holds still while a call runs, ${width} px`, visitor(async (page) => {
      await page.evaluate(() => {
        const shifts = /** @type {{shift: number}} */ (/** @type {unknown} */ (globalThis));
        shifts.shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of /** @type {(PerformanceEntry & {value: number, hadRecentInput: boolean})[]} */ (list.getEntries())) {
            if (!entry.hadRecentInput) shifts.shift += entry.value;
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      for (const scenario of ['overload', 'order']) {
        await send(page, scenario);
        await done(page);
        await page.waitForTimeout(100);
      }
      const shift = await page.evaluate(() => /** @type {{shift: number}} */ (/** @type {unknown} */ (globalThis)).shift);
      assert.ok(shift < 0.01, `layout shift ${shift}`);
      // High enough to see what follows the stage.
    }, { viewport: { width, height: 2600 } }));
  }

  /** @type {[string, RegExp, () => void][]} */
  const without = [
    ['missing', /offers no Service Worker/, () => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker')],
    ['refused', /refused to start the Service Worker/, () => {
      ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('The operation is insecure.', 'SecurityError'));
    }],
  ];
  for (const [state, words, before] of without) {
    test(`says so where Service Workers are ${state}, and the rest still works`, visitor(async (page) => {
      await page.waitForSelector('#stage-notice[data-state=missing]');
      assert.match(await page.locator('#stage-notice').innerText(), words);
      assert.equal(await page.locator('#send').getAttribute('aria-disabled'), 'true');
      await page.locator('#send').click({ force: true });
      assert.equal((await attempts(page)).length, 0);
      assert.match(await page.locator('#paste-sentence').innerText(), /^Rate limited\./);
    }, {}, before));
  }

  test('a forced reload, which bypasses the worker, still gets its server', visitor(async (page) => {
    await ready(page);
    const session = await page.context().newCDPSession(page);
    const loaded = page.waitForEvent('load');
    await session.send('Page.reload', { ignoreCache: true });
    await loaded;
    await send(page, 'limited');
    await done(page);
    assert.match(await sentence(page), /^Rate limited/);
  }));
});

/**
 * Texts below the contrast of WCAG AA: 4.5, or 3 where they are large. Runs in the page.
 *
 * @returns {string[]}
 */
function faintTexts() {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (!canvas) throw new Error('no canvas');
  /** @param {string[]} layers Colors, the lowest first. */
  const mix = (layers) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const color of layers) {
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  /** @param {number[]} rgb */
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent?.trim();
    if (!parent?.checkVisibility() || !text || parent.closest('.hidden, option, noscript, [aria-disabled=true]')) continue;
    const layers = [];
    for (let node = /** @type {Element | null} */ (parent); node; node = node.parentElement) layers.unshift(getComputedStyle(node).backgroundColor);
    const style = getComputedStyle(parent);
    const [front, back] = [luminance(mix([...layers, style.color])), luminance(mix(layers))];
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)} ${text.slice(0, 40)}`);
  }
  return faint;
}
