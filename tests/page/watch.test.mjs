// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { axe } from './browser.mjs';
import { asVisitor, isFirefox, site } from './visitor.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * @param {(page: Page) => Promise<void>} play
 * @param {string} [state] of the link
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
const visitor = (play, state, options) => asVisitor(play, { hash: state ? `#watch:${state}` : '', ready: '#stage-notice[data-state=ready]', options });

/** @param {Page} page */
const press = (page, name = 'Send') => page.getByRole('button', { name, exact: true }).click();

/** @param {Page} page */
const done = (page) => page.waitForSelector('#stage[data-state=done]', { timeout: 25_000 });

/** @param {Page} page */
const ours = (page) => page.waitForSelector('#ours[data-over]', { timeout: 20_000 });

/** Until the next send is waited for. @param {Page} page */
const waiting = (page) => page.locator('.countdown', { hasText: 'next send in' }).waitFor();

/** @param {Page} page */
const attempts = (page) => page.locator('#attempts li').allInnerTexts();

/** @param {Page} page */
const sentence = (page) => page.locator('#stage-sentence').innerText();

/** @param {Page} page */
const verdict = (page) => page.locator('#stage-verdict').innerText();

/**
 * @param {Page} page
 * @param {string} lane
 */
const lane = async (page, lane) => {
  const [count, outcome, sight] = await Promise.all(['.count', '.outcome', '.sight'].map((part) => page.locator(`#${lane} ${part}`).innerText()));
  return { sends: Number.parseInt(count, 10) || 0, outcome, sight };
};

/** @param {Page} page */
const lanes = (page) => Promise.all(['naive', 'typical', 'ours'].map((id) => lane(page, id)));

/** @param {object} limits */
const policy = (limits) => `policy=${encodeURIComponent(JSON.stringify(limits))}`;

