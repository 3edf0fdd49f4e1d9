// @ts-check
/** "Supported APIs" and the editor of dialects, as a visitor uses them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { at } from '../../tasks/paths.mjs';
import { axe, excess } from './browser.mjs';
import { asVisitor } from './visitor.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {{id: string, name: string}[]} */
const APIS = JSON.parse(readFileSync(at('www', 'built', 'apis.json'), 'utf8'));

/**
 * @param {(page: Page) => Promise<void>} play
 * @param {{hash?: string, options?: import('playwright-core').BrowserContextOptions, before?: () => void, expected?: RegExp}} [visiting]
 */
const visitor = (play, { hash = '#apis', ...visiting } = {}) => asVisitor(play, { hash, ...visiting });

/** @param {Page} page */
const names = (page) => page.locator('#api-list .api:visible b').allInnerTexts();

/** @param {Page} page */
const search = (page) => page.getByLabel('Name or host');

/** @param {Page} page @param {string} text */
const says = (page, text) => page.locator('#dialect-state', { hasText: text }).waitFor();

/** A ready editor. @param {Page} page */
async function editor(page) {
  await page.locator('#editor').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => !['', 'Not read yet'].includes(document.getElementById('dialect-state')?.textContent ?? ''));
  return page.getByLabel('Dialect, as JSON');
}

/** @param {Page} page */
const effect = async (page) => Object.fromEntries((await page.locator('#effect tbody tr').all()).length ? (await page.locator('#effect tbody tr').allInnerTexts()).map((row) => {
  const [name, ...cells] = row.split('\t').map((cell) => cell.trim());
  return [name, cells];
}) : []);

/** What link.js packs. @param {unknown} value */
const pack = (value) => deflateRawSync(JSON.stringify(value)).toString('base64url');

