// @ts-check
import { createFetch, explain } from '../built/reprieve.js';
import { count, duration, meaning } from '../wording.js';
import { naive, sleep, typical } from './callers.js';
import { DIALECTS, PAYLOAD } from './scenarios.js';
import { hand, keepAwake } from './server.js';

/** @typedef {import('./lane.js').Lane} Lane */
/** @typedef {import('./timeline.js').Timeline} Timeline */
/** @typedef {import('./server.js').Sight} Sight */
/** @typedef {{naive: Lane, typical: Lane, ours: Lane}} Lanes */
/** @typedef {import('../built/reprieve.js').Preset | import('../built/reprieve.js').PolicyOptions} PolicyChoice */

/**
 * @typedef {object} Setting
 * @property {import('./scenarios.js').Scenario} scenario
 * @property {import('./scenarios.js').Knobs} knobs
 * @property {PolicyChoice} policy
 */

/**
 * What reprieve's call came to.
 *
 * @typedef {object} Result
 * @property {Response | null} response
 * @property {unknown} error
 * @property {import('../built/reprieve.js').Explanation | null} explanation
 * @property {boolean} cancelled
 * @property {boolean} pressed The last send was the visitor's own.
 * @property {number} sends
 * @property {string} took
 */

/** @typedef {{onNews: (text: string) => void, onChange: () => void, onResult: (result: Result) => void}} Listeners */

/** What nobody answers is watched no longer. */
const PATIENCE_S = 15;

const PRESSED = 'You pressed: one send, now.';

/** One request, under three callers at once. */
export class Play {
  #setting;
  #lanes;
  #timeline;
  #listeners;
  #script;
  #key;
  #url;
  #began = performance.now();
  #others = new AbortController();
  /** Of reprieve's call that runs now. */
  #own = new AbortController();
  #isCancelled = false;
  #isForgotten = false;
  #isPaused = false;
  #isPressed = false;
  #hasFailed = false;
  #id = '';
  #fetch;
  /** reprieve's last send. @type {import('./lane.js').Mark | undefined} */
  #mark;
  /** @type {Map<Lane, Sight>} */
  #sights = new Map();

  /**
   * @param {Setting} setting
   * @param {Lanes} lanes
   * @param {Timeline} timeline
   * @param {Listeners} listeners
   */
  constructor(setting, lanes, timeline, listeners) {
    this.#setting = setting;
    this.#lanes = lanes;
    this.#timeline = timeline;
    this.#listeners = listeners;
    this.#script = setting.scenario.script(setting.knobs);
    this.#key = setting.knobs.keyed ? crypto.randomUUID() : null;
    this.#url = new URL(setting.scenario.path, location.href);
    this.#fetch = this.#reprieve();
  }

