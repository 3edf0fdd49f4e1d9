// @ts-check
/** A policy and what it remembers of each partition. */

import { ask, based, named, ready } from './instance.js';
import { Partitions } from './partition.js';

/** What the core remembers of each call. @type {WeakMap<object, number[]>} */
const tickets = new WeakMap();

/** Uniform in [0, 1). From the platform's crypto: it must differ between tabs that start in the same millisecond. */
function entropy() {
  return crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;
}

export class Policy {
  #partitions;

  /** @param {import('./index.js').Preset | import('./index.js').PolicyOptions} [options] */
  constructor(options) {
    /** @internal */
    this.options = options;
    // Where the core has to be loaded first, its first answer checks them.
    if (options !== undefined && !ready()) ask({ ask: 'check', policy: options });
    this.#partitions = new Partitions(options);
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
    return this.#partitions.get(name).waiters;
  }

  /**
   * @param {import('./index.js').Situation} [situation]
   * @returns {import('./index.js').Admission}
   */
  admit({ partition = '', ticket = {}, ...situation } = {}) {
    const { nowMs = Date.now() } = situation;
    if (!this.#concerns(partition)) {
      tickets.set(ticket, [nowMs]);
      return { send: true, until: null, reason: null, retryAt: null, failure: null, basis: null };
    }
    const [until, reason, retryAt, failure, basis] = this.#ask(partition, ticket, { ...situation, nowMs, ask: 'admit' });
    const send = until === null && reason === null;
    if (send) this.#partitions.look(partition);
    return /** @type {import('./index.js').Admission} */ ({ send, until, reason, retryAt, failure: failure && named(failure), basis: send ? null : based(basis) });
  }

  /**
   * @param {string | import('./index.js').Situation} [situation]
   */
  success(situation = '') {
    const { partition = '', ticket = {}, ...rest } = typeof situation === 'string' ? { partition: situation } : situation;
    if (this.#concerns(partition)) this.#ask(partition, ticket, { ...rest, ask: 'succeed' });
  }

  /** @param {import('./index.js').Situation} [situation] */
  cancel({ partition = '', ticket = {}, ...situation } = {}) {
    if (this.#concerns(partition)) this.#ask(partition, ticket, { ...situation, ask: 'verdict', transport: 'cancelled' });
  }

  /**
   * Nothing is held back nor given back where nothing failed, and nobody has to compile the core to learn that, or to wait for it; but some policies
   * count successes.
   * @param {string} partition
   */
  #concerns(partition) {
    const { budget, breaker } = Object(this.options);
    return (this.#partitions.has(partition) || Boolean(budget?.perCall || budget?.windowMs) || breaker?.share !== undefined) && !ready();
  }

  /**
   * What a send means and what to do about it; `null` where nothing failed.
   * @internal
   * @param {Omit<import('./instance.js').Question, 'ask'> & Record<string, unknown>} question
   * @param {string} [name] of the partition; without one nothing is taken from it
   * @param {object} [ticket] of the call
   * @returns {import('./call.js').Verdict | null}
   */
  judge(question, name, ticket = {}) {
    const answer = this.#ask(name, ticket, { ...question, ask: 'verdict' });
    if (!answer) return null;
    const [failure, delayMs, reason, retryAt, maybeApplied, basis] = answer;
    const retry = reason === null;
    const decision = { retry, delayMs, reason, retryAt, maybeApplied: !retry && maybeApplied, basis: based(basis) };
    return { failure: named(failure), decision, maybeApplied };
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

  /**
   * @param {string | undefined} name
   * @param {object} ticket
   * @param {import('./instance.js').Question & Record<string, unknown>} question
   */
  #ask(name, ticket, question) {
    const partition = name === undefined ? [] : this.#partitions.get(name).numbers;
    const answer = ask({ ...question, random: question.random ?? entropy(), policy: this.options, ticket: tickets.get(ticket), partition });
    if (answer) {
      const numbers = answer.pop();
      tickets.set(ticket, answer.pop());
      if (name !== undefined) this.#partitions.set(name, numbers);
    }
    return answer;
  }
}