describe('the list', () => {
  test('holds every API, and is searched by name, id and host', visitor(async (page) => {
    await page.locator('#api-list li').first().waitFor();
    assert.equal((await names(page)).length, APIS.length);
    assert.match(await page.locator('#api-count').innerText(), new RegExp(`^${APIS.length}, with \\d+ examples$`));
    await search(page).fill('stripe');
    assert.deepEqual(await names(page), ['Stripe']);
    assert.match(await page.locator('#api-count').innerText(), new RegExp(`^1 of ${APIS.length}, with \\d+ examples$`));
    await search(page).fill('https://shop1.myshopify.com/admin');
    assert.deepEqual(await names(page), ['Shopify']);
    await search(page).fill('no such thing');
    assert.deepEqual(await names(page), []);
    assert.match(await page.locator('#api-count').innerText(), /^None has that name/);
    await search(page).press('Escape');
    assert.equal(await search(page).inputValue(), '');
    assert.equal((await names(page)).length, APIS.length);
    for (const href of await page.locator('#api-list a').evaluateAll((links) => links.map((link) => /** @type {HTMLAnchorElement} */ (link).href))) assert.match(href, /^https:\/\//);
  }));

  test('is one stop of the Tab key, and arrow keys move in it', visitor(async (page) => {
    await page.locator('#api-list li').first().waitFor();
    const all = await names(page);
    const focused = () => page.evaluate(() => document.activeElement?.querySelector('b')?.textContent);
    await search(page).press('Tab');
    assert.equal(await focused(), all[0]);
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(), all[1]);
    await page.keyboard.press('ArrowDown');
    const columns = all.indexOf((await focused()) ?? '') - 1;
    assert.ok(columns > 1, String(columns));
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('End');
    assert.equal(await focused(), all.at(-1));
    await page.keyboard.press('Tab');
    assert.match((await page.locator(':focus').getAttribute('aria-label')) ?? '', /^Documentation of /);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.getElementById('api-list')?.contains(document.activeElement)), false);
  }));

  test('opens an API in the first section', visitor(async (page) => {
    await search(page).fill('openai');
    await page.locator('#api-list').getByRole('button', { name: /^OpenAI/ }).press('Enter');
    await page.waitForFunction(() => /Read as\s.*\bopenai\b/.test(document.getElementById('paste-verdict')?.innerText ?? ''));
    await page.waitForFunction(() => Math.abs(document.getElementById('paste')?.getBoundingClientRect().top ?? 9e9) < innerHeight);
    assert.equal(await page.evaluate(() => document.getElementById('paste')?.contains(document.activeElement)), true);
  }));

  test('says so where the examples cannot be had', visitor(async (page) => {
    await page.route('**/built/dialects/stripe.json', (route) => route.abort());
    await search(page).fill('stripe');
    await page.locator('#api-list').getByRole('button', { name: /^Stripe/ }).click();
    await page.locator('#api-problem', { hasText: 'The examples of Stripe could not be fetched' }).waitFor();
    await page.unroute('**/built/dialects/stripe.json');
    await page.locator('#api-list').getByRole('button', { name: /^Stripe/ }).click();
    await page.waitForFunction(() => /Read as\s.*\bstripe\b/.test(document.getElementById('paste-verdict')?.innerText ?? ''));
    assert.equal(await page.locator('#api-problem').textContent(), '');
  }, { expected: /Failed to load resource|NetworkError/, before: () => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker') }));
});

describe('the editor', () => {
  test('begins with an example, and shows what it changes', visitor(async (page) => {
    await editor(page);
    await says(page, 'Loads: 2 of 2 examples as expected');
    assert.deepEqual(await effect(page), {
      Kind: ['invalid_request', 'unavailable'],
      Code: ['–', 'STOCKTAKING'],
      Message: ['We are counting.', 'We are counting.'],
      Wait: ['–', '1.5 s'],
      Transient: ['no', 'yes'],
      'Read as': ['plain HTTP', 'acme'],
    });
    assert.match(await page.locator('#effect-note').innerText(), /^The response above is not this API’s/);
    assert.match(await page.locator('#dialect-code').innerText(), /createFetch\(\{ dialects: \[acme\] \}\)/);
    await page.getByLabel('Which response').selectOption('');
    const [without, own] = (await effect(page))['Read as'];
    assert.equal(without, own);
    assert.notEqual(own, 'acme');
  }));

  test('problems have a line, and lead there', visitor(async (page) => {
    const text = await editor(page);
    await text.fill('{\n  "id": "a",\n  "match": [{}],\n  "frob": 1,\n}');
    await says(page, 'Does not load: 1 problem');
    assert.match(await page.locator('#dialect-problems').innerText(), /Line 5[^]*A comma too many/);
    await text.fill('{\n  "id": "a",\n  "match": [{}],\n  "code": ["x", "/y"],\n  "frob": 1\n}');
    await says(page, 'Does not load: 3 problems');
    const found = (await page.locator('#dialect-problems li').allInnerTexts()).map((line) => line.replace(/\s+/g, ' '));
    assert.match(found[0], /^Line 3.* \/match\/0 matches everything/);
    assert.match(found[1], /^Line 4.* \/code\/0 expected .*"header:name"/);
    assert.match(found[2], /^Line 5.* \/frob unknown member/);
    assert.equal(await page.locator('#dialect-lines i').count(), 3);
    assert.equal(await text.getAttribute('aria-invalid'), 'true');
    await page.getByRole('button', { name: /^Line 4/ }).press('Enter');
    const selected = await text.evaluate((node) => {
      const { value, selectionStart, selectionEnd } = /** @type {HTMLTextAreaElement} */ (node);
      return [document.activeElement === node, value.slice(selectionStart, selectionEnd)];
    });
    assert.deepEqual(selected, [true, '"x"']);
    // What the schema has nothing against and the core refuses.
    await text.fill('{"id": "a", "match": [{"host": "UPPER.example"}]}');
    await page.waitForFunction(() => !document.getElementById('dialect-problems')?.innerText.includes('frob'));
    assert.match(await page.locator('#dialect-state').innerText(), /^(Loads|Does not load: 1 problem)$/);
  }));

  test('an example that differs says in what', visitor(async (page) => {
    const text = await editor(page);
    await text.fill((await text.inputValue()).replace('"expect": { "kind": "unavailable"', '"expect": { "kind": "timeout"'));
    await says(page, 'Loads: 1 of 2 examples as expected');
    assert.match(await page.locator('#evidence').innerText(), /kind[^]*expected "timeout", got "unavailable"/);
  }));

  test('opens its examples above, reads them with it there, and stops when told', visitor(async (page) => {
    await editor(page);
    await page.getByLabel('Use it above').check();
    await page.getByRole('button', { name: 'Open no credit, behind a proxy' }).click();
    await page.waitForFunction(() => /Read as\s.*\bacme\b/.test(document.getElementById('paste-verdict')?.innerText ?? ''));
    assert.match(await page.locator('#paste-verdict').innerText(), /payment_required/);
    await page.locator('#effect tbody tr', { hasText: 'CREDIT_USED_UP' }).waitFor();
    assert.equal(await page.getByLabel('Which response').inputValue(), '');
    // Every change counts at once; one that does not load leaves the last that did.
    const text = await editor(page);
    await text.fill((await text.inputValue()).replace('"payment_required": ["CREDIT_*"]', '"permission_denied": ["CREDIT_*"]'));
    await page.waitForFunction(() => document.getElementById('paste-verdict')?.innerText.includes('permission_denied'));
    await text.fill('{');
    await says(page, 'Does not load');
    assert.match(await page.locator('#paste-verdict').innerText(), /permission_denied/);
    await page.getByLabel('Use it above').uncheck();
    await page.waitForFunction(() => document.getElementById('paste-verdict')?.innerText.includes('plain HTTP'));
  }));

  test('starts from a built-in dialect, and gives back what was written', visitor(async (page) => {
    const text = await editor(page);
    // At once, while the text waits to be read; and what comes late is not lost to that.
    await page.route('**/built/dialects/rooom.json', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue();
    });
    await text.fill('{"id": "mine"}');
    await page.getByLabel('Start from').selectOption('rooom');
    await says(page, 'Loads: 15 of 15 examples as expected');
    assert.match(await text.inputValue(), /"id": "rooom"/);
    await page.getByLabel('Start from').selectOption('What you wrote');
    await page.waitForFunction(() => /** @type {HTMLTextAreaElement} */ (document.getElementById('dialect-text')).value === '{"id": "mine"}');
  }, { before: () => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker') }));

  test('a link brings a dialect, and typing writes one', visitor(async (page) => {
    const text = await editor(page);
    assert.equal(await text.inputValue(), '{"id":"linked","match":[{"host":"a.example"}]}');
    await says(page, 'Loads');
    await text.fill('{"id":"other"}');
    await page.waitForFunction((before) => location.hash !== before && location.hash.startsWith('#apis:dialect='), `#apis:dialect=${pack('{"id":"linked","match":[{"host":"a.example"}]}')}`);
    const hash = await page.evaluate(() => location.hash);
    await visitor(async (second) => {
      assert.equal(await (await editor(second)).inputValue(), '{"id":"other"}');
    }, { hash })();
  }, { hash: `#apis:dialect=${pack('{"id":"linked","match":[{"host":"a.example"}]}')}` }));

  test('a link that is damaged is told, and Acme stays', visitor(async (page) => {
    const text = await editor(page);
    for (const packed of [pack({ id: 'a' }), pack('x'.repeat(200_000)), '%00']) {
      await says(page, 'Loads: 2 of 2');
      assert.match(await text.inputValue(), /"id": "acme"/);
      await page.locator('#dialect-notice', { hasText: 'damaged' }).waitFor();
      await page.evaluate((link) => {
        const notice = document.getElementById('dialect-notice');
        if (notice) notice.textContent = '';
        location.hash = link;
      }, `apis:dialect=${packed}`);
    }
    await page.locator('#dialect-notice', { hasText: 'damaged' }).waitFor();
    await page.evaluate((link) => (location.hash = link), `apis:dialect=${pack('{"id":"whole"}')}`);
    await page.waitForFunction(() => /** @type {HTMLTextAreaElement} */ (document.getElementById('dialect-text')).value === '{"id":"whole"}');
  }, { hash: '#apis:dialect=xyz' }));

  test('hostile text is data', visitor(async (page) => {
    const text = await editor(page);
    const markup = '<img src=x onerror="globalThis.owned=1">';
    const dialect = {
      id: markup,
      match: [{ statuses: [418] }],
      examples: [{ name: markup, source: 'https://a.example', status: 418, body: { message: markup }, expect: { kind: 'timeout', message: `${markup}!` } }],
    };
    await text.fill(JSON.stringify(dialect, null, 1));
    await says(page, '0 of 1 example');
    for (const draft of ['{"__proto__": {"polluted": 1}, "id": "a"}', '{"id":"a","constructor":1}', '['.repeat(100_000), 'x'.repeat(1_000_000), '{"id":"a","\\ud800":1}', '\0', `{"id":"a","match":[${'{},'.repeat(3000)}{}]}`]) {
      await text.evaluate((node, value) => {
        /** @type {HTMLTextAreaElement} */ (node).value = value;
        node.dispatchEvent(new Event('input', { bubbles: true }));
      }, draft);
      await page.waitForTimeout(300);
      await says(page, 'Does not load');
    }
    assert.ok((await page.locator('#dialect-problems li').count()) <= 13);
    assert.deepEqual(await page.evaluate(() => ['owned' in globalThis, 'polluted' in {}]), [false, false]);
    assert.equal(await page.locator('#apis :is(img, script, iframe)').count(), 0);
    // And it lives.
    await page.getByLabel('Start from').selectOption('stripe');
    await says(page, 'Loads: 13 of 13 examples as expected');
  }));

  test('says so where it cannot be had', visitor(async (page) => {
    await page.route('**/built/schema.js', (route) => route.abort());
    await page.locator('#editor').scrollIntoViewIfNeeded();
    await says(page, 'could not be fetched');
  }, { hash: '', options: { viewport: { width: 1280, height: 300 } }, expected: /Failed to load resource|Loading (failed|module)|NetworkError/, before: () => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker') }));
});

for (const [width, colorScheme] of /** @type {[number, 'light' | 'dark'][]} */ ([[360, 'light'], [1440, 'dark']])) {
  test(`axe finds nothing, and nothing is too wide: ${width} px, ${colorScheme}`, visitor(async (page) => {
    const text = await editor(page);
    await text.fill((await text.inputValue()).replace('"kind": "unavailable"', '"kind": "timeout"').replace('"name": "Acme"', '"nam": "Acme"'));
    await says(page, 'Does not load: 1 problem');
    assert.deepEqual(await axe(page, '#apis'), []);
    assert.equal(await excess(page), 0);
  }, { options: { viewport: { width, height: 900 }, colorScheme } }));
}
