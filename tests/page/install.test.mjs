// @ts-check
/** "Copy this", as a visitor uses it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { at } from '../../tasks/paths.mjs';
import { SNIPPETS } from '../../www/install/snippets.js';
import { axe, excess } from './browser.mjs';
import { asVisitor } from './visitor.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * @param {(page: Page) => Promise<void>} play
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @param {() => void} [before]
 */
const visitor = (play, options, before) => asVisitor(play, { hash: '#copy', options, before });

/** Keeps what is copied, for browsers ask before they tell. */
const keepCopies = () => {
  Object.assign(globalThis, { copied: '' });
  Object.defineProperty(Navigator.prototype, 'clipboard', { value: { writeText: async (/** @type {string} */ text) => Object.assign(globalThis, { copied: text }) } });
};
/** @param {Page} page */
const copied = (page) => page.evaluate(() => /** @type {{copied: string}} */ (/** @type {unknown} */ (globalThis)).copied);

test('the install line and three lines of code, each to be copied', visitor(async (page) => {
  const section = page.locator('#copy');
  await section.getByRole('button', { name: 'Copy', exact: true }).first().click();
  assert.equal(await copied(page), 'npm install reprieve');
  await section.getByRole('tabpanel').getByRole('button').click();
  assert.equal(await copied(page), SNIPPETS[0].code);
  await section.getByRole('tab', { name: 'axios' }).click();
  await section.getByRole('tabpanel').getByRole('button').click();
  assert.equal(await copied(page), SNIPPETS.find(({ id }) => id === 'axios')?.code);
}, {}, keepCopies));

test('a tab for each library, with the keyboard, and one stop of the Tab key', visitor(async (page) => {
  const tabs = page.locator('#copy').getByRole('tab');
  assert.deepEqual(await tabs.allInnerTexts(), SNIPPETS.map(({ name }) => name));
  await tabs.first().focus();
  for (const [key, name] of [['ArrowRight', 'TanStack Query'], ['End', 'wretch'], ['ArrowRight', 'fetch'], ['ArrowLeft', 'wretch'], ['Home', 'fetch'], ['ArrowRight', 'TanStack Query']]) {
    await page.keyboard.press(key);
    assert.equal(await page.locator(':focus').innerText(), name, key);
    assert.equal(await page.locator('#copy [aria-selected=true]').innerText(), name, key);
  }
  assert.equal(await page.locator('#copy [role=tab][tabindex="0"]').count(), 1);
  await page.keyboard.press('Tab');
  assert.equal(await page.locator(':focus').getAttribute('aria-label'), 'Code for TanStack Query');
}));

test('sizes are those of the build', visitor(async (page) => {
  const sizes = JSON.parse(readFileSync(at('www', 'built', 'sizes.json'), 'utf8'));
  const of = async (/** @type {string} */ name) => {
    await page.locator('#copy').getByRole('tab', { name, exact: true }).click();
    const table = page.locator('#copy').getByRole('tabpanel').locator('tbody tr');
    await table.first().waitFor();
    return (await table.allInnerTexts()).map((row) => row.replace(/\s+/g, ' '));
  };
  const entry = `reprieve itself ${(sizes.index.minified / 1000).toFixed(1)} KB ${(sizes.index.brotli / 1000).toFixed(1)} KB`;
  assert.deepEqual(await of('fetch'), [entry]);
  assert.deepEqual(await of('ky'), [`For ky ${sizes['adapters/ky'].minified} B ${sizes['adapters/ky'].brotli} B`, entry]);
  assert.equal((await of('SWR'))[1], `Shared, once ${sizes['adapters/decide'].minified} B ${sizes['adapters/decide'].brotli} B`);
}));

test('the response above as a program in Rust and in JavaScript, when it is looked at', visitor(async (page) => {
  await page.locator('#same-answer').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.getElementById('rust-program')?.textContent?.includes('status: 429'));
  await page.locator('#paste-text').fill('HTTP/1.1 503 Service Unavailable\nretry-after: 7\n\n{"message":"a \\"b\\" c"}');
  await page.locator('#same-answer').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.getElementById('rust-program')?.textContent?.includes('status: 503'));
  const rust = (await page.locator('#rust-program').textContent()) ?? '';
  assert.match(rust, /\("retry-after", "7"\)/);
  assert.match(rust, /body: r#"\{"message":"a \\"b\\" c"\}"#\.as_bytes\(\)/);
  assert.match((await page.locator('#javascript-program').textContent()) ?? '', /status: 503[^]*\['retry-after', '7'\]/);
  const answer = JSON.parse((await page.locator('#both-print').textContent()) ?? '');
  assert.deepEqual([answer.kind, answer.retryAfterMs, answer.message], ['unavailable', 7000, 'a "b" c']);
  assert.equal(/now_ms: (\d+)/.exec(rust)?.[1], /nowMs: (\d+)/.exec((await page.locator('#javascript-program').textContent()) ?? '')?.[1]);

  await page.locator('#paste-text').fill('nothing that is a response');
  await page.locator('#answer-note').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.getElementById('answer-note')?.textContent?.startsWith('There is no response'));
  assert.equal(await page.locator('#same-answer').isVisible(), false);
}));

test('far from view it costs nothing; a huge response stays a few nodes', visitor(async (page) => {
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
  await page.waitForTimeout(400);
  const before = await page.locator('#rust-program').textContent();
  await page.locator('#paste-text').fill(`HTTP/1.1 400 Bad Request\n\n{"message":"${'<b>"x" '.repeat(30_000)}"}`);
  await page.waitForTimeout(500);
  assert.equal(await page.locator('#rust-program').textContent(), before);
  await page.locator('#same-answer').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.getElementById('rust-program')?.textContent?.includes('status: 400'));
  const { nodes, length } = await page.evaluate(() => ({ nodes: document.querySelectorAll('#same-answer *').length, length: document.getElementById('rust-program')?.textContent?.length ?? 0 }));
  assert.ok(nodes < 500 && length < 70_000, `${nodes} nodes, ${length} characters`);
  assert.equal(await page.locator('#same-answer b b').count(), 0);
}, { viewport: { width: 1280, height: 700 } }));

for (const [width, colorScheme] of /** @type {[number, 'light' | 'dark'][]} */ ([[360, 'light'], [1440, 'dark']])) {
  test(`axe finds nothing, and nothing is too wide: ${width} px, ${colorScheme}`, visitor(async (page) => {
    await page.locator('#same-answer').scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.getElementById('rust-program')?.textContent);
    assert.deepEqual(await axe(page, '#copy'), []);
    assert.equal(await excess(page), 0);
  }, { viewport: { width, height: 900 }, colorScheme }));
}
