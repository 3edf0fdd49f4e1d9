// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launch } from '../browser/page.mjs';
import { axe, screenshot, unexpected, visit } from './browser.mjs';
import { serveSite } from './site.mjs';

const site = await serveSite();
const browser = await launch();
after(async () => {
  await browser.close();
  await site.close();
});

for (const width of [360, 1440]) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`${width} px, ${colorScheme}: nothing that axe objects to, nothing to scroll sideways`, async () => {
      const { page, complaints, leave } = await visit(browser, site.url, { viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
      await page.waitForSelector('#stage-notice[data-state=ready]');
      await page.waitForSelector('#samples button');
      await page.waitForSelector('.why .hint');
      await page.locator('.card', { has: page.locator('input[value=invalid]') }).click();
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.waitForSelector('#ours[data-over]');
      for (const summary of await page.locator('details > summary').all()) await summary.click();
      assert.deepEqual(await axe(page), []);
      for (const mode of ['Fields', 'Whole response']) {
        await page.getByLabel(mode, { exact: true }).check();
        const { scroll, inner } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, inner: document.documentElement.clientWidth }));
        assert.equal(scroll, inner, mode);
      }
      assert.deepEqual(unexpected(complaints), []);
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => details.removeAttribute('open')));
      await screenshot(page, `${browser.browserType().name()}-${width}-${colorScheme}`);
      await leave();
    });
  }
}
