// @ts-check
import { byId, element } from '../element.js';
import { Lane } from './lane.js';
import { createFetch, ApiError, explain } from '../built/reprieve.js';
import { DIALECTS, SCENARIOS, sequence } from './scenarios.js';
import { script } from './server.js';
import { Timeline } from './timeline.js';
import { describe } from '../verdict.js';
import { clock, count, duration, meaning, stopping } from '../wording.js';

/** @typedef {import('./scenarios.js').Scenario} Scenario */

/** The axis shows at least this much. Seconds. */
const AXIS_S = 4;

/**
 * "Watch it happen": real calls against a server that fails on purpose.
 *
 * @param {Promise<void>} ready Resolves when the Service Worker answers for this page.
 */
export function mountStage(ready) {
  const form = byId('scenarios', HTMLFormElement);
  const send = byId('send', HTMLButtonElement);
  const cancel = byId('cancel', HTMLButtonElement);
  const notice = byId('stage-notice', HTMLParagraphElement);
  const axis = byId('axis', HTMLDivElement);
  const verdict = byId('stage-verdict', HTMLDivElement);
  const sentence = byId('stage-sentence', HTMLParagraphElement);
  const list = byId('attempts', HTMLOListElement);
  const news = byId('stage-news', HTMLParagraphElement);

  /** @type {AbortController | null} */
  let running = null;
  let selected = SCENARIOS[0];
  let available = true;

  byId('scenario-list', HTMLDivElement).replaceChildren(...SCENARIOS.map(card));
  const radios = () => /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('input[name=scenario]')]);
  select(SCENARIOS.find(({ id }) => radios().some((radio) => radio.checked && radio.value === id)) ?? SCENARIOS[0]);

  form.addEventListener('change', () => {
    const radio = radios().find(({ checked }) => checked);
    select(SCENARIOS.find(({ id }) => id === radio?.value) ?? SCENARIOS[0]);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!running) void run();
  });
  cancel.addEventListener('click', () => running?.abort());

  ready.then(
    () => {
      notice.textContent = 'The server is ready. It runs in this page, as a Service Worker.';
      notice.dataset.state = 'ready';
    },
    (error) => fail(error),
  );

  /** @param {Error} error */
  function fail(error) {
    notice.textContent = error.message;
    notice.dataset.state = 'missing';
    available = false;
    running = null;
    busy(false);
  }

  /** @param {boolean} yes */
  function busy(yes) {
    // aria-disabled and not disabled: a disabled button drops the keyboard's focus.
    send.setAttribute('aria-disabled', String(yes || !available));
    cancel.setAttribute('aria-disabled', String(!yes));
  }

  /** @param {Scenario} scenario */
  function select(scenario) {
    running?.abort();
    running = null;
    selected = scenario;
    byId('note', HTMLParagraphElement).textContent = scenario.note;
    byId('request', HTMLElement).textContent = `${scenario.method} ${scenario.path.slice(1)}`;
    byId('key', HTMLElement).textContent = scenario.keyed ? 'idempotencyKey: true' : '';
    for (const lane of ['plain', 'ours']) new Lane(byId(lane, HTMLDivElement));
    axis.style.setProperty('--total', String(AXIS_S));
    byId('axis-end', HTMLElement).textContent = `${AXIS_S} s`;
    new Timeline(list);
    sentence.textContent = '';
    news.textContent = '';
    sentence.removeAttribute('data-state');
    verdict.replaceChildren();
    byId('stage', HTMLDivElement).dataset.state = 'idle';
    busy(false);
  }

  async function run() {
    try {
      await ready;
    } catch {
      return;
    }
    if (running) return;
    const scenario = selected;
    select(scenario);
    const controller = new AbortController();
    running = controller;
    busy(true);
    byId('stage', HTMLDivElement).dataset.state = 'running';

    /** @type {[string, string]} */
    let ids;
    try {
      ids = [await script(scenario.steps.slice()), await script(scenario.steps.slice())];
    } catch (error) {
      if (running === controller) fail(/** @type {Error} */ (error));
      return;
    }
    const mine = () => running === controller;
    if (!mine()) return;

    const began = performance.now();
    const elapsed = () => (performance.now() - began) / 1000;
    const timeline = new Timeline(list);
    const plain = new Lane(byId('plain', HTMLDivElement));
    const ours = new Lane(byId('ours', HTMLDivElement));
    const url = new URL(scenario.path, location.href);
    /** @param {string} id */
    const init = (id) => ({
      method: scenario.method,
      body: scenario.payload ?? null,
      headers: { 'x-call': id, ...(scenario.payload ? { 'content-type': 'application/json' } : {}) },
      signal: controller.signal,
    });
    const ticking = tickWhile(mine, () => {
      timeline.tick(performance.now());
      const total = Math.max(AXIS_S, Math.ceil(elapsed() + 0.2));
      axis.style.setProperty('--total', String(total));
      byId('axis-end', HTMLElement).textContent = `${total} s`;
    });

    const beside = plainly(plain, url, init(ids[0]), elapsed, mine);

    // A fetch of its own for each run: runs share no retry budget.
    const fetch = createFetch({
      throwOnFailure: true,
      idempotencyKey: scenario.keyed ?? false,
      dialects: Object.fromEntries(Object.entries(DIALECTS).map(([path, id]) => [new URL(path, location.href).href, id])),
      events(event) {
        if (!mine()) return;
        const now = performance.now();
        if (event.type === 'attempt') {
          timeline.send(now);
          ours.send(elapsed());
        } else if (event.type === 'wait') {
          timeline.wait(event.failure, event.delayMs, now);
          ours.answer('failed', status(event.failure.status));
          ours.wait(elapsed(), event.delayMs / 1000);
          news.textContent = `Send ${event.attempt} failed: ${meaning(event.failure)} Next send in ${duration(event.delayMs)}.`;
        }
      },
    });

    /** @type {Response | null} */
    let response = null;
    /** @type {unknown} */
    let error = null;
    try {
      response = await fetch(url, init(ids[1]));
    } catch (thrown) {
      error = thrown;
    }
    if (!mine()) return;

    const explanation = explain(response ?? error);
    const failure = explanation?.failure ?? null;
    const cancelled = controller.signal.aborted;
    const sends = explanation?.attempts.length ?? timeline.sends;
    const took = duration(performance.now() - began);
    timeline.stop(failure, response?.status ?? failure?.status ?? null, cancelled, performance.now());
    if (cancelled) {
      ours.answer('cancelled', '');
      ours.stop(elapsed(), 'cancelled', 'cancelled');
      say('cancelled', `Cancelled by you after ${count(sends, 'send')} and ${took}. No timer is left.`);
      verdict.replaceChildren();
    } else if (response) {
      ours.answer('ok', status(response.status));
      ours.stop(elapsed(), 'ok', `${response.status}: the visitor waited ${took}`);
      say('ok', sends > 1 ? `It worked: ${response.status} after ${count(sends, 'send')} and ${took}.` : `It worked at once: ${response.status}.`);
      const body = await response.text();
      if (!mine()) return;
      verdict.replaceChildren(element('p', { class: 'hint' }, 'The caller gets an ordinary Response:'), element('pre', { class: 'report', tabindex: 0, 'aria-label': 'Body' }, body));
    } else if (failure && explanation) {
      ours.answer('failed', status(failure.status));
      ours.stop(elapsed(), 'failed', `stopped: ${explanation.reason}`);
      const when = explanation.retryAt === null || explanation.reason === 'not_idempotent' ? '' : ` Try again at ${clock(explanation.retryAt)}.`;
      say('failed', `${meaning(failure)} ${stopping(explanation.reason, { failure, keyed: scenario.keyed, attempt: sends })}${when}`);
      verdict.replaceChildren(...describe({ ...explanation, failure, report: error instanceof ApiError ? error.report() : null }));
    } else {
      say('failed', String(error));
    }
    await beside;
    if (!mine()) return;
    running = null;
    await ticking;
    busy(false);
    byId('stage', HTMLDivElement).dataset.state = 'done';
  }

  /**
   * @param {string} state
   * @param {string} text
   */
  function say(state, text) {
    sentence.dataset.state = state;
    sentence.textContent = text;
  }
}

