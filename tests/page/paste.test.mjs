// @ts-check
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launch } from '../browser/page.mjs';
import { unexpected, visit } from './browser.mjs';
import { serveSite } from './site.mjs';

/** @typedef {import('playwright-core').Page} Page */

const site = await serveSite();
const browser = await launch();
after(async () => {
  await browser.close();
  await site.close();
});

/** @param {(page: Page) => Promise<void>} play */
const visitor = (play) => async () => {
  const { page, complaints, leave } = await visit(browser, site.url, { permissions: ['clipboard-read', 'clipboard-write'] });
  try {
    await page.waitForSelector('#samples button');
    await play(page);
    assert.deepEqual(unexpected(complaints), []);
  } finally {
    await leave();
  }
};

/** @param {Page} page */
const sentence = (page) => page.locator('#paste-sentence').innerText();

/** @param {Page} page */
const verdict = (page) => page.locator('#paste-verdict').innerText();

/** @param {Page} page @param {string} text */
const enter = (page, text) => page.locator('#paste-text').fill(text);

const ROOT_429 = `HTTP/2 429
content-type: application/json

{"error":{"type":"rate_limit_error","message":"Too many requests","more_info":"https://docs.rootplatform.com/docs/errors","trace_id":"t-81"}}`;

test('Root’s 429 gets its verdict', visitor(async (page) => {
  await enter(page, ROOT_429);
  assert.equal(await sentence(page), 'Rate limited. Do not wait for it here: come back in 2 min.');
  const text = await verdict(page);
  for (const part of ['rate_limited', 'retry_after_too_long', 'rate_limit_error', 't-81', 'Too many requests', 'root']) assert.ok(text.includes(part), part);
  assert.equal(await page.locator('#paste-verdict a').getAttribute('href'), 'https://docs.rootplatform.com/docs/errors');
}));

test('the verdict follows every keystroke', visitor(async (page) => {
  await enter(page, '');
  assert.equal(await sentence(page), 'Waiting for a status.');
  await page.locator('#paste-text').pressSequentially('HTTP/1.1 40');
  assert.equal(await sentence(page), 'Waiting for a status.');
  await page.keyboard.type('1');
  assert.match(await sentence(page), /^The credentials were not accepted\./);
  await page.keyboard.press('Backspace');
  await page.keyboard.type('4');
  assert.match(await sentence(page), /^There is nothing at this address\./);
}));

test('method, key and sends change the decision', visitor(async (page) => {
  await enter(page, 'HTTP/1.1 502 Bad Gateway\n\n');
  assert.match(await sentence(page), /Wait up to .* then send it again: safe, it is a GET\.$/);
  await page.locator('#paste-method').selectOption('POST');
  assert.match(await sentence(page), /without an idempotency key it might be done twice/);
  assert.match(await verdict(page), /may have taken effect/);
  await page.locator('#paste-keyed').check();
  assert.match(await sentence(page), /safe, it carries a key\.$/);
  await page.locator('#paste-attempt').fill('4');
  assert.match(await sentence(page), /Stop after 4 sends/);
}));

test('what the server asks for is the least wait', visitor(async (page) => {
  await enter(page, 'HTTP/1.1 503 Busy\nretry-after: 5\n\n');
  assert.match(await sentence(page), /^The service is unavailable\. Wait 5 s to 12 s, then send it again/);
  await enter(page, 'HTTP/1.1 200 OK\n\n{}');
  assert.equal(await sentence(page), 'Nothing failed: 200, and no error in the body.');
  await enter(page, 'HTTP/1.1 304 Not Modified\n\n');
  assert.equal(await sentence(page), 'Nothing failed: 304 is not an error.');
  await enter(page, 'HTTP/1.1 200 OK\n\n{"ok":false,"error":"invalid_auth"}');
  assert.match(await sentence(page), /^The credentials were not accepted\./);
}));

test('mistakes are named beside their box', visitor(async (page) => {
  await enter(page, 'HTTP/1.1 099 What\n\n');
  assert.match(await page.locator('#text-problem').innerText(), /100 to 999/);
  assert.equal(await page.locator('#paste-text').getAttribute('aria-invalid'), 'true');
  await enter(page, 'HTTP/1.1 429\nnonsense\n\n');
  assert.match(await page.locator('#text-problem').innerText(), /Line 2/);
  assert.match(await sentence(page), /^Rate limited/);
  await page.locator('#paste-url').fill('not an address');
  assert.match(await page.locator('#url-problem').innerText(), /https/);
  await page.locator('#paste-attempt').fill('0');
  assert.match(await page.locator('#attempt-problem').innerText(), /1 to 100/);
  await page.getByLabel('Separate fields').check();
  await page.locator('#paste-status').fill('42');
  assert.match(await page.locator('#status-problem').innerText(), /100 to 999/);
  await page.locator('#paste-status').fill('429');
  assert.equal(await page.locator('#status-problem').textContent(), '');
  assert.equal(await page.locator('#paste-status').getAttribute('aria-invalid'), 'false');
}));