// Several visitors at once: most of the time is waiting.
describe('watch it happen', { concurrency: isFirefox ? 3 : 4 }, () => {
  const [ERROR, ANSWER, WAITING] = [/sees an error\.$/, /has the answer\.$/, /^Still waiting after/];
  /** What naive, typical and reprieve come to; `0`: as often as the clock says. @type {[string, number[], RegExp[], string[]?][]} */
  const outcomes = [
    ['fault=overload', [4, 0, 2], [ERROR, ANSWER, ANSWER]],
    ['fault=hidden&retryAfterS=30', [4, 4, 2], [ERROR, ERROR, /attempts_exhausted/], ['The server said 429, 429, 429, 429.', 'The server said 429, 429, 429, 429.', 'The server said 429, 429.']],
    ['fault=flaky', [3, 3, 3], [ANSWER, ANSWER, ANSWER]],
    ['fault=hang', [1, 1, 3], [WAITING, WAITING, ANSWER]],
    ['fault=cut', [2, 2, 2], [ANSWER, ANSWER, ANSWER]],
    ['fault=outage&outageS=30', [4, 4, 2], [ERROR, ERROR, /attempts_exhausted/], ['0 of 4 sends reached the server.', '0 of 4 sends reached the server.', '0 of 2 sends reached the server.']],
    ['fault=order', [2, 2, 1], [ANSWER, ANSWER, /not_idempotent/], ['2 orders booked.', '2 orders booked.', '1 order booked.']],
    ['fault=keyed-order', [2, 2, 2], [ANSWER, ANSWER, ANSWER], ['1 order booked.', '1 order booked.', '1 order booked.']],
    ['fault=order&method=PUT', [2, 2, 2], [ANSWER, ANSWER, ANSWER], ['', '', '']],
  ];
  for (const [state, sends, words, sights] of outcomes) {
    test(state, visitor(async (page) => {
      await press(page);
      await done(page);
      const seen = await lanes(page);
      assert.deepEqual(seen.map((each, index) => sends[index] && each.sends), sends);
      for (const [index, each] of seen.entries()) assert.match(each.outcome, words[index]);
      if (sights) assert.deepEqual(seen.map(({ sight }) => sight), sights);
      assert.equal(await page.locator('#naive .dot').count(), sends[0]);
      if (state === 'fault=cut') assert.equal(await page.locator('#naive .dot').first().textContent(), 'cut');
    }, state));
  }

  test('a 503 with Retry-After: a countdown, then a 200', visitor(async (page) => {
    await press(page);
    const countdown = page.locator('.countdown', { hasText: 'next send in' });
    await countdown.waitFor();
    const first = Number.parseFloat((await countdown.innerText()).replace('next send in ', ''));
    await page.waitForTimeout(700);
    const second = Number.parseFloat((await countdown.innerText()).replace('next send in ', ''));
    assert.ok(first <= 6 && second < first - 0.4, `${first} then ${second}`);
    assert.match((await lane(page, 'ours')).outcome, /^next send in \d\.\d s$/);
    await ours(page);
    const rows = await attempts(page);
    assert.equal(rows.length, 2);
    assert.match(rows[0], /Send 1\s+503\s+unavailable\s+service_unavailable[\s\S]*waited [2-6](\.\d)? s[\s\S]*asked for 2 s/);
    assert.match(rows[1], /Send 2\s+200/);
    assert.match(await sentence(page), /^It worked: 200 after 2 sends/);
    assert.equal(await page.locator('#ours .span.wait').count(), 1);
  }));

  test('rooom 500: sent again once, then no more', visitor(async (page) => {
    await press(page);
    await ours(page);
    assert.equal((await attempts(page)).length, 2);
    assert.match(await sentence(page), /^The server failed\. Stop after 2 sends: the API’s documentation/);
    assert.match(await verdict(page), /attempts_exhausted[\s\S]*rooom/);
  }, 'fault=broken'));

  test('Root 429: ends at once and says when to return', visitor(async (page) => {
    await press(page);
    await ours(page);
    assert.equal((await attempts(page)).length, 1);
    assert.match(await sentence(page), /^Rate limited\. Do not wait for it here: come back in 2 min\. Try again at \d/);
    const at = await page.locator('#stage-verdict time').getAttribute('datetime');
    const minutes = (Date.parse(at ?? '') - Date.now()) / 60_000;
    assert.ok(minutes > 1.5 && minutes < 10, `${minutes} minutes from now`);
    assert.match(await verdict(page), /retry_after_too_long/);
  }, 'fault=limited'));

  test('Root validation: one send, the fields, the link and a report', visitor(async (page) => {
    await press(page);
    await ours(page);
    assert.equal((await attempts(page)).length, 1);
    const cells = await page.locator('#stage-verdict .fields tbody tr').allInnerTexts();
    assert.deepEqual(cells.map((row) => row.split('\t')[0]), ['id.number', 'email']);
    const link = page.locator('#stage-verdict a');
    assert.equal(await link.getAttribute('href'), 'https://docs.rootplatform.com/docs/errors');
    assert.match((await link.getAttribute('rel')) ?? '', /noopener/);
    await page.getByText('Report for support').click();
    const report = JSON.parse(await page.locator('#stage-verdict .report').innerText());
    assert.equal(report.status, 400);
    assert.equal(report.reason, 'not_transient');
    assert.match(report.endpoint, /\/some\/folder\/api\/rootplatform\/v1\/insurance\/policyholders$/);
  }, 'fault=invalid'));

  test('a POST without a key: may have been done', visitor(async (page) => {
    await press(page);
    await ours(page);
    for (const words of [/req_7f3a9c/, /not_idempotent/, /may have taken effect/]) assert.match(await verdict(page), words);
  }, 'fault=order'));

  test('a breaker that opens: the next send is held back', visitor(async (page) => {
    await press(page);
    await page.locator('.countdown', { hasText: 'held, at most' }).waitFor();
    await page.waitForFunction(() => /^held, at most \d\.\d s$/.test(document.querySelector('#ours .outcome')?.textContent ?? ''));
    await ours(page);
    assert.match((await attempts(page))[1], /held for [\s\S]*policy\.breaker/);
    assert.ok((await page.locator('#ours .span.hold').count()) > 0);
    assert.match(await sentence(page), /^It worked: 200/);
  }, `fault=hang&attemptTimeoutMs=1500&${policy({ backoff: { maxMs: 0 }, breaker: { failures: 1, openMs: 2000, maxOpenMs: 2000 } })}`));

  test('cancelled during a wait: nothing is sent any more', visitor(async (page) => {
    await press(page);
    await waiting(page);
    await press(page, 'Cancel');
    await done(page);
    assert.match(await sentence(page), /^Cancelled by you after 1 send/);
    const before = await lanes(page);
    assert.deepEqual(before.map(({ outcome }) => outcome).slice(1), ['Cancelled.', 'Cancelled.']);
    await page.waitForTimeout(6300);
    assert.deepEqual(await lanes(page), before);
    const rows = await attempts(page);
    assert.equal(rows.length, 1);
    assert.match(rows[0], /cancelled after/);
    assert.equal(await page.locator('#cancel').getAttribute('aria-disabled'), 'true');
    assert.equal(await page.locator('#retry').getAttribute('aria-disabled'), 'true');
  }, `fault=flaky&${policy({ backoff: { baseMs: 6000, jitter: 'none' } })}`));

  test('a hanging request that is cancelled ends', visitor(async (page) => {
    await press(page);
    await page.locator('#naive .dot').waitFor();
    await press(page, 'Cancel');
    await done(page);
    assert.deepEqual((await lanes(page)).map(({ outcome }) => outcome), ['Cancelled.', 'Cancelled.', 'Cancelled.']);
    assert.match(await sentence(page), /^Cancelled by you after 1 send/);
  }, 'fault=hang&attemptTimeoutMs=20000'));

  test('another fault in the middle of a call takes the stage', visitor(async (page) => {
    await press(page);
    await waiting(page);
    await page.locator('.card', { has: page.locator('input[value="limited"]') }).click();
    await press(page);
    await ours(page);
    await page.waitForTimeout(3300);
    assert.equal((await attempts(page)).length, 1);
    assert.match(await sentence(page), /^Rate limited/);
  }));

  test('retry now during a wait: one send, at once, under the same key', visitor(async (page) => {
    await press(page);
    await waiting(page);
    await press(page, 'Retry now');
    await ours(page);
    const rows = await attempts(page);
    assert.equal(rows.length, 2);
    assert.match(rows[1], /Send 2\s+201[\s\S]*You pressed: one send, now\./);
    assert.match(await sentence(page), /^It worked: 201 after 2 sends and (\d{3} ms|[1-8](\.\d)? s)\.$/);
    assert.equal((await lane(page, 'ours')).sight, '1 order booked.');
  }, `fault=keyed-order&${policy({ backoff: { minMs: 9000 } })}`));

  test('retry now after a failure, and again', visitor(async (page) => {
    await press(page);
    await ours(page);
    for (const sends of [2, 3]) {
      await press(page, 'Retry now');
      await page.waitForFunction((count) => document.querySelector('#ours[data-over] .count')?.textContent === `${count} sends`, sends);
      assert.match(await sentence(page), /^Rate limited/);
    }
    assert.match(await sentence(page), /That was the one send you asked for\. Try again at \d/);
    assert.equal((await attempts(page)).length, 3);
    assert.equal((await lane(page, 'ours')).sends, 3);
  }, 'fault=limited'));

  test('with motion it counts down frame by frame', visitor(async (page) => {
    await press(page);
    await waiting(page);
    await ours(page);
    assert.match(await sentence(page), /^It worked/);
  }, 'fault=overload&retryAfterS=1', { reducedMotion: 'no-preference' }));

  test('a worker that was stopped gets the script anew', { skip: isFirefox && 'no way to stop it' }, visitor(async (page) => {
    await press(page);
    await ours(page);
    const session = await page.context().newCDPSession(page);
    await session.send('ServiceWorker.enable');
    await session.send('ServiceWorker.stopAllWorkers');
    await press(page);
    await ours(page);
    assert.match(await sentence(page), /^It worked: 201 after 2 sends/);
  }, 'fault=keyed-order'));

  test('a limit out of its range is named beside it, and the last policy stays in force', visitor(async (page) => {
    await page.locator('#watch-policy summary').click();
    const sends = page.locator('#watch').getByLabel('Sends per call');
    await sends.fill('3');
    assert.equal(await page.locator('#watch-policy .differs').innerText(), '1 limit differs from the preset');
    await sends.fill('0');
    const problem = page.locator(`#${((await sends.getAttribute('aria-describedby')) ?? '').split(' ')[1]}`);
    assert.equal(await problem.innerText(), 'Expected a whole number from 1 to 100.');
    assert.equal(await sends.getAttribute('aria-invalid'), 'true');
    await page.locator('#watch').getByLabel('Refill').fill('much');
    assert.match(await page.locator('#watch-policy-budget-refill-problem').innerText(), /^Expected a number from 0/);
    assert.equal(await problem.innerText(), 'Expected a whole number from 1 to 100.');
    assert.match(await page.locator('#watch-policy .differs').innerText(), /2 not valid: the last valid policy is in force/);
    assert.match(await page.locator('#own-code').textContent() ?? '', /maxAttempts: 3/);
    await page.locator('#watch').getByLabel('Refill').fill('');
    await sends.fill('1');
    assert.equal(await sends.getAttribute('aria-invalid'), 'false');
    assert.equal(await problem.textContent(), '');
    await press(page);
    await ours(page);
    assert.equal((await lane(page, 'ours')).sends, 1);
    await press(page, 'Reset limits');
    assert.equal(await sends.inputValue(), '');
    assert.equal(await page.locator('#watch-policy .differs').innerText(), '');
  }, 'fault=flaky'));

  test('a preset fills in its values, and a part can be switched off', visitor(async (page) => {
    await page.locator('#watch-policy summary').click();
    const placeholder = (/** @type {string} */ name) => page.locator(`#watch-policy-${name}`).getAttribute('placeholder');
    await page.locator('#watch').getByLabel('Policy').selectOption('grpc');
    assert.equal(await placeholder('maxAttempts'), '5');
    assert.equal(await placeholder('budget-timeoutCost'), 'the cost');
    assert.equal(await page.locator('#watch-policy-backoff-jitter-from').getAttribute('placeholder'), '0.8');
    assert.equal(await page.locator('#watch-policy-gate-on').isChecked(), false);
    assert.equal(await page.locator('#watch-policy-gate-stretch').isVisible(), false);
    await page.locator('#watch-policy-gate-on').check();
    await page.locator('#watch-policy-budget-on').uncheck();
    await page.locator('#watch-policy-deadlineMs-on').check();
    await page.locator('#watch').getByLabel('A stated delay').selectOption({ label: 'exactly, up to a limit' });
    await page.locator('#watch-policy-retryAfter-maxMs').fill('900');
    assert.equal(await page.locator('#watch-policy .differs').innerText(), '4 limits differ from the preset');
    await page.waitForFunction(() => location.hash.includes('900'));
    const chosen = await page.evaluate(() => JSON.parse(new URLSearchParams(location.hash.slice('#watch:'.length)).get('policy') ?? ''));
    assert.deepEqual(chosen, { preset: 'grpc', deadlineMs: 12000, retryAfter: { maxMs: 900 }, budget: null, gate: {} });
  }));

  test('the form of limits stands twice on a page', visitor(async (page) => {
    const chosen = await page.evaluate(async (site) => {
      const { mountPolicyForm } = await import(`${site}policy/form.js`);
      const root = document.createElement('div');
      root.id = 'again';
      document.querySelector('#stage')?.append(root);
      /** @type {unknown[]} */
      const chosen = [];
      const form = mountPolicyForm(root, { onChange: (/** @type {unknown} */ policy) => chosen.push(policy) });
      chosen.push(form.set({ maxAttempts: 0 }), form.set(null), form.set('bogus'), form.set({ preset: 'patient', maxAttempts: 9 }), form.value());
      Object.assign(globalThis, { chosen });
      return chosen;
    }, site.url);
    assert.deepEqual(chosen, [false, false, false, true, { preset: 'patient', maxAttempts: 9 }]);
    await page.locator('#again summary').click();
    assert.equal(await page.locator('#again-maxAttempts').inputValue(), '9');
    await page.locator('#again-preset').selectOption('brisk');
    assert.deepEqual(await page.evaluate(() => Reflect.get(globalThis, 'chosen').at(-1)), { preset: 'brisk', maxAttempts: 9 });
    assert.equal(await page.locator('#watch-policy-preset').inputValue(), 'default');
    const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id));
    assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), []);
  }));

  test('a link shows another visitor the same', visitor(async (page) => {
    await page.locator('.card', { has: page.locator('input[value="outage"]') }).click();
    await page.locator('#watch-outageS').fill('7');
    await page.locator('#watch-method').selectOption('POST');
    await page.locator('#watch-keyed').check();
    await page.locator('#watch-policy summary').click();
    await page.locator('#watch').getByLabel('Sends per call').fill('6');
    await page.locator('#watch').getByLabel('Jitter').selectOption({ label: 'shares of the bound' });
    await page.locator('#watch-policy-backoff-jitter-to').fill('0.5');
    await page.waitForFunction(() => location.hash.includes('0.5'));
    const link = await page.evaluate(() => location.hash);
    const other = await page.context().newPage();
    await other.goto(`${site.url}${link}`);
    await other.waitForSelector('#stage-notice[data-state=ready]');
    assert.equal(await other.locator('#scenario-list input[value="outage"]').isChecked(), true);
    assert.equal(await other.locator('#watch-outageS').inputValue(), '7');
    assert.equal(await other.locator('#watch-method').inputValue(), 'POST');
    assert.equal(await other.locator('#watch-keyed').isChecked(), true);
    await other.waitForFunction(() => /** @type {HTMLInputElement | null} */ (document.querySelector('#watch-policy-maxAttempts'))?.value === '6');
    assert.equal(await other.locator('#watch-policy-backoff-jitter-to').inputValue(), '0.5');
    assert.equal(await other.locator('#watch-policy .differs').textContent(), '2 limits differ from the preset');
  }));

  test('a link with nonsense is an ordinary visit', visitor(async (page) => {
    assert.equal(await page.locator('input[value="overload"]').isChecked(), true);
    assert.equal(await page.locator('#watch-retryAfterS').inputValue(), '2');
    assert.equal(await page.locator('#watch-method').inputValue(), 'GET');
    assert.equal(await page.locator('#watch').getByLabel('Policy').inputValue(), 'default');
  }, `fault=%3Cimg%3E&retryAfterS=1e9&method=TRACE&keyed=1&${policy({ maxAttempts: 'x', __proto__: null })}`));

  test('a number of the fault that does not fit is not taken', visitor(async (page) => {
    const seconds = page.locator('#watch-retryAfterS');
    await seconds.fill('1');
    await seconds.fill('soon');
    assert.equal(await page.locator('#watch-retryAfterS-problem').innerText(), 'A whole number from 0 to 120.');
    assert.equal(await seconds.getAttribute('aria-invalid'), 'true');
    await press(page);
    await ours(page);
    assert.match((await attempts(page))[0], /asked for 1 s/);
    await page.locator('.card', { has: page.locator('input[value="hang"]') }).click();
    assert.equal(await seconds.isVisible(), false);
    await page.locator('#watch-attemptTimeoutMs').fill('0');
    assert.equal(await page.locator('#watch-attemptTimeoutMs-problem').innerText(), 'Expected a number from 1 to 2147483647, or null.');
  }));

  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`nothing for axe to find, ${colorScheme}`, visitor(async (page) => {
      for (const summary of await page.locator('#stage summary').all()) await summary.click();
      await page.locator('#watch').getByLabel('Sends per call').fill('0');
      await press(page);
      await ours(page);
      assert.deepEqual(await axe(page, '#watch'), []);
    }, 'fault=order', { colorScheme }));
  }
});

