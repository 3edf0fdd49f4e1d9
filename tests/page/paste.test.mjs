// @ts-check
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { visit } from './browser.mjs';
import { asVisitor, browser, site } from './visitor.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @param {(page: Page) => Promise<void>} play */
const visitor = (play) => asVisitor(play, { ready: '#samples button' });

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
  // The address was the sample's, and this is another response.
  await enter(page, ROOT_429);
  assert.equal(await page.locator('#paste-url').inputValue(), '');
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
  await page.getByLabel('Fields', { exact: true }).check();
  await page.locator('#paste-status').fill('42');
  assert.match(await page.locator('#status-problem').innerText(), /100 to 999/);
  await page.locator('#paste-status').fill('429');
  assert.equal(await page.locator('#status-problem').textContent(), '');
  assert.equal(await page.locator('#paste-status').getAttribute('aria-invalid'), 'false');
}));

test('the two forms hold the same response', visitor(async (page) => {
  await enter(page, ROOT_429);
  await page.waitForSelector('.why .hint');
  const before = await verdict(page);
  await page.getByLabel('Fields', { exact: true }).check();
  assert.equal(await page.locator('#paste-status').inputValue(), '429');
  assert.equal(await page.locator('#paste-headers').inputValue(), 'content-type: application/json');
  await page.locator('#paste-headers').fill('content-type: application/json\nx-later: 1');
  await page.getByLabel('Whole response').check();
  assert.match(await page.locator('#paste-text').inputValue(), /^HTTP\/1\.1 429\ncontent-type: application\/json\nx-later: 1\n\n\{/);
  await page.waitForSelector('.why .hint');
  const [now, then] = [await verdict(page), before].map((text) => text.replace(/Try again at\s+\S+( [AP]M)?/, ''));
  assert.equal(now, then);
}));

test('a whole response pasted into the body box is split', visitor(async (page) => {
  await page.getByLabel('Fields', { exact: true }).check();
  const text = 'curl -i https://api.rooom.com/v1/spaces\nHTTP/1.1 503 Service Unavailable\nretry-after: 3\n\n{"error":{"code":"service_unavailable","message":"Busy"}}';
  await page.locator('#paste-body').evaluate((box, copied) => {
    const data = new DataTransfer();
    data.setData('text/plain', copied);
    // Firefox makes no ClipboardEvent with data in it.
    const event = new Event('paste', { bubbles: true, cancelable: true });
    box.dispatchEvent(Object.defineProperty(event, 'clipboardData', { value: data }));
  }, text);
  assert.equal(await page.locator('#paste-status').inputValue(), '503');
  assert.equal(await page.locator('#paste-headers').inputValue(), 'retry-after: 3');
  assert.equal(await page.locator('#paste-body').inputValue(), '{"error":{"code":"service_unavailable","message":"Busy"}}');
  assert.equal(await page.locator('#paste-url').inputValue(), 'https://api.rooom.com/v1/spaces');
  assert.match(await verdict(page), /rooom/);
}));

/** What is marked in the box as decisive, or in another role. @param {Page} page @param {string} [role] @param {string} [box] */
async function marked(page, role = 'decides', box = '.whole') {
  await page.waitForSelector('.why .hint');
  return page.locator(`${box} mark[data-role="${role}"]`).allTextContents();
}

test('the bytes that decided are marked where they stand', visitor(async (page) => {
  assert.deepEqual(await marked(page), ['3', '"rate_limit_exceeded"']);
  await enter(page, 'HTTP/1.1 429\n\n{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}');
  await page.locator('#paste-url').fill('https://api.openai.com/v1/responses');
  assert.deepEqual(await marked(page), ['"insufficient_quota"']);
  await enter(page, '> GET /a HTTP/1.1\n> Host: shop.example\n>\n< HTTP/1.1 503 Busy\n< Retry-After: 2\n< x-request-id: r-1\n<\nbusy');
  assert.deepEqual(await marked(page), ['503', '2']);
  assert.deepEqual(await marked(page, 'requestId'), ['r-1']);
  const { from, to } = await page.locator('.whole .marks').evaluate((marks) => {
    const before = document.createRange();
    before.selectNodeContents(marks);
    before.setEndBefore(/** @type {Element} */ (marks.querySelector('mark')));
    return { from: before.toString().length, to: before.toString().length + 3 };
  });
  assert.equal((await page.locator('#paste-text').inputValue()).slice(from, to), '503');
  await page.getByLabel('Fields', { exact: true }).check();
  assert.deepEqual(await marked(page, 'decides', '.fields-only'), ['2']);
  assert.match((await page.locator('#paste-status').getAttribute('class')) ?? '', /decides/);
  await page.locator('#paste-status').fill('200');
  assert.equal(await page.locator('mark[data-role=decides]:not(.legend mark)').count(), 0);
}));

test('the copy that carries the marks lies exactly behind the text', visitor(async (page) => {
  await enter(page, `HTTP/1.1 503\n\n${'a line that is long enough to be broken, and more than once, whatever the width of the box is; '.repeat(30)}`);
  await page.locator('#paste-text').evaluate((area) => void (area.scrollTop = 120));
  const { area, copy } = await page.locator('.whole .marked').evaluate((frame) => {
    const [copy, area] = frame.children;
    return { area: [area.scrollHeight, area.scrollTop, area.clientWidth], copy: [copy.scrollHeight, copy.scrollTop, copy.clientWidth] };
  });
  assert.ok(Math.abs(area[0] - copy[0]) <= 26, `${area} ${copy}`);
  assert.deepEqual(area.slice(1), copy.slice(1));
}));

test('why, in sentences', visitor(async (page) => {
  await enter(page, 'HTTP/1.1 503 Busy\nretry-after: 50\n\n');
  const why = page.locator('.why');
  for (const part of ['The status 503 says', 'The server asks for 50 s, in a header.', 'nothing later than 12 s', 'A policy with more time would wait.', 'remedy: policy.deadlineMs']) {
    assert.ok((await why.innerText()).includes(part), `${part}: ${await why.innerText()}`);
  }
  await page.locator('#paste-method').selectOption('POST');
  await enter(page, 'HTTP/1.1 500 Oops\n\n');
  assert.match(await why.innerText(), /A POST that is sent twice may be done twice[\s\S]*With an idempotency key it could be sent again/);
}));

test('a body alone asks for its status', visitor(async (page) => {
  await enter(page, '{"error":{"code":"rate_limit_exceeded"}}');
  assert.equal(await sentence(page), 'Waiting for a status.');
  await page.locator('#paste-statuses').getByRole('button', { name: '429' }).click();
  assert.match(await sentence(page), /^Rate limited\./);
  assert.equal(await page.locator('#paste-statuses').isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'paste-text');
  // Headers without their first line, as some tools copy them.
  await enter(page, 'content-type: application/json\nretry-after: 2\n\n{"error":{"code":"slow_down"}}');
  await page.locator('#paste-statuses').getByRole('button', { name: '503' }).click();
  assert.match(await sentence(page), /^[\s\S]*Wait 2 s to/);
}));

test('a copied exchange tells method, address and key', visitor(async (page) => {
  await enter(page, 'POST /v1/charges HTTP/1.1\nHost: api.stripe.com\nIdempotency-Key: 8a\n\namount=1\n\nHTTP/1.1 500 Internal Server Error\nrequest-id: req_1\n\n');
  assert.equal(await page.locator('#paste-method').inputValue(), 'POST');
  assert.equal(await page.locator('#paste-url').inputValue(), 'https://api.stripe.com/v1/charges');
  assert.equal(await page.locator('#paste-keyed').isChecked(), true);
}));

test('a link shows another visitor the same verdict', visitor(async (page) => {
  await enter(page, ROOT_429.replace('Too many requests', 'Zu viele Anfragen 🐢'));
  await page.locator('#paste-method').selectOption('DELETE');
  await page.waitForFunction(() => location.hash.startsWith('#paste:'));
  await page.waitForTimeout(500);
  const [address, line] = [page.url(), await sentence(page)];
  const other = await visit(browser, address);
  await other.page.waitForFunction(() => /Zu viele/.test(document.getElementById('paste-verdict')?.textContent ?? ''));
  assert.equal(await sentence(other.page), line);
  assert.equal(await other.page.locator('#paste-method').inputValue(), 'DELETE');
  await other.leave();
}));

test('a damaged link shows the page as it is', visitor(async (page) => {
  const before = await sentence(page);
  for (const hash of ['paste:', 'paste:%00', 'paste:AAAA', 'paste:q1YqUbKKjq0FAA', `paste:${'A'.repeat(9000)}`]) {
    await page.evaluate((to) => void (location.hash = to), hash);
    await page.waitForTimeout(50);
    assert.equal(await sentence(page), before, hash);
  }
}));

test('what is too long for a link says so, and is judged all the same', visitor(async (page) => {
  const noise = Array.from({ length: 9000 }, (_, index) => Math.sin(index).toString(36).slice(3, 7)).join('');
  await enter(page, `HTTP/1.1 503 Busy\n\n${noise}`);
  await page.locator('#paste-long').waitFor();
  assert.match(await sentence(page), /^The service is unavailable/);
}));

test('a naughty message changes nothing but the text', visitor(async (page) => {
  const { cases } = JSON.parse(await readFile(new URL('../suites/naughty_strings.json', import.meta.url), 'utf8'));
  const outcome = await page.evaluate(async (strings) => {
    const [area, sentence, verdict] = ['paste-text', 'paste-sentence', 'paste-verdict'].map((id) => /** @type {HTMLTextAreaElement} */ (document.getElementById(id)));
    /** @param {string} message */
    const enter = (message) => {
      area.value = `HTTP/1.1 429\ncontent-type: application/json\n\n${JSON.stringify({ error: { code: 'rate_limit_exceeded', message } })}`;
      area.dispatchEvent(new InputEvent('input', { bubbles: true }));
    };
    /** The elements, without their text. */
    const shape = () => [...verdict.querySelectorAll('*')].map(({ tagName, attributes }) => `${tagName} ${[...attributes].map(({ name }) => name).sort()}`).join();
    enter('plain');
    const expected = [shape(), sentence.textContent];
    const changed = [];
    let shown = 0;
    for (const text of strings) {
      enter(text);
      const quote = verdict.querySelector('.message')?.textContent ?? null;
      // A message of nothing but space is no message.
      const kept = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
      if (quote === null ? kept.trim() !== '' : quote !== kept || shape() !== expected[0]) changed.push(`${text} is shown as ${quote}`);
      if (sentence.textContent !== expected[1] || 'owned' in globalThis) changed.push(text);
      if (quote !== null) shown += 1;
      await new Promise((resolve) => setTimeout(resolve));
    }
    return { changed, shown };
  }, cases.map((/** @type {{s: string}} */ { s }) => s));
  assert.deepEqual(outcome.changed, []);
  assert.ok(outcome.shown > 400, `${outcome.shown} of ${cases.length}`);
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
    const [{ describe }, { classify }] = await Promise.all([import(`${site}verdict.js`), import(`${site}built/reprieve.js`)]);
    const failure = classify({ status: 500 });
    return ['javascript:alert(1)', 'data:text/html,x', 'nonsense', 'https://docs.example/e'].map((docsUrl) => {
      const box = document.createElement('div');
      box.append(...describe({ failure: { ...failure, docsUrl }, reason: 'not_transient', retryAt: null, maybeApplied: false }));
      return `${box.querySelector('a')?.protocol ?? 'text'} ${box.textContent?.includes(docsUrl.replace('https://', ''))}`;
    });
  }, site.url);
  assert.deepEqual(outcome, ['text true', 'text true', 'text true', 'https: true']);
}));

