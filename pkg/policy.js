// @ts-check
/** A policy and what it remembers of each partition. */

import { remember } from './bounded.js';
import { ask, named } from './instance.js';

/** The most partitions that are remembered; the one that was used least recently is forgotten. */
const MOST = 64;
/** One that was not used for so long is forgotten as well. */
const IDLE_MS = 600_000;

/** What a policy remembers of a partition, and who waits for it to change. */
class Partition {
  /** The core's numbers: the budget first. @type {number[]} */
  numbers = [];
  usedAt = 0;
  /** The requests that are held back, the oldest first. @type {Set<() => void>} */
  waiters = new Set();

  /** @param {number[]} numbers */
  become(numbers) {
    const [before, after] = [this.numbers, numbers].map((state) => String(state.slice(CHANGED)));
    this.numbers = numbers;
    if (before !== after) [...this.waiters].forEach((wake) => wake());
  }
}

/** Where in a partition's numbers it stands when its breaker changed, and after it its gates: `numbers` in `src/policy/partition.rs`. */
const CHANGED = 13;

/** What the core remembers of each call. @type {WeakMap<object, number[]>} */
const tickets = new WeakMap();

/** Uniform in [0, 1). From the platform's crypto: it must differ between tabs that start in the same millisecond. */
function entropy() {
  return crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;
}

export class Policy {
  /** @type {Map<string, Partition>} */
  #partitions = new Map();

  /** @param {import('./index.js').Preset | import('./index.js').PolicyOptions} [options] */
  constructor(options) {
    /** @internal */
    this.options = options;
    if (options !== undefined) ask({ ask: 'check', policy: options });
  }

  /**
   * Other limits on the same memory.
   * @internal
   * @param {import('./index.js').Preset | import('./index.js').PolicyOptions} options
   */
  with(options) {
    const policy = new Policy(options);
    policy.#partitions = this.#partitions;
    return policy;
  }

  /**
   * The requests of a partition that are held back: what is in the set is called when one may go.
   * @internal
   * @param {string} name
   */
  waiters(name) {
    return this.#partition(name).waiters;
  }

  /**
   * @param {import('./index.js').Situation} [situation]
   * @returns {import('./index.js').Admission}
   */
  admit({ partition = '', ticket = {}, ...situation } = {}) {
    const { nowMs = Date.now() } = situation;
    const perCall = Object(this.options).budget?.perCall;
    if (!perCall && !this.#partitions.has(partition)) {
      // Nothing is held back where nothing failed, and nobody has to compile the core to learn that.
      tickets.set(ticket, [nowMs]);
      return { send: true, until: null, reason: null, retryAt: null, failure: null };
    }
    const [until, reason, retryAt, failure] = this.#ask(partition, ticket, { ...situation, nowMs, ask: 'admit' });
    return { send: until === null && reason === null, until, reason, retryAt, failure: failure && named(failure) };
  }

  /**
   * @param {string | import('./index.js').Situation} [situation]
   */
  success(situation = '') {
    const { partition = '', ticket = {}, ...rest } = typeof situation === 'string' ? { partition: situation } : situation;
    // A partition that never failed has nothing to give back.
    if (this.#partitions.has(partition)) this.#ask(partition, ticket, { ...rest, ask: 'succeed' });
  }

  /** @param {import('./index.js').Situation} [situation] */
  cancel({ partition = '', ticket = {} } = {}) {
    if (this.#partitions.has(partition)) this.#ask(partition, ticket, { ask: 'verdict', transport: 'cancelled' });
  }

  /**
   * What a send means and what to do about it; `null` where nothing failed.
   * @internal
   * @param {Omit<import('./instance.js').Question, 'ask'> & Record<string, unknown>} question
   * @param {string} [name] of the partition; without one nothing is taken from it
   * @param {object} [ticket] of the call
   * @returns {import('./fetch.js').Verdict | null}
   */
  judge(question, name, ticket = {}) {
    const answer = this.#ask(name, ticket, { ...question, ask: 'verdict' });
    if (!answer) return null;
    const [failure, delayMs, reason, retryAt, maybeApplied] = answer;
    const retry = reason === null;
    return { failure: named(failure), decision: { retry, delayMs, reason, retryAt, maybeApplied: !retry && maybeApplied }, maybeApplied };
  }

  /**
   * @param {import('./index.js').Failure} failure
   * @param {import('./index.js').Situation} [situation]
   * @returns {import('./index.js').Decision}
   */
  decide(failure, { partition = '', ticket, ...situation } = {}) {
    const verdict = this.judge({ ...situation, failure }, partition, ticket);
    return /** @type {NonNullable<typeof verdict>} */ (verdict).decision;
  }

  /** @param {string} name */
  #partition(name) {
    const now = Date.now();
    for (const [name, { usedAt, waiters }] of this.#partitions) {
      if (now - usedAt < IDLE_MS) break;
      if (!waiters.size) this.#partitions.delete(name);
    }
    const partition = this.#partitions.get(name) ?? new Partition();
    partition.usedAt = now;
    remember(this.#partitions, name, partition, MOST);
    return partition;
  }

  /**
   * @param {string | undefined} name
   * @param {object} ticket
   * @param {import('./instance.js').Question & Record<string, unknown>} question
   */
  #ask(name, ticket, question) {
    const partition = name === undefined ? new Partition() : this.#partition(name);
    const answer = ask({
      random: entropy(), ...question, policy: this.options, ticket: tickets.get(ticket), partition: partition.numbers,
    });
    if (answer) {
      const numbers = answer.pop();
      tickets.set(ticket, answer.pop());
      partition.become(numbers);
      if (!numbers.length && !partition.waiters.size) this.#partitions.delete(name ?? '');
    }
    return answer;
  }
}
