// @ts-check
/** A policy and what it remembers of each partition. */

import { ask } from './instance.js';

/** The most partitions that are remembered; the one that was used least recently is forgotten. */
const MOST = 64;

/**
 * @typedef {object} Partition
 * @property {Float64Array} state The core's, updated in place.
 * @property {number} successes Since the core last saw it.
 */

/**
 * A policy as the core takes it: JSON, or empty.
 * @param {import('./index.js').Preset | import('./index.js').PolicyOptions | undefined} options
 */
export function policyText(options) {
  const text = options === undefined ? '' : (JSON.stringify(options) ?? 'null');
  if (text) ask((core) => core.check(text, ''));
  return text;
}

/** Uniform in [0, 1). From the platform's crypto: it must differ between tabs that start in the same millisecond. */
export function random() {
  return crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;
}

export class Policy {
  /** @type {Map<string, Partition>} */
  #partitions = new Map();

  /** @param {import('./index.js').Preset | import('./index.js').PolicyOptions} [options] */
  constructor(options) {
    /** @internal */
    this.text = policyText(options);
  }

  /**
   * @internal
   * @param {string} name
   * @returns {Partition}
   */
  partition(name) {
    const known = this.#partitions.get(name);
    const partition = known ?? { state: new Float64Array([Infinity]), successes: 0 };
    this.#partitions.delete(name);
    this.#partitions.set(name, partition);
    if (this.#partitions.size > MOST) {
      this.#partitions.delete(/** @type {string} */ (this.#partitions.keys().next().value));
    }
    return partition;
  }

  /**
   * The same memory under other limits.
   * @internal
   * @param {string} text
   */
  narrowed(text) {
    const policy = new Policy();
    policy.text = text;
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
   * @param {import('./index.js').Failure} failure
   * @param {import('./index.js').Situation} [situation]
   * @returns {import('./index.js').Decision}
   */
  decide(failure, situation = {}) {
    const { method = 'GET', keyed = false, replayable = true, attempt = 1, elapsedMs = 0 } = situation;
    const { nowMs = Date.now() } = situation;
    const partition = this.partition(situation.partition ?? '');
    const decision = ask((core) =>
      core.decide(
        JSON.stringify(failure) ?? '',
        this.text,
        method,
        keyed,
        replayable,
        attempt,
        elapsedMs,
        nowMs,
        situation.random ?? random(),
        partition.successes,
        partition.state,
      ),
    );
    partition.successes = 0;
    return decision;
  }
}
