// @ts-check
import { element } from '../element.js';
import { duration } from '../wording.js';

/** @typedef {import('../built/reprieve.js').Failure} Failure */

/**
 * @typedef {object} Entry
 * @property {HTMLElement} row
 * @property {HTMLElement} head
 * @property {number} startedAt
 * @property {{from: number, ms: number, text: HTMLElement, bar: HTMLElement} | null} wait
 */

/** The sends of one call as a list, and the waits between them with a countdown. */
export class Timeline {
  /** @type {Entry[]} */
  #entries = [];
  #list;

  /** @param {HTMLOListElement} list */
  constructor(list) {
    this.#list = list;
    list.replaceChildren();
  }

  /** @param {number} now */
  send(now) {
    this.#endWait(now);
    const number = this.#entries.length + 1;
    const head = element('p', { class: 'send' }, element('b', {}, `Send ${number}`), element('span', { class: 'muted' }, 'on its way'));
    const row = element('li', { 'data-state': 'sending' }, head);
    this.#entries.push({ row, head, startedAt: now, wait: null });
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
    const text = element('span', { class: 'countdown', role: 'timer' });
    const bar = element('span', { class: 'gauge', 'aria-hidden': 'true' }, element('i'));
    const why = failure.retryAfterMs !== null ? `the server asked for ${duration(failure.retryAfterMs)}; the rest is random` : 'at random, so that clients spread out';
    entry.row.append(element('p', { class: 'wait' }, text, bar, element('span', { class: 'muted' }, why)));
    entry.wait = { from: now, ms: delayMs, text, bar };
    this.tick(now);
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
    const waiting = this.#entries.at(-1)?.wait;
    if (waiting) {
      waiting.text.textContent = `cancelled after ${duration(now - waiting.from)}`;
      waiting.bar.dataset.over = '';
      this.#forgetWait();
    } else {
      this.#answer(cancelled ? 'cancelled' : failure ? 'failed' : 'ok', failure, status, now);
    }
  }

  /** @param {number} now */
  tick(now) {
    const wait = this.#entries.at(-1)?.wait;
    if (!wait) return;
    const left = Math.max(0, wait.from + wait.ms - now);
    wait.text.textContent = `next send in ${(left / 1000).toFixed(1)} s`;
    wait.bar.style.setProperty('--left', String(wait.ms > 0 ? left / wait.ms : 0));
  }

  get sends() {
    return this.#entries.length;
  }

  /** @param {number} now */
  #endWait(now) {
    const wait = this.#entries.at(-1)?.wait;
    if (!wait) return;
    wait.text.textContent = `waited ${duration(now - wait.from)}`;
    wait.bar.dataset.over = '';
    this.#forgetWait();
  }

  #forgetWait() {
    const entry = this.#entries.at(-1);
    if (entry) entry.wait = null;
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
