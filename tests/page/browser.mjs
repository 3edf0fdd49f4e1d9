// @ts-check
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** @typedef {import('playwright-core').Page} Page */

const SCREENSHOTS = fileURLToPath(new URL('../../target/screenshots/', import.meta.url));

/**
 * A visitor with an empty profile, who notes whatever goes wrong on the page.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @param {() => void} [before] Runs in the page before its own scripts.
 * @returns {Promise<{page: Page, complaints: string[], leave: () => Promise<void>}>}
 */
export async function visit(browser, url, options = {}, before = () => {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  /** @type {string[]} */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.addInitScript(before);
  await page.goto(url);
  return { page, complaints, leave: () => context.close() };
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
