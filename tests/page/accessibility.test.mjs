// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, excess, screenshot, unexpected, visit } from './browser.mjs';
import { browser, site } from './visitor.mjs';

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
        assert.equal(await excess(page), 0, mode);
      }
      assert.deepEqual(unexpected(complaints), []);
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => details.removeAttribute('open')));
      await screenshot(page, `${browser.browserType().name()}-${width}-${colorScheme}`);
      await leave();
    });
  }
}
