// @ts-check
import { classify } from '../built/reprieve.js';

/** @typedef {import('../built/reprieve.js').Failure} Failure */
/** @typedef {import('../built/reprieve.js').TransportFailure} TransportFailure */

/** @type {Failure['advice']} */
const NO_ADVICE = { steps: [], maxAttempts: null, minDelayMs: null, savedUnderKey: false };

/**
 * A send without a response, as our fetch tells it; the steps for people left out.
 *
 * @param {'network' | 'timeout'} kind
 * @returns {TransportFailure}
 */
const transport = (kind) => ({
  kind,
  status: null,
  code: null,
  message: null,
  fields: [],
  requestId: null,
  docsUrl: null,
  retryAfterMs: null,
  retryAfterFrom: null,
  transient: true,
  transientFrom: 'transport',
  bucket: null,
  shouldRetry: null,
  dialect: null,
  advice: kind === 'network' ? { ...NO_ADVICE, maxAttempts: 2, minDelayMs: 500 } : NO_ADVICE,
});

/** @param {number} status @param {Record<string, string>} [headers] */
const response = (status, headers) => /** @type {Failure} */ (classify({ status, headers, url: 'https://api.example/' }));

/** What can go wrong in a storm, each made once. */
export class Failures {
  #advised;
  /** By the seconds that the server states. @type {Map<number, Failure>} */
  #limited = new Map();

  /** @param {boolean} advised Whether the contender heeds reprieve's own advice on them. */
  constructor(advised) {
    this.#advised = advised;
    this.network = this.#seen(transport('network'));
    this.timeout = this.#seen(transport('timeout'));
    this.unavailable = this.#seen(response(503));
  }

  /** @param {number} seconds */
  limited(seconds) {
    const failure = this.#limited.get(seconds) ?? this.#seen(response(429, { 'retry-after': String(seconds) }));
    this.#limited.set(seconds, failure);
    return failure;
  }

  /** @param {Failure} failure @returns {Failure} */
  #seen(failure) {
    return this.#advised ? failure : { ...failure, advice: NO_ADVICE };
  }
}