test('the two forms hold the same response', visitor(async (page) => {
  await enter(page, ROOT_429);
  const before = await verdict(page);
  await page.getByLabel('Separate fields').check();
  assert.equal(await page.locator('#paste-status').inputValue(), '429');
  assert.equal(await page.locator('#paste-headers').inputValue(), 'content-type: application/json');
  await page.locator('#paste-headers').fill('content-type: application/json\nx-later: 1');
  await page.getByLabel('Whole response').check();
  assert.match(await page.locator('#paste-text').inputValue(), /^HTTP\/1\.1 429\ncontent-type: application\/json\nx-later: 1\n\n\{/);
  const [now, then] = [await verdict(page), before].map((text) => text.replace(/Try again at\s+\S+( [AP]M)?/, ''));
  assert.equal(now, then);
}));

test('a whole response pasted into the body box is split', visitor(async (page) => {
  await page.getByLabel('Separate fields').check();
  const text = 'curl -i https://api.rooom.com/v1/spaces\nHTTP/1.1 503 Service Unavailable\nretry-after: 3\n\n{"error":{"code":"service_unavailable","message":"Busy"}}';
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.locator('#paste-body').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+V');
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.getElementById('paste-status')).value === '503');
  assert.equal(await page.locator('#paste-headers').inputValue(), 'retry-after: 3');
  assert.equal(await page.locator('#paste-body').inputValue(), '{"error":{"code":"service_unavailable","message":"Busy"}}');
  assert.equal(await page.locator('#paste-url').inputValue(), 'https://api.rooom.com/v1/spaces');
  assert.match(await verdict(page), /rooom/);
}));

test('hostile text stays text', visitor(async (page) => {
  const markup = '<img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>';
  const body = JSON.stringify({
    error: { type: 'validation_error', message: markup, more_info: 'javascript:globalThis.owned=1', trace_id: markup, errors: [{ path: markup, message: `\u202E${markup}` }] },
  });
  await enter(page, `HTTP/1.1 400 Bad Request\ncontent-type: application/json\nx-request-id: ${markup}\n\n${body}`);
  assert.equal(await page.locator('#paste-verdict .message').innerText(), markup);
  assert.ok((await page.locator('#paste-verdict .fields').innerText()).includes(markup));
  assert.equal(await page.locator('#paste-verdict :is(img, script, iframe, [onerror])').count(), 0);
  assert.equal(await page.locator('#paste-verdict a').count(), 0);
  await page.waitForTimeout(100);
  assert.equal(await page.evaluate(() => 'owned' in globalThis), false);
}));

test('an address that is not http or https is shown and never linked', visitor(async (page) => {
  const outcome = await page.evaluate(async (site) => {
    const [{ describe }, { classify }] = await Promise.all([import(`${site}verdict.js`), import(`${site}reprieve.js`)]);
    const failure = classify({ status: 500 });
    return ['javascript:alert(1)', 'data:text/html,x', 'nonsense', 'https://docs.example/e'].map((docsUrl) => {
      const box = document.createElement('div');
      box.append(...describe({ failure: { ...failure, docsUrl }, reason: 'not_transient', retryAt: null, maybeApplied: false }));
      return `${box.querySelector('a')?.protocol ?? 'text'} ${box.textContent?.includes(docsUrl.replace('https://', ''))}`;
    });
  }, site.url);
  assert.deepEqual(outcome, ['text true', 'text true', 'text true', 'https: true']);
}));

test('every sample loads and gets a verdict', visitor(async (page) => {
  const apis = await page.locator('#sample-apis option').allInnerTexts();
  assert.deepEqual(apis.slice(0, 2), ['root', 'rooom']);
  let seen = 0;
  for (const api of apis) {
    await page.locator('#sample-apis').selectOption(api);
    for (const chip of await page.locator('#samples button').all()) {
      const status = Number(await chip.locator('b').innerText());
      await chip.click();
      assert.match(await page.locator('#paste-text').inputValue(), new RegExp(`^HTTP/1.1 ${status}\n`));
      const line = await sentence(page);
      // A success may have an error inside.
      if (status >= 400 || !line.startsWith('Nothing failed')) assert.ok((await verdict(page)).includes(api), `${api} ${status}: ${line}`);
      seen += 1;
    }
  }
  assert.equal(seen, (await (await fetch(`${site.url}samples.json`)).json()).length);
}));
