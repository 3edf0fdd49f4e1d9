// @ts-check
import { byId, element } from '../element.js';
import { onLink, readLink, writeLink } from '../link.js';
import { workerUrl } from '../workers.js';
import { Chart, reading, recoveryText } from './chart.js';
import { CONTENDERS } from './contenders.js';
import { BROWN_OUT, FAILING, LIMIT, RAMP_FROM, RAMP_S, WINDOW_S } from './server.js';
import { FAULTS, HEALTHY_LOAD, PRESETS, RANGES, USUAL, WARM_UP_S, endOf, number, patience, prompt, read, write } from './storm.js';

/** @typedef {import('./storm.js').Storm} Storm */
/** @typedef {keyof typeof RANGES} Knob */
/** @typedef {import('./model.js').News} News */
/** @typedef {import('./model.js').Rows} Rows */
/** @typedef {import('./model.js').Results} Results */

/** Who stays so long looks at it. */
const LOOK_MS = 400;

const KNOBS = /** @type {Knob[]} */ (Object.keys(RANGES));

/** "The outage": simulated tabs against a server of fixed capacity. */
export function mountOutage() {
  const form = byId('storm', HTMLFormElement);
  const runButton = byId('storm-run', HTMLButtonElement);
  const stopButton = byId('storm-stop', HTMLButtonElement);
  const policy = byId('storm-policy', HTMLSelectElement);
  const figure = byId('storm-chart', SVGSVGElement);
  const scrub = byId('storm-second', HTMLInputElement);
  const clock = byId('storm-clock', HTMLParagraphElement);
  const sentence = byId('storm-sentence', HTMLParagraphElement);
  const link = byId('storm-link', HTMLAnchorElement);
  const inputs = KNOBS.map((knob) => ({ knob, input: byId(`storm-${knob}`, HTMLInputElement), problem: byId(`storm-${knob}-problem`, HTMLParagraphElement) }));
  const faults = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('input[name=fault]')]);
  const isStill = matchMedia('(prefers-reduced-motion: reduce)');

  /** @type {Worker | null} */
  let worker = null;
  const linked = readLink('outage');
  /** What is shown. */
  let storm = read(linked ?? '');
  /** @type {Rows} */
  let rows = { naive: [], aws: [], ours: [] };
  let isBegun = false;
  /** @type {number | null} */
  let frame = null;

  policy.replaceChildren(...PRESETS.map((preset) => element('option', { value: preset }, preset)));
  const values = legend();
  const cells = table();
  const chart = new Chart(figure, storm);
  fill(storm);
  clear();
  busy(false);

  form.addEventListener('change', ({ target }) => {
    if (target !== scrub) runAsked();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    runAsked();
    inputs.find(({ problem }) => problem.textContent)?.input.focus();
  });
  stopButton.addEventListener('click', () => {
    if (!worker) return;
    stop();
    chart.draw();
    clock.textContent = 'Stopped';
    sentence.textContent = `Stopped after ${rows.ours.length} of ${endOf(storm)} simulated seconds.`;
  });
  byId('storm-reseed', HTMLButtonElement).addEventListener('click', () => {
    const { least, most } = RANGES.seed;
    byId('storm-seed', HTMLInputElement).value = String(least + (crypto.getRandomValues(new Uint32Array(1))[0] % (most - least + 1)));
    runAsked();
  });
  onLink('outage', (state) => {
    fill(read(state));
    byId('outage', HTMLElement).scrollIntoView();
    run(read(state));
  });

  scrub.addEventListener('input', () => point(scrub.valueAsNumber));
  for (const type of /** @type {const} */ (['pointermove', 'pointerdown'])) figure.addEventListener(type, (event) => point(chart.secondAt(event.clientX)));

  // Who follows a link to a run has asked for it; others get it when they look at the chart, and not where they scroll past.
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let looking;
  new IntersectionObserver((entries, observer) => {
    clearTimeout(looking);
    if (!entries.at(-1)?.isIntersecting) return;
    looking = setTimeout(() => {
      observer.disconnect();
      if (!isBegun) run(storm);
    }, LOOK_MS);
  }, { threshold: 0.1 }).observe(linked === null ? figure : form);

  /** The visitor wants what the knobs say. */
  function runAsked() {
    const asked = check();
    if (!asked || (worker && write(asked) === write(storm))) return;
    writeLink('outage', write(asked));
    run(asked);
  }

  /** @param {Storm} next */
  function run(next) {
    stop();
    storm = next;
    clear();
    isBegun = true;
    /** @type {Worker} */
    let started;
    try {
      started = new Worker(workerUrl('outage/worker.js'), { type: 'module' });
    } catch {
      fail();
      return;
    }
    worker = started;
    busy(true);
    clock.textContent = 'Starting …';
    // What an ended worker said last may still be on its way.
    started.addEventListener('error', () => worker === started && fail());
    started.addEventListener('message', ({ data }) => worker === started && hear(data));
    started.postMessage(storm);
  }

  /** @param {News} news */
  function hear(news) {
    if ('results' in news) {
      stop();
      finish(news.results);
      return;
    }
    for (const { id } of CONTENDERS) rows[id].push(...news.rows[id]);
    clock.textContent = `Second ${rows.ours.length} of ${endOf(storm)}`;
    chart.show(rows, null);
    if (isStill.matches) return;
    frame ??= requestAnimationFrame(() => {
      frame = null;
      chart.draw();
    });
  }

  /** @param {Results} results */
  function finish(results) {
    chart.show(rows, results);
    chart.draw();
    clock.textContent = `${endOf(storm)} seconds simulated`;
    for (const { id } of CONTENDERS) {
      const { sends, peak, recovery, fine } = results[id];
      const texts = [sends.toFixed(2), `${(peak * HEALTHY_LOAD).toFixed(1)}×`, recoveryText(recovery), percent(fine)];
      cells[id].forEach((cell, column) => {
        cell.textContent = texts[column];
      });
    }
    const { naive, aws, ours } = results;
    const told = `${FAULTS[storm.fault]}, ${storm.seconds} s: naive sends ${naive.sends.toFixed(2)} requests a call, AWS-like ${aws.sends.toFixed(2)}, reprieve ${ours.sends.toFixed(2)}.`;
    sentence.textContent = told;
    const outcomes = CONTENDERS.map(({ id, name }) => `${name} recovers ${recoveryText(results[id].recovery)}, ${percent(results[id].fine)} of its calls are fine within 10 s`);
    figure.setAttribute('aria-label', `Load on the server and successes over ${endOf(storm)} s. ${told} ${outcomes.join('; ')}.`);
  }

  /** Ends the run in progress, if there is one. */
  function stop() {
    worker?.terminate();
    worker = null;
    if (frame !== null) cancelAnimationFrame(frame);
    frame = null;
    busy(false);
  }

  function fail() {
    stop();
    clock.textContent = '';
    sentence.textContent = 'The simulation could not be started. It needs a browser that runs modules as workers: Chromium 80, Firefox 114, Safari 15 or later.';
  }

  /** Shows a storm of which nothing is known yet. */
  function clear() {
    rows = { naive: [], aws: [], ours: [] };
    chart.clear(storm);
    scrub.max = String(endOf(storm) - 1);
    scrub.value = String(WARM_UP_S);
    scrub.setAttribute('aria-valuetext', 'no second chosen');
    clock.textContent = '';
    sentence.textContent = '';
    for (const { id } of CONTENDERS) {
      values[id].textContent = '';
      for (const cell of cells[id]) cell.textContent = '–';
    }
    figure.setAttribute('aria-label', 'Load on the server and successes over time; no results yet.');
    byId('fault-note', HTMLParagraphElement).textContent = note(storm);
    byId('storm-prompt', HTMLSpanElement).textContent = String(prompt(storm));
    link.href = `#outage:${write(storm)}`;
  }

  /** Reads a second out. @param {number} second */
  function point(second) {
    if (second >= rows.ours.length) return;
    chart.point(second);
    scrub.value = String(second);
    const since = second - WARM_UP_S;
    clock.textContent = since < 0 ? `${-since} s before the fault` : since < storm.seconds ? `Second ${since + 1} of the fault` : `${since - storm.seconds} s after the fault`;
    const texts = CONTENDERS.map(({ id, name }) => {
      const { load, successes } = reading(rows[id][second], storm);
      values[id].textContent = `${load.toFixed(1)}×, ${percent(successes)}`;
      return `${name}: load ${load.toFixed(1)} times the capacity, successes ${percent(successes)}`;
    });
    scrub.setAttribute('aria-valuetext', `${clock.textContent}. ${texts.join('; ')}`);
  }

  /** @param {boolean} yes */
  function busy(yes) {
    form.dataset.running = String(yes);
    // aria-disabled and not disabled: a disabled button drops the keyboard's focus.
    runButton.setAttribute('aria-disabled', String(yes));
    stopButton.setAttribute('aria-disabled', String(!yes));
  }

  /** Puts a storm into the knobs. @param {Storm} next */
  function fill(next) {
    for (const radio of faults) radio.checked = radio.value === next.fault;
    policy.value = next.policy;
    for (const { knob, input } of inputs) input.value = String(next[knob]);
    check();
  }

  /** @returns {Storm | null} What the knobs say; `null`: something does not fit, and that is said beside it. */
  function check() {
    const asked = { ...USUAL, fault: /** @type {import('./storm.js').Fault} */ (faults.find(({ checked }) => checked)?.value ?? USUAL.fault), policy: PRESETS[policy.selectedIndex] };
    let isRight = true;
    for (const { knob, input, problem } of inputs) {
      const value = number(knob, input.value);
      const { least, most, step } = RANGES[knob];
      problem.textContent = value === null ? `${step === 1 ? 'A whole number' : 'A number in tenths'} from ${least} to ${most}.` : '';
      input.setAttribute('aria-invalid', String(value === null));
      if (value === null) isRight = false;
      else asked[knob] = value;
    }
    return isRight ? asked : null;
  }
}