test('the APIs that are offered load their examples', visitor(async (page) => {
  const apis = await page.locator('#sample-apis button').allInnerTexts();
  assert.deepEqual(apis.slice(0, 2), ['rooom', 'Root']);
  assert.ok(apis.length >= 14);
  for (const chip of await page.locator('#sample-apis button').all()) {
    await chip.click();
    const id = await chip.getAttribute('data-api');
    const { examples } = await (await fetch(`${site.url}built/dialects/${id}.json`)).json();
    await page.waitForFunction(({ count, first }) => {
      const text = /** @type {HTMLTextAreaElement} */ (document.getElementById('paste-text')).value;
      return document.querySelectorAll('#samples button').length === count && text.startsWith(first);
    }, { count: examples.length, first: `HTTP/1.1 ${examples[0].status}\n` });
    assert.ok((await verdict(page)).includes(examples[0].expect.kind), `${id}: ${await sentence(page)}`);
  }
  const lines = await page.evaluate(() => {
    const text = /** @type {HTMLTextAreaElement} */ (document.getElementById('paste-text'));
    return [...document.querySelectorAll('#samples button')].map((chip) => {
      /** @type {HTMLElement} */ (chip).click();
      return `HTTP/1.1 ${chip.querySelector('b')?.textContent} ${text.value.split('\n')[0]}`;
    });
  });
  for (const line of lines) assert.match(line, /^(HTTP\/1\.1 \d+) \1$/);
}));
