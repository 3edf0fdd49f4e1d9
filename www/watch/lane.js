// @ts-check
import { element } from '../element.js';
import { count } from '../wording.js';

/** @typedef {'sending' | 'failed' | 'ok' | 'cancelled'} State */

/** One caller on the time axis: a dot for each send, a bar for each wait. */
export class Lane {
  #track;
  #count;
  #outcome;
  /** @type {HTMLElement | null} */
  #dot = null;
  /** @type {{node: HTMLElement, from: number} | null} */
  #wait = null;
  #sends = 0;

  /** @param {HTMLElement} root with `.track`, `.count` and `.outcome` inside. */
  constructor(root) {
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
    this.#track = find('.track');
    this.#count = find('.count');
    this.#outcome = find('.outcome');
    this.#track.replaceChildren();
    this.#count.textContent = '';
    this.#outcome.textContent = '';
    delete this.#outcome.dataset.state;
  }

  /** @param {number} at Seconds since the call began, as everywhere here. */
  send(at) {
    this.#endWait(at);
    this.#sends += 1;
    this.#count.textContent = count(this.#sends, 'send');
    this.#dot = element('i', { class: 'dot', 'data-state': 'sending' });
    place(this.#dot, at);
    this.#track.append(this.#dot);
  }

  /**
   * @param {State} state
   * @param {string} text Beside the dot: a status.
   */
  answer(state, text) {
    if (!this.#dot) return;
    this.#dot.dataset.state = state;
    this.#dot.textContent = text;
  }

  /**
   * @param {number} at
   * @param {number} seconds
   */
  wait(at, seconds) {
    const node = element('i', { class: 'span' });
    place(node, at, seconds);
    this.#track.prepend(node);
    this.#wait = { node, from: at };
  }

  /**
   * @param {number} at
   * @param {State} state
   * @param {string} outcome
   */
  stop(at, state, outcome) {
    this.#endWait(at);
    this.#outcome.textContent = outcome;
    this.#outcome.dataset.state = state;
  }

  /** @param {number} at */
  #endWait(at) {
    if (this.#wait) place(this.#wait.node, this.#wait.from, at - this.#wait.from);
    this.#wait = null;
  }
}

/**
 * @param {HTMLElement} node
 * @param {number} at
 * @param {number} [span]
 */
function place(node, at, span = 0) {
  node.style.setProperty('--at', at.toFixed(3));
  node.style.setProperty('--span', span.toFixed(3));
}
