// @ts-check
/** Once through the page, section by section, as somebody who was sent its address. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, unexpected, visit } from './browser.mjs';
import { browser, site } from './visitor.mjs';

test('a tour', async () => {
  const { page, complaints, leave } = await visit(browser, site.url);
  page.setDefaultTimeout(30_000);
  const text = (/** @type {string} */ selector) => page.locator(selector).innerText();

  await page.locator('[data-api=openai]').click();
  await page.waitForFunction(() => /api\.openai\.com/.test(/** @type {HTMLInputElement} */ (document.getElementById('paste-url')).value));
  assert.match(await text('#paste-verdict'), /openai/);

  await page.waitForSelector('#stage-notice[data-state=ready]');
  await page.locator('.card', { has: page.locator('input[value=flaky]') }).click();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.waitForSelector('#ours[data-over]');
  assert.match(await text('#stage-sentence'), /^It worked: 200 after 3 sends/);

  await page.evaluate(() => void (location.hash = '#outage:seed=5&tabs=100&seconds=10&fault=outage'));
  await page.waitForFunction(() => /^Outage, 10 s: naive sends/.test(document.getElementById('storm-sentence')?.textContent ?? ''));
  const rows = await page.locator('#storm-figures tbody tr').allInnerTexts();
  assert.equal(rows.length, 3);
  const [naive, , ours] = rows.map((row) => Number(row.trim().split(/\s+/).find((cell) => /^\d/.test(cell))));
  assert.ok(naive > 3.5 && ours < 1.2, rows.join());

  await page.getByRole('tab', { name: 'axios' }).click();
  assert.match(await text('#panel-axios'), /reprieve\/axios[\s\S]*KB/);
  await page.locator('#copy').getByText('fn main()').scrollIntoViewIfNeeded();

  await page.getByLabel('Name or host').fill('stripe');
  await page.locator('#api-list .api:visible').first().click();
  await page.waitForFunction(() => /stripe/.test(/** @type {HTMLInputElement} */ (document.getElementById('paste-url')).value));
  assert.match(await text('#paste-verdict'), /Stripe/);

  await page.locator('#editor').scrollIntoViewIfNeeded();
  const dialect = page.getByLabel('Dialect, as JSON');
  await page.locator('#dialect-state', { hasText: '2 of 2 examples' }).waitFor();
  await dialect.fill('{ "id": "mine", "match": [{ "host": "a.example" }], "code": ["/x"], "kinds": { "rate": ["Y"] } }');
  await page.locator('#editor').getByText('kinds', { exact: false }).first().waitFor();
  await page.locator('#dialect-state[data-state=failed]').waitFor();

  assert.deepEqual(await axe(page), []);
  assert.deepEqual(unexpected(complaints), []);
  await leave();
});