// By itself: Firefox loses keys that are pressed in two windows at once.
test('by keyboard alone', visitor(async (page) => {
  // Other visitors' pages are open beside it.
  await page.bringToFront();
  /** @param {string} selector */
  const tabTo = async (selector) => {
    for (let press = 0; press < 60; press += 1) {
      if (await page.evaluate((target) => document.activeElement?.matches(target) ?? false, selector)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`no way to ${selector} by Tab`);
  };
  await tabTo('input[name=scenario]');
  for (let down = 0; down < 8; down += 1) await page.keyboard.press('ArrowDown');
  await tabTo('#watch-method');
  await tabTo('#watch-policy summary');
  // Firefox drops a key when it is busy.
  for (let press = 0; press < 3 && (await page.locator('#watch-policy details[open]').count()) === 0; press += 1) {
    await page.keyboard.press('Enter');
    await page.waitForTimeout(300);
  }
  await page.locator('#watch-policy-maxAttempts').waitFor();
  await tabTo('#watch-policy-maxAttempts');
  await page.keyboard.type('2');
  await tabTo('#send');
  assert.equal(await page.evaluate(() => getComputedStyle(/** @type {Element} */ (document.activeElement)).outlineStyle), 'solid');
  await page.keyboard.press('Enter');
  await ours(page);
  assert.match(await sentence(page), /^The request is invalid\./);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'send');
  await tabTo('#retry');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('#attempts li').length === 2);
  await tabTo('#cancel');
  await tabTo('#stage-verdict summary');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('#stage-verdict .report').isVisible(), true);
}));
