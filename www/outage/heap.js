// @ts-check

/**
 * @template T
 * @typedef {{time: number, order: number, event: T}} Entry
 */

/**
 * A binary heap: what is due first comes out first, and of what is due at the same time what was put in first.
 *
 * @template T
 */
export class Heap {
  /** @type {Entry<T>[]} */
  #entries = [];
  #order = 0;

  /** When the first is due. */
  get time() {
    return this.#entries.length > 0 ? this.#entries[0].time : Infinity;
  }

  /**
   * @param {number} time
   * @param {T} event
   */
  push(time, event) {
    const entries = this.#entries;
    this.#order += 1;
    const entry = { time, order: this.#order, event };
    let at = entries.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(entries[parent], entry)) break;
      entries[at] = entries[parent];
      at = parent;
    }
    entries[at] = entry;
  }

  /** @returns {T} Only while there is one. */
  pop() {
    const entries = this.#entries;
    const { event } = entries[0];
    const entry = /** @type {Entry<T>} */ (entries.pop());
    if (entries.length > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= entries.length) break;
        if (child + 1 < entries.length && isBefore(entries[child + 1], entries[child])) child += 1;
        if (isBefore(entry, entries[child])) break;
        entries[at] = entries[child];
        at = child;
      }
      entries[at] = entry;
    }
    return event;
  }
}

/**
 * @param {Entry<unknown>} a
 * @param {Entry<unknown>} b
 */
const isBefore = (a, b) => a.time < b.time || (a.time === b.time && a.order < b.order);
