// @ts-check
import { element } from '../element.js';
import { duration } from '../wording.js';

/** @typedef {import('../built/reprieve.js').Failure} Failure */
/** @typedef {import('../built/reprieve.js').Basis} Basis */

/** @typedef {{row: HTMLElement, head: HTMLElement, startedAt: number}} Entry */
/** @typedef {{from: number, until: number, text: HTMLElement, bar: HTMLElement, ahead: string, over: string}} Pause */

/** Whom a hold waits for. @type {Record<string, string>} */
const HOLDERS = {
  'policy.breaker': 'the server seems to be down, another request looks first',
  'policy.gate': 'the server asked for peace, and that holds for this request as well',
};

/** The sends of one call as a list, and between them the waits and holds with a countdown. */
export class Timeline {
  #list;
  /** @type {Entry[]} */
  #entries = [];
  /** What the call waits for now. @type {Pause | null} */
  #pause = null;

  /** @param {HTMLOListElement} list */
  constructor(list) {
    this.#list = list;
    list.replaceChildren();
  }

  /**
   * @param {number} now
   * @param {string} [why] Where it was not reprieve's own idea.
   */
  send(now, why) {
    this.#endPause(now);
    const number = this.#entries.length + 1;
    const head = element('p', { class: 'send' }, element('b', {}, `Send ${number}`), element('span', { class: 'muted' }, 'on its way'));
    const row = element('li', { 'data-state': 'sending' }, head, why && element('p', { class: 'hint' }, why));
    this.#entries.push({ row, head, startedAt: now });
    this.#list.append(row);
  }

  /**
   * The last send failed, and another follows after `delayMs`.
   *
   * @param {Failure} failure
   * @param {number} delayMs
   * @param {number} now
   */
  wait(failure, delayMs, now) {
    const entry = this.#answer('failed', failure, failure.status, now);
    if (!entry) return;
    const why = failure.retryAfterMs !== null ? `the server asked for ${duration(failure.retryAfterMs)}; the rest is random` : 'at random, so that clients spread out';
    this.#pauseIn(entry.row, { from: now, until: now + delayMs, ahead: 'next send in', over: 'waited' }, why);
  }

  /**
   * The next send is held back; it may be longer, or shorter.
   *
   * @param {Basis} basis
   * @param {number} ms
   * @param {number} now
   */
  hold(basis, ms, now) {
    if (this.#pause?.over === 'held for') {
      this.#pause.until = now + ms;
      return;
    }
    this.#endPause(now);
    const row = element('li', { 'data-state': 'hold' });
    this.#list.append(row);
    const [{ name }] = basis.inputs;
    this.#pauseIn(row, { from: now, until: now + ms, ahead: 'held, at most', over: 'held for' }, `${HOLDERS[name] ?? 'held back'} (${name})`);
  }

  /**
   * The call is over.
   *
   * @param {Failure | null} failure
   * @param {number | null} status
   * @param {boolean} cancelled
   * @param {number} now
   */
  stop(failure, status, cancelled, now) {
    if (this.#pause) this.#endPause(now, cancelled ? 'cancelled after' : undefined);
    else this.#answer(cancelled ? 'cancelled' : failure ? 'failed' : 'ok', failure, status, now);
  }

  /** @param {number} now */
  tick(now) {
    if (!this.#pause) return;
    const { from, until, text, bar, ahead } = this.#pause;
    const left = Math.max(0, until - now);
    text.textContent = `${ahead} ${(left / 1000).toFixed(1)} s`;
    bar.style.setProperty('--left', String(until > from ? left / (until - from) : 0));
  }

  /**
   * @param {HTMLElement} row
   * @param {{from: number, until: number, ahead: string, over: string}} times
   * @param {string} why
   */
  #pauseIn(row, times, why) {
    const text = element('span', { class: 'countdown', role: 'timer' });
    const bar = element('span', { class: 'gauge', 'aria-hidden': 'true' }, element('i'));
    row.append(element('p', { class: 'pause' }, text, bar, element('span', { class: 'muted' }, why)));
    this.#pause = { ...times, text, bar };
    this.tick(times.from);
  }

  /**
   * @param {number} now
   * @param {string} [words]
   */
  #endPause(now, words) {
    if (!this.#pause) return;
    const { text, bar, from, over } = this.#pause;
    text.textContent = `${words ?? over} ${duration(now - from)}`;
    bar.dataset.over = '';
    this.#pause = null;
  }

  /**
   * @param {'failed' | 'ok' | 'cancelled'} state
   * @param {Failure | null} failure
   * @param {number | null} status
   * @param {number} now
   */
  #answer(state, failure, status, now) {
    const entry = this.#entries.at(-1);
    if (!entry) return;
    entry.row.dataset.state = state;
    entry.head.replaceChildren(
      ...[
        element('b', {}, `Send ${this.#entries.length}`),
        element('span', { class: 'status' }, status === null ? (state === 'cancelled' ? 'cancelled' : 'no answer') : String(status)),
        failure && state !== 'cancelled' && element('span', { class: 'kind' }, failure.kind),
        failure?.code && element('code', {}, failure.code),
        element('span', { class: 'muted' }, duration(now - entry.startedAt)),
      ].filter((node) => node instanceof Node),
    );
    return entry;
  }
}