/** @returns {Record<string, HTMLElement>} Where the values of each go. */
function legend() {
  const list = byId('storm-legend', HTMLUListElement);
  return Object.fromEntries(
    CONTENDERS.map(({ id, name }) => {
      const value = element('span', { class: 'value' });
      list.append(element('li', {}, swatch(id), element('b', {}, name), value));
      return [id, value];
    }),
  );
}

/** @returns {Record<string, HTMLElement[]>} The cells of each. */
function table() {
  const body = /** @type {HTMLElement} */ (byId('storm-figures', HTMLTableElement).tBodies[0]);
  return Object.fromEntries(
    CONTENDERS.map(({ id, name }) => {
      const cells = [0, 1, 2, 3].map(() => element('td'));
      body.append(element('tr', { class: id }, element('th', { scope: 'row' }, swatch(id), name), ...cells));
      return [id, cells];
    }),
  );
}

/** A piece of the line. @param {string} id */
const swatch = (id) => element('i', { class: `swatch ${id}`, 'aria-hidden': 'true' });

/** @param {number} share @param {number} [digits] */
const percent = (share, digits = 1) => `${(share * 100).toFixed(digits)}\u00a0%`;

/** What happens, in words. @param {Storm} storm */
function note(storm) {
  const { fault, seconds } = storm;
  if (fault === 'outage') return `For ${seconds} s connections are refused. Then the server comes back with ${percent(RAMP_FROM, 0)} of its capacity, and has all of it ${RAMP_S} s later.`;
  if (fault === 'brown-out') return `For ${seconds} s the server has ${percent(BROWN_OUT, 0)} of its capacity. Clients give a send up after ${patience(storm)} s, and the server works on it all the same.`;
  if (fault === 'limit') return `For ${seconds} s the server lets ${percent(LIMIT, 0)} of the usual load pass in each window of ${WINDOW_S} s. What is more gets a 429, with a Retry-After to the end of the window.`;
  return `For ${seconds} s the server answers ${percent(FAILING, 0)} of the requests with a 503, at random.`;
}
