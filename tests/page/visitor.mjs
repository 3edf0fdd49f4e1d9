// @ts-check
/** The site and the browser of a file of tests; both end with it. */
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { launch } from '../browser/page.mjs';
import { unexpected, visit } from './browser.mjs';
import { serveSite } from './site.mjs';

/** @typedef {import('playwright-core').Page} Page */

export const site = await serveSite();
export const browser = await launch();
export const isFirefox = browser.browserType().name() === 'firefox';
after(async () => {
  await browser.close();
  await site.close();
});

/**
 * A test in which a visitor does something, and nothing goes wrong on the page meanwhile.
 *
 * @param {(page: Page, complaints: string[]) => Promise<void>} play
 * @param {object} [visiting]
 * @param {string} [visiting.hash] of the address
 * @param {string} [visiting.ready] What is there before they begin: a selector.
 * @param {RegExp} [visiting.expected] Complaints that the test provokes.
 * @param {number} [visiting.timeoutMs]
 * @param {import('playwright-core').BrowserContextOptions} [visiting.options]
 * @param {() => void} [visiting.before] Runs in the page before its own scripts.
 */
export const asVisitor = (play, { hash = '', ready, expected, timeoutMs, options, before } = {}) => async () => {
  const { page, complaints, leave } = await visit(browser, site.url + hash, options, before);
  if (timeoutMs !== undefined) page.setDefaultTimeout(timeoutMs);
  try {
    if (ready) await page.waitForSelector(ready);
    await play(page, complaints);
    assert.deepEqual(unexpected(complaints).filter((text) => !expected?.test(text)), []);
  } finally {
    await leave();
  }
};