  /** Seconds since it began. */
  get now() {
    return (performance.now() - this.#began) / 1000;
  }

  get isOver() {
    return Object.values(this.#lanes).every(({ isOver }) => isOver);
  }

  /** A send now would be one more, and not the one that is under way. */
  get canRetry() {
    return !this.#isForgotten && (this.#isPaused || this.#hasFailed);
  }

  /**
   * @returns {Promise<void>} When all three are through.
   * @throws {Error} where the server does not take the script.
   */
  async start() {
    const { naive: first, typical: second, ours } = this.#lanes;
    const ids = await Promise.all([first, second, ours].map((lane) => hand(this.#script, (sight) => this.#sights.set(lane, sight))));
    if (this.#isForgotten) return;
    this.#id = ids[2];
    this.#began = performance.now();
    const sleepAgain = keepAwake();
    const patience = setTimeout(() => this.#others.abort(), PATIENCE_S * 1000);
    await Promise.all([
      this.#plain(first, (fetch, init) => naive(fetch, this.#url, init), ids[0]),
      this.#plain(second, (fetch, init) => typical(fetch, this.#url, init, (ms, signal) => this.#wait(second, ms, signal)), ids[1]),
      this.#call().then(() => {
        // Whoever hangs now hangs for good.
        if (this.#script.steps.some(({ ending }) => ending === 'hang')) this.#others.abort();
      }),
    ]);
    clearTimeout(patience);
    sleepAgain();
  }

  /** Ends all three; no timer is left. */
  cancel() {
    this.#isCancelled = true;
    this.#others.abort();
    this.#own.abort();
  }

  /** The same, and nothing more is said of it. */
  forget() {
    this.#isForgotten = true;
    this.cancel();
  }

  /** One send, now: the wait is skipped, or a call that failed goes on. */
  retryNow() {
    if (!this.canRetry) return;
    this.#listeners.onNews(PRESSED);
    if (this.#isPaused) {
      this.#own.abort(PRESSED);
      return;
    }
    this.#isPressed = true;
    this.#hasFailed = false;
    void this.#call();
  }

  /** @param {number} total Seconds on the axis. */
  tick(total) {
    this.#timeline.tick(performance.now());
    for (const lane of Object.values(this.#lanes)) {
      lane.tick(this.now, total);
      this.#tell(lane);
    }
  }

  /** @param {Lane} lane */
  #tell(lane) {
    const sight = this.#sights.get(lane);
    if (!sight) return;
    const { steps } = this.#script;
    const parts = [
      steps.some(({ ending }) => ending === 'hidden') && sight.said.length > 0 && `The server said ${sight.said.join(', ')}.`,
      steps.some(({ ending }) => ending === 'refused') && `${sight.requests} of ${count(lane.sends, 'send')} reached the server.`,
      this.#setting.knobs.method === 'POST' && steps.some(({ books }) => books) && `${count(sight.orders, 'order')} booked.`,
    ];
    lane.tell(parts.filter(Boolean).join(' '), sight.orders > 1 ? 'failed' : '');
  }

  /** @param {string} id */
  #init(id) {
    const { method } = this.#setting.knobs;
    const hasBody = method === 'POST' || method === 'PUT';
    return { method, body: hasBody ? PAYLOAD : null, headers: { 'x-call': id, ...(hasBody && { 'content-type': 'application/json' }) } };
  }

  /**
   * A caller that only has `fetch`.
   *
   * @param {Lane} lane
   * @param {(fetch: typeof globalThis.fetch, init: RequestInit & {signal: AbortSignal}) => Promise<string>} call
   * @param {string} id
   */
  async #plain(lane, call, id) {
    const { signal } = this.#others;
    const init = this.#init(id);
    const headers = { ...init.headers, ...(this.#key && { 'idempotency-key': this.#key }) };
    /** @type {typeof globalThis.fetch} */
    const watched = async (input, given) => {
      const mark = lane.send(this.now);
      try {
        const response = await fetch(input, given);
        lane.answer(mark, this.now, response.ok ? 'ok' : 'failed', String(response.status));
        if (response.ok) response.clone().text().catch(() => lane.answer(mark, this.now, 'failed', 'cut'));
        return response;
      } catch (error) {
        lane.answer(mark, this.now, signal.aborted ? 'cancelled' : 'failed', signal.aborted ? '' : 'lost');
        throw error;
      }
    };
    try {
      await call(watched, { ...init, headers, signal });
      if (!this.#isForgotten) lane.stop(this.now, 'ok', `The visitor waited ${this.#took} and has the answer.`);
    } catch {
      if (this.#isForgotten) return;
      if (this.#isCancelled) lane.stop(this.now, 'cancelled', 'Cancelled.');
      else lane.stop(this.now, 'failed', signal.aborted ? `Still waiting after ${this.#took}.` : `The visitor waited ${this.#took} and sees an error.`);
    }
    this.#tell(lane);
    this.#listeners.onChange();
  }

  /**
   * @param {Lane} lane
   * @param {number} ms
   * @param {AbortSignal} signal
   */
  #wait(lane, ms, signal) {
    lane.wait(this.now, ms / 1000);
    return sleep(ms, signal);
  }

  /**
   * The fetch under test. One for each play: plays share no budget.
   *
   * @returns {import('../built/reprieve.js').Fetch}
   */
  #reprieve() {
    const { policy, knobs, scenario } = this.#setting;
    return createFetch({
      policy,
      throwOnFailure: true,
      readBody: true,
      idempotencyKey: this.#key ?? false,
      attemptTimeoutMs: scenario.uses.includes('attemptTimeoutMs') ? knobs.attemptTimeoutMs : null,
      dialects: Object.fromEntries(Object.entries(DIALECTS).map(([path, dialect]) => [new URL(path, location.href).href, dialect])),
      events: (event) => this.#isForgotten || this.#follow(event),
    });
  }

  /** @param {import('../built/reprieve.js').ReprieveEvent} event */
  #follow(event) {
    const lane = this.#lanes.ours;
    const now = performance.now();
    this.#isPaused = event.type === 'wait' || event.type === 'hold';
    if (event.type === 'attempt') {
      this.#timeline.send(now, this.#isPressed ? PRESSED : undefined);
      this.#mark = lane.send(this.now);
    } else if (event.type === 'wait') {
      this.#timeline.wait(event.failure, event.delayMs, now);
      lane.answer(this.#mark, this.now, 'failed', short(event.failure));
      lane.wait(this.now, event.delayMs / 1000);
      this.#listeners.onNews(`Send ${lane.sends} failed: ${meaning(event.failure)} Next send in ${duration(event.delayMs)}.`);
    } else if (event.type === 'hold') {
      const ms = Math.max(0, event.until - Date.now());
      this.#timeline.hold(event.basis, ms, now);
      lane.wait(this.now, ms / 1000, 'hold');
      this.#listeners.onNews(`Held back for ${duration(ms)} at most.`);
    }
    this.#listeners.onChange();
  }

  /** One call, and in its place another where the visitor wants a send now. */
  async #call() {
    do {
      this.#own = new AbortController();
      const { signal } = this.#own;
      if (this.#isCancelled) this.#own.abort();
      // "none" sends exactly once, and holds nothing back.
      const init = { ...this.#init(this.#id), signal, ...(this.#isPressed && { reprieve: { policy: /** @type {const} */ ('none') } }) };
      const pressed = this.#isPressed;
      const [response, error] = await this.#fetch(this.#url, init).then((given) => /** @type {const} */ ([given, null]), (thrown) => /** @type {const} */ ([null, thrown]));
      if (this.#isForgotten) return;
      this.#isPaused = false;
      this.#isPressed = signal.reason === PRESSED && !this.#isCancelled;
      if (!this.#isPressed) this.#end({ response, error, explanation: explain(response ?? error), cancelled: signal.aborted, pressed, sends: this.#lanes.ours.sends, took: this.#took });
    } while (this.#isPressed);
    this.#listeners.onChange();
  }

  /** @param {Result} result */
  #end(result) {
    const { response, explanation, cancelled, took } = result;
    const lane = this.#lanes.ours;
    const failure = explanation?.failure ?? null;
    this.#hasFailed = !response && !cancelled;
    this.#timeline.stop(failure, response?.status ?? failure?.status ?? null, cancelled, performance.now());
    if (cancelled) {
      lane.stop(this.now, 'cancelled', 'Cancelled.');
    } else if (response) {
      lane.answer(this.#mark, this.now, 'ok', String(response.status));
      lane.stop(this.now, 'ok', `The visitor waited ${took} and has the answer.`);
    } else {
      if (failure) lane.answer(this.#mark, this.now, 'failed', short(failure));
      lane.stop(this.now, 'failed', `The visitor waited ${took} and is told why: ${explanation?.reason ?? 'it failed'}.`);
    }
    this.#tell(lane);
    this.#listeners.onResult(result);
  }

  get #took() {
    return duration(performance.now() - this.#began);
  }
}

/** @param {import('../built/reprieve.js').Failure} failure */
const short = ({ status, kind }) => (status === null ? (kind === 'timeout' ? 'gave up' : 'lost') : String(status));
