// @ts-check
import { element, say } from '../element.js';
import { count } from '../wording.js';

/** @typedef {'sending' | 'failed' | 'ok' | 'cancelled'} State */

/** A send on the axis. @typedef {{dot: HTMLElement, flight: HTMLElement, at: number, until: number | null}} Mark */

/** So close to the next one, a dot has no room for its status. Pixels. */
const ROOM_PX = 40;

/** One caller on the time axis: a dot for each send, a bar for each wait. Times are seconds since the call began. */
export class Lane {
  #root;
  #track;
  #count;
  #outcome;
  #sight;
  /** @type {Mark[]} */
  #marks = [];
  /** @type {{node: HTMLElement, from: number, until: number, kind: 'wait' | 'hold'} | null} */
  #wait = null;

  /** @param {HTMLElement} root with `.track`, `.count`, `.outcome` and `.sight` inside. */
  constructor(root) {
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
    this.#root = root;
    this.#track = find('.track');
    this.#count = find('.count');
    this.#outcome = find('.outcome');
    this.#sight = find('.sight');
    this.#track.replaceChildren();
    for (const node of [this.#count, this.#outcome, this.#sight]) node.textContent = '';
    delete this.#outcome.dataset.state;
    delete this.#sight.dataset.state;
    delete root.dataset.over;
  }

  get sends() {
    return this.#marks.length;
  }

  get isOver() {
    return this.#root.dataset.over !== undefined;
  }

  /**
   * @param {number} at
   * @returns {Mark}
   */
  send(at) {
    this.#endWait(at);
    delete this.#root.dataset.over;
    const dot = element('i', { class: 'dot', 'data-state': 'sending' });
    const flight = element('i', { class: 'flight', 'data-state': 'sending' });
    place(dot, at);
    this.#track.append(flight, dot);
    const mark = { dot, flight, at, until: null };
    this.#marks.push(mark);
    this.#count.textContent = count(this.#marks.length, 'send');
    this.#say('sending', 'on its way');
    return mark;
  }

  /**
   * @param {Mark | undefined} mark
   * @param {number} at
   * @param {State} state
   * @param {string} text Beside the dot: a status.
   */
  answer(mark, at, state, text) {
    if (!mark) return;
    mark.until ??= at;
    mark.dot.dataset.state = mark.flight.dataset.state = state;
    mark.dot.textContent = text;
  }

  /**
   * @param {number} at
   * @param {number} seconds
   * @param {'wait' | 'hold'} [kind] A hold is not of this call's own making.
   */
  wait(at, seconds, kind = 'wait') {
    this.#endWait(at);
    const node = element('i', { class: `span ${kind}` });
    place(node, at, seconds);
    this.#track.prepend(node);
    this.#wait = { node, from: at, until: at + seconds, kind };
  }

  /**
   * @param {number} at
   * @param {State} state
   * @param {string} outcome
   */
  stop(at, state, outcome) {
    this.#endWait(at);
    for (const mark of this.#marks) if (mark.until === null) this.answer(mark, at, state, '');
    this.#say(state, outcome);
    this.#root.dataset.over = '';
  }

  /**
   * What the server saw of it.
   *
   * @param {string} text
   * @param {'failed' | ''} state
   */
  tell(text, state) {
    this.#sight.textContent = text;
    this.#sight.dataset.state = state;
  }

  /**
   * @param {number} now
   * @param {number} total Seconds on the axis.
   */
  tick(now, total) {
    if (this.#wait) this.#say(this.#wait.kind, `${this.#wait.kind === 'hold' ? 'held, at most' : 'next send in'} ${Math.max(0, this.#wait.until - now).toFixed(1)} s`);
    const width = this.#track.clientWidth;
    for (const [index, { dot, flight, at, until }] of this.#marks.entries()) {
      place(flight, at, (until ?? now) - at);
      const next = this.#marks[index + 1];
      dot.toggleAttribute('data-crowded', next !== undefined && ((next.at - at) / total) * width < ROOM_PX);
    }
  }

  /**
   * @param {State | 'wait' | 'hold'} state
   * @param {string} text
   */
  #say(state, text) {
    say(this.#outcome, text);
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
