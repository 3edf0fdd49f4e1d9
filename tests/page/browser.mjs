// @ts-check
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** @typedef {import('playwright-core').Page} Page */

const SCREENSHOTS = fileURLToPath(new URL('../../target/screenshots/', import.meta.url));

/** @typedef {{page: Page, complaints: string[], leave: () => Promise<void>}} Visit */

/** Pages whose visitors have left. A new profile for each visit takes three times as long. @type {WeakMap<import('playwright-core').Browser, {page: Page, complaints: string[]}[]>} */
const empty = new WeakMap();

/**
 * A visitor, who notes whatever goes wrong on the page. One who asks for something of their own comes with an empty profile; the others like it calm, in
 * Chromium, which takes half of the processor's time.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @param {() => void} [before] Runs in the page before its own scripts.
 * @param {{saveData?: boolean}} [traits] Who saves data gets nothing kept for later, which is two hundred requests less.
 * @returns {Promise<Visit>}
 */
export async function visit(browser, url, options = {}, before, { saveData = true } = {}) {
  const isOrdinary = Object.keys(options).length === 0 && !before && saveData;
  const pool = empty.get(browser) ?? [];
  empty.set(browser, pool);
  const known = isOrdinary ? pool.pop() : undefined;
  const { page, complaints } = known ?? (await arrive(browser, isOrdinary && browser.browserType().name() === 'chromium' ? { reducedMotion: 'reduce' } : options, before, saveData));
  page.setDefaultTimeout(10_000);
  await page.goto(url);
  return {
    page,
    complaints,
    async leave() {
      if (!isOrdinary) return page.context().close();
      await page.unrouteAll();
      await page.goto('about:blank');
      complaints.length = 0;
      pool.push({ page, complaints });
    },
  };
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContextOptions} options
 * @param {(() => void) | undefined} before
 * @param {boolean} saveData
 */
async function arrive(browser, options, before, saveData) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
  });
  if (saveData) await page.addInitScript(() => void Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  if (before) await page.addInitScript(before);
  return { page, complaints };
}

/** What Chromium and Firefox log of each failed response and each lost connection that the demonstration makes on purpose. */
const ON_PURPOSE = [
  /^error: Failed to load resource: (the server responded with a status of [45]\d\d|net::ERR_FAILED)/,
  /^error: Failed to load ‘.*’\. A ServiceWorker (passed an Error Response to|intercepted the request and encountered an unexpected error)/,
];

/** @param {string[]} complaints */
export const unexpected = (complaints) => complaints.filter((text) => !ON_PURPOSE.some((line) => line.test(text)));

/**
 * @param {Page} page
 * @param {string} name
 */
export async function screenshot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage: true, caret: 'initial' });
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe-core finds on the page, or in a part of it: each rule that is broken, with the places.
 *
 * @param {Page} page
 * @param {string} [within] A selector.
 * @returns {Promise<string[]>}
 */
export async function axe(page, within = 'html') {
  await page.evaluate(AXE);
  return page.evaluate(async (selector) => {
    const { axe } = /** @type {{axe: {run: (within: string) => Promise<{violations: {id: string, help: string, nodes: {html: string, failureSummary: string}[]}[]}>}}} */ (/** @type {unknown} */ (globalThis));
    const { violations } = await axe.run(selector);
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 5).map(({ html, failureSummary }) => `${html.slice(0, 120)} (${failureSummary.split('\n')[1]?.trim().slice(0, 160)})`).join(' | ')}`);
  }, within);
}

/** How much wider the page is than its window. Pixels. @param {Page} page */
export const excess = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
