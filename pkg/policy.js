// @ts-check
/** A policy and what it remembers of each partition. */

import { remember } from './bounded.js';
import { ask, named } from './instance.js';

/** The most partitions that are remembered; the one that was used least recently is forgotten. */
const MOST = 64;

/** What a policy remembers of a partition: the core's tokens, and the successes since the core last saw it. */
class Partition {
  tokens = Infinity;
  successes = 0;
}

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

  /** @param {string} [partition] */
  success(partition = '') {
    // A partition that never failed has nothing to give back.
    const known = this.#partitions.get(partition);
    if (known) known.successes++;
  }

  /**
   * What a send means and what to do about it; `null` where nothing failed.
   * @internal
   * @param {Omit<import('./instance.js').Question, 'ask'> & Record<string, unknown>} question
   * @param {string} [name] of the partition; without one nothing is taken from it
   * @returns {{ failure: import('./index.js').Failure, decision: import('./index.js').Decision } | null}
   */
  judge(question, name) {
    const partition = (name !== undefined && this.#partitions.get(name)) || new Partition();
    if (name !== undefined) remember(this.#partitions, name, partition, MOST);
    const answer = ask({ random: entropy(), ...question, ask: 'verdict', policy: this.options, ...partition });
    if (!answer) return null;
    const [failure, delayMs, reason, retryAt, maybeApplied, tokens] = answer;
    Object.assign(partition, { tokens, successes: 0 });
    return { failure: named(failure), decision: { retry: reason === null, delayMs, reason, retryAt, maybeApplied } };
  }

  /**
   * @param {import('./index.js').Failure} failure
   * @param {import('./index.js').Situation} [situation]
   * @returns {import('./index.js').Decision}
   */
  decide(failure, { partition = '', ...situation } = {}) {
    const verdict = this.judge({ ...situation, failure }, partition);
    return /** @type {NonNullable<typeof verdict>} */ (verdict).decision;
  }
}
