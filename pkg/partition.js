// @ts-check
/** What a policy remembers of each partition. */

import { remember } from './bounded.js';
import { join, tell } from './tabs.js';

/** The most partitions that are remembered; the one that was used least recently is forgotten. */
const MOST = 64;
/** One that was not used for so long is forgotten as well. */
const IDLE_MS = 600_000;

/** Where in a partition's numbers its budget ends, the next probe's time stands, and what waiters wait for: `src/policy/partition.rs`. */
const [SHARED, UNTIL, AWAITED] = [3, 9, 13];

class Partition {
  /** The core's. @type {number[]} */
  numbers = [];
  usedAt = 0;
  /** When what tabs share changed last. */
  changedAt = 0;
  /** A request of ours has gone to look whether the server is back. */
  looks = false;
  /** Each wakes a request that is held back, the oldest first. @type {Set<() => void>} */
  waiters = new Set();

  /**
   * @param {number[]} numbers
   * @returns {boolean} does it concern other tabs?
   */
  become(numbers) {
    const before = this.numbers;
    const differs = (/** @type {number} */ from) => String(numbers.slice(from)) !== String(before.slice(from));
    const isFree = numbers[UNTIL] < before[UNTIL] && numbers[UNTIL] <= Date.now();
    const isAwaited = isFree || differs(AWAITED);
    const isShared = differs(SHARED);
    this.numbers = numbers;
    if (isAwaited) {
      this.looks = false;
      [...this.waiters].forEach((wake) => wake());
    }
    return isShared;
  }
}

export class Partitions {
  /** @type {Map<string, Partition>} */
  #known = new Map();
  #policy;

  /** @param {unknown} options of the policy: tabs with the same one share what they learn */
  constructor(options) {
    this.#policy = String(JSON.stringify(options));
    join(this);
  }

  /** @param {string} name */
  has(name) {
    return this.#known.has(name);
  }

  /** @param {string} name */
  get(name) {
    const now = Date.now();
    for (const [other, { usedAt, waiters }] of this.#known) {
      if (now - usedAt < IDLE_MS) break;
      if (!waiters.size) this.#known.delete(other);
    }
    const partition = this.#known.get(name) ?? new Partition();
    partition.usedAt = now;
    remember(this.#known, name, partition, MOST);
    return partition;
  }

  /**
   * @param {string} name
   * @param {number[]} numbers
   */
  set(name, numbers) {
    const partition = this.get(name);
    if (partition.become(numbers)) {
      partition.changedAt = Date.now();
      tell(this.#policy + name, () => [this.#policy, name, partition.changedAt, ...partition.numbers.slice(SHARED)]);
    }
    if (!numbers.length && !partition.waiters.size) this.#known.delete(name);
  }

  /**
   * What another tab has learnt: the latest word counts. The budget is each tab's own.
   * @param {unknown} message
   */
  hear(message) {
    const [policy, name, changedAt, ...shared] = Array.isArray(message) ? message : [];
    if (policy !== this.#policy || typeof name !== 'string' || ![changedAt, ...shared].every(Number.isSafeInteger)) return;
    if (!shared.length && !this.has(name)) return;
    const partition = this.get(name);
    if (changedAt <= partition.changedAt) return;
    partition.changedAt = changedAt;
    const [milli = 0, before = 0, began = 0] = partition.numbers;
    partition.become([milli, before, began, ...shared]);
  }

  /**
   * A request of ours may go: while the breaker is open, to look.
   * @param {string} name
   */
  look(name) {
    const partition = this.#known.get(name);
    if (partition) partition.looks = partition.numbers[UNTIL] > 0;
  }

  /** The page goes, and with it whoever has gone to look: somebody else shall. */
  leave() {
    for (const [name, { looks, numbers }] of this.#known) {
      if (looks) this.set(name, Object.assign([...numbers], { [UNTIL]: Math.min(numbers[UNTIL], Date.now()) }));
    }
  }
}
