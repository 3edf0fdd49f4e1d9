// @ts-check
import { ApiError } from '../built/reprieve.js';
import { byId, element } from '../element.js';
import { onLink, readLink, writeLink } from '../link.js';
import { mountPolicyForm } from '../policy/form.js';
import { describe } from '../verdict.js';
import { clock, count, meaning, stopping } from '../wording.js';
import { naive, typical } from './callers.js';
import { KnobForm, readKnobs, writeKnobs } from './knobs.js';
import { Lane } from './lane.js';
import { Play } from './play.js';
import { SCENARIOS } from './scenarios.js';
import { Timeline } from './timeline.js';

/** @typedef {import('./scenarios.js').Scenario} Scenario */

/** The axis shows at least this much. Seconds. */
const AXIS_S = 8;

const SECTION = 'watch';

/**
 * "Watch it happen": real calls against a server that fails on purpose.
 *
 * @param {Promise<void>} ready Resolves when the Service Worker answers for this page.
 */
export function mountStage(ready) {
  const form = byId('scenarios', HTMLFormElement);
  const stage = byId('stage', HTMLDivElement);
  const send = byId('send', HTMLButtonElement);
  const retry = byId('retry', HTMLButtonElement);
  const cancel = byId('cancel', HTMLButtonElement);
  const notice = byId('stage-notice', HTMLParagraphElement);
  const axis = byId('axis', HTMLDivElement);
  const verdict = byId('stage-verdict', HTMLDivElement);
  const sentence = byId('stage-sentence', HTMLParagraphElement);
  const list = byId('attempts', HTMLOListElement);
  const news = byId('stage-news', HTMLParagraphElement);

  /** @type {Play | null} */
  let play = null;
  let available = true;
  let selected = SCENARIOS[0];

  byId('scenario-list', HTMLDivElement).replaceChildren(...SCENARIOS.map(card));
  const radios = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('input[name=scenario]')]);
  const knobs = new KnobForm(selected);
  const policy = mountPolicyForm(byId('watch-policy', HTMLDivElement), { onChange: share });
  const own = byId('own-code', HTMLPreElement);
  byId('naive-code', HTMLPreElement).textContent = String(naive);
  byId('typical-code', HTMLPreElement).textContent = String(typical);

  const linked = readLink(SECTION);
  if (linked === null) select(SCENARIOS.find(({ id }) => radios.some((radio) => radio.checked && radio.value === id)) ?? SCENARIOS[0]);
  else open(linked);
  onLink(SECTION, open);

  for (const radio of radios) {
    radio.addEventListener('change', () => {
      select(SCENARIOS.find(({ id }) => id === radio.value) ?? SCENARIOS[0]);
      share();
    });
  }
  byId('watch-knobs', HTMLFieldSetElement).addEventListener('input', () => {
    knobs.read();
    share();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (send.getAttribute('aria-disabled') !== 'true') void run();
  });
  retry.addEventListener('click', () => {
    if (!play?.canRetry) return;
    play.retryNow();
    void follow(play);
  });
  cancel.addEventListener('click', () => play?.cancel());

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
    play = null;
    stage.dataset.state = 'idle';
    buttons();
  }

  function buttons() {
    // aria-disabled and not disabled: a disabled button drops the keyboard's focus.
    const isRunning = play !== null && !play.isOver;
    send.setAttribute('aria-disabled', String(!available || (isRunning && byId('ours', HTMLDivElement).dataset.over === undefined)));
    retry.setAttribute('aria-disabled', String(!play?.canRetry));
    cancel.setAttribute('aria-disabled', String(!isRunning));
  }

  /**
   * @param {Scenario} scenario
   * @param {import('./scenarios.js').Knobs} [given]
   */
  function select(scenario, given) {
    selected = scenario;
    for (const radio of radios) radio.checked = radio.value === scenario.id;
    byId('note', HTMLParagraphElement).textContent = scenario.note;
    byId('request', HTMLElement).textContent = scenario.path.slice(1);
    knobs.show(scenario, given);
    clear();
    stage.dataset.state = 'idle';
  }

  /** Ends a play, if there is one, and takes what it left off the stage. */
  function clear() {
    play?.forget();
    play = null;
    for (const lane of ['naive', 'typical', 'ours']) new Lane(byId(lane, HTMLDivElement));
    new Timeline(list);
    axis.style.setProperty('--total', String(AXIS_S));
    byId('axis-end', HTMLElement).textContent = `${AXIS_S} s`;
    news.textContent = '';
    say('', '');
    verdict.replaceChildren();
    explainOwn();
    buttons();
  }

  async function run() {
    clear();
    // Disabled until there is something to send to.
    send.setAttribute('aria-disabled', 'true');
    try {
      await ready;
    } catch {
      return;
    }
    if (play) return;
    const lane = (/** @type {string} */ id) => new Lane(byId(id, HTMLDivElement));
    const lanes = { naive: lane('naive'), typical: lane('typical'), ours: lane('ours') };
    const setting = { scenario: selected, knobs: knobs.value, policy: policy.value() };
    const mine = new Play(setting, lanes, new Timeline(list), {
      onNews: (text) => void (news.textContent = text),
      onChange: buttons,
      onResult: (result) => void tell(result, setting.knobs.keyed, mine),
    });
    play = mine;
    stage.dataset.state = 'running';
    buttons();
    try {
      const started = mine.start();
      void follow(mine);
      await started;
    } catch (error) {
      if (play === mine) fail(/** @type {Error} */ (error));
    }
  }

  /**
   * Moves the axis and the countdowns for as long as the play runs: on every frame, or rarely for visitors who asked for less motion.
   *
   * @param {Play} mine
   */
  async function follow(mine) {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    stage.dataset.state = 'running';
    const tick = () => {
      const total = Math.max(AXIS_S, Math.ceil(mine.now + 0.2), Number(axis.style.getPropertyValue('--total')));
      axis.style.setProperty('--total', String(total));
      byId('axis-end', HTMLElement).textContent = `${total} s`;
      mine.tick(total);
    };
    do {
      tick();
      await new Promise((resolve) => void (calm ? setTimeout(resolve, 500) : requestAnimationFrame(resolve)));
      if (play !== mine) return;
    } while (!mine.isOver);
    tick();
    stage.dataset.state = 'done';
    buttons();
  }

  /**
   * What reprieve's call came to.
   *
   * @param {import('./play.js').Result} result
   * @param {boolean} keyed
   * @param {Play} mine
   */
  async function tell({ response, error, explanation, cancelled, pressed, sends, took }, keyed, mine) {
    const failure = explanation?.failure;
    if (cancelled) {
      say('cancelled', `Cancelled by you after ${count(sends, 'send')} and ${took}. No timer is left.`);
      verdict.replaceChildren();
    } else if (response) {
      say('ok', sends > 1 ? `It worked: ${response.status} after ${count(sends, 'send')} and ${took}.` : `It worked at once: ${response.status}.`);
      const body = await response.text();
      if (play !== mine) return;
      verdict.replaceChildren(element('p', { class: 'hint' }, 'The caller gets an ordinary Response:'), element('pre', { class: 'report', tabindex: 0, 'aria-label': 'Body' }, body));
    } else if (failure && explanation) {
      const when = explanation.retryAt === null || explanation.reason === 'not_idempotent' ? '' : ` Try again at ${clock(explanation.retryAt)}.`;
      const why = pressed && explanation.reason === 'attempts_exhausted' ? 'That was the one send you asked for.' : stopping(explanation.reason, { failure, keyed, attempt: sends });
      say('failed', `${meaning(failure)} ${why}${when}`);
      verdict.replaceChildren(...describe({ ...explanation, failure, report: error instanceof ApiError ? error.report() : null }));
    } else {
      say('failed', String(error));
    }
  }

  /**
   * @param {string} state
   * @param {string} text
   */
  function say(state, text) {
    sentence.dataset.state = state;
    sentence.textContent = text;
  }

  /** What the third caller is: the library, with what was chosen. */
  function explainOwn() {
    const { keyed, attemptTimeoutMs } = knobs.value;
    const options = {
      policy: policy.value(),
      readBody: true,
      throwOnFailure: true,
      ...(keyed && { idempotencyKey: true }),
      ...(selected.uses.includes('attemptTimeoutMs') && { attemptTimeoutMs }),
    };
    own.textContent = `import { createFetch } from 'reprieve';\n\nconst fetch = createFetch(${JSON.stringify(options, null, 2).replace(/"(\w+)":/g, '$1:').replaceAll('"', "'")});\nconst response = await fetch(url, init);`;
  }

  /** Puts what was chosen into the page's address. */
  function share() {
    explainOwn();
    const chosen = policy.value();
    const state = new URLSearchParams([['fault', selected.id], ...writeKnobs(selected, knobs.value)]);
    if (chosen !== 'default') state.set('policy', typeof chosen === 'string' ? chosen : JSON.stringify(chosen));
    writeLink(SECTION, String(state));
  }

  /** @param {string} state of a link; what does not fit is left out. */
  function open(state) {
    const given = new URLSearchParams(state);
    const scenario = SCENARIOS.find(({ id }) => id === given.get('fault')) ?? SCENARIOS[0];
    if (!policy.set(parse(given.get('policy') ?? 'default'))) policy.set('default');
    select(scenario, readKnobs(scenario, given));
  }
}

/**
 * @param {string} text The name of a preset, or JSON.
 * @returns {unknown}
 */
function parse(text) {
  if (!text.startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {Scenario} scenario */
function card({ id, title, sequence }, index = 0) {
  return element(
    'label',
    { class: 'card' },
    element('input', { type: 'radio', name: 'scenario', value: id, checked: index === 0 }),
    element('span', { class: 'title' }, title),
    element('span', { class: 'sequence' }, ...sequence.map((answer) => element('span', { 'data-state': /^2\d\d$/.test(answer) ? 'ok' : 'failed' }, answer))),
  );
}