/**
 * The same call as `fetch` alone makes it.
 *
 * @param {Lane} lane
 * @param {URL} url
 * @param {RequestInit} init
 * @param {() => number} elapsed
 * @param {() => boolean} current
 */
async function plainly(lane, url, init, elapsed, current) {
  lane.send(0);
  try {
    const { ok, status: code } = await fetch(url, init);
    if (!current()) return;
    lane.answer(ok ? 'ok' : 'failed', status(code));
    lane.stop(elapsed(), ok ? 'ok' : 'failed', ok ? `${code}` : `${code}: the visitor sees an error`);
  } catch {
    if (!current()) return;
    lane.answer(init.signal?.aborted ? 'cancelled' : 'failed', '');
    lane.stop(elapsed(), 'failed', init.signal?.aborted ? 'cancelled' : '“Failed to fetch”: the visitor sees an error');
  }
}

/** @param {number | null} code */
const status = (code) => (code === null ? 'lost' : String(code));

/**
 * Calls `tick` on every frame (rarely, for visitors who asked for less motion) while `current` holds.
 *
 * @param {() => boolean} current
 * @param {() => void} tick
 * @returns {Promise<void>}
 */
async function tickWhile(current, tick) {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  while (current()) {
    tick();
    await new Promise((resolve) => void (calm ? setTimeout(resolve, 500) : requestAnimationFrame(resolve)));
  }
}

/** @param {Scenario} scenario */
function card(scenario, index = 0) {
  return element(
    'label',
    { class: 'card' },
    element('input', { type: 'radio', name: 'scenario', value: scenario.id, checked: index === 0 }),
    element('span', { class: 'title' }, scenario.title),
    element(
      'span',
      { class: 'sequence' },
      ...sequence(scenario).map((answer) => element('span', { 'data-state': answer.startsWith('2') ? 'ok' : 'failed' }, answer)),
    ),
  );
}
