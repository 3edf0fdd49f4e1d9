// @ts-check
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { launch } from '../browser/page.mjs';
import { unexpected, visit } from './browser.mjs';
import { serveSite } from './site.mjs';

const browser = await launch();
after(() => browser.close());

/** The page, its styles, its scripts and what they fetch. Bytes, brotli. */
const FIRST_LOAD = 150_000;

/** @param {(site: import('./site.mjs').Site) => Promise<void>} play */
const served = (play) => async () => {
  const site = await serveSite();
  try {
    await play(site);
  } finally {
    await site.close();
  }
};

test('the first load is light, and its modules come at once', served(async (site) => {
  const { page, leave } = await visit(browser, site.url, {}, () => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
  await page.waitForSelector('#samples button');
  await page.waitForLoadState('networkidle');
  const names = [...new Set(['index.html', ...site.served.filter((name) => name !== '')])];
  let total = 0;
  for (const name of names) total += brotliCompressSync(await readFile(new URL(`../../www/${name}`, import.meta.url))).length;
  console.log(`first load: ${names.length} files, ${total} bytes with brotli`);
  assert.ok(total < FIRST_LOAD, `${total} bytes: ${names}`);
  const preloaded = await page.evaluate(() => [...document.querySelectorAll('link[rel=modulepreload]')].map((link) => link.getAttribute('href')));
  const modules = names.filter((name) => name.endsWith('.js') && name !== 'page.js').map((name) => `./${name}`).sort();
  assert.deepEqual(modules.filter((name) => !preloaded.includes(name)), []);
  assert.deepEqual(preloaded.filter((name) => !modules.includes(name ?? '')), []);
  await leave();
}));

test('after a visit it works without a network, all of it', served(async (site) => {
  const { page, complaints, leave } = await visit(browser, site.url, {}, undefined, { saveData: false });
  await page.waitForFunction(() => /without a network/.test(document.getElementById('offline')?.textContent ?? ''), undefined, { timeout: 20_000 });
  await site.close();

  const other = await page.context().newPage();
  await other.goto(`${site.url}#paste`);
  await other.waitForSelector('#samples button');
  await other.locator('#paste-text').fill('HTTP/1.1 404 Not Found\n\n');
  assert.match(await other.locator('#paste-sentence').innerText(), /^There is nothing at this address\./);
  // One that was not looked at before.
  await other.locator('[data-api=shopify]').click();
  await other.waitForFunction(() => /extensions/.test(/** @type {HTMLTextAreaElement} */ (document.getElementById('paste-text')).value));
  const [kept, fresh] = await Promise.all([other, page].map((one) => one.evaluate(() => [...document.styleSheets].map((sheet) => sheet.cssRules.length))));
  assert.deepEqual(kept, fresh);
  await other.waitForSelector('#stage-notice[data-state=ready]');
  assert.deepEqual(unexpected(complaints), []);
  await leave();
}));

test('a new version is kept at the next visit, in place of the old one', served(async (site) => {
  const { page, leave } = await visit(browser, site.url, {}, undefined, { saveData: false });
  const isKept = () => page.waitForFunction(() => document.getElementById('offline')?.textContent !== '', undefined, { timeout: 20_000 });
  await isKept();
  const { version, files } = await page.evaluate(async () => (await fetch('./built/files.json')).json());
  site.replace('favicon.svg', '<svg xmlns="http://www.w3.org/2000/svg" id="newer"/>');
  site.replace('built/files.json', JSON.stringify({ version: `${version}-newer`, files }));
  await page.reload();
  await isKept();
  await site.close();
  assert.match(await page.evaluate(async () => (await fetch('./favicon.svg')).text()), /newer/);
  assert.equal(await page.evaluate(async () => (await caches.keys()).length), 1);
  await leave();
}));
