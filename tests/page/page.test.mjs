// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { visit } from './browser.mjs';
import { asVisitor, browser, site } from './visitor.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * @param {(page: Page, complaints: string[]) => Promise<void>} play
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @param {() => void} [before]
 */
const visitor = (play, options, before) => asVisitor(play, { options, before });

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
