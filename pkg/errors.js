// @ts-check
/** What can go wrong, as errors: with the options, and with a call. */

import { endpoint, report } from './report.js';

export class OptionsError extends TypeError {
  // Minified names are of no use in a log.
  static name = 'OptionsError';

  /**
   * @param {string} pointer
   * @param {string} reason
   */
  constructor(pointer, reason) {
    super(`${pointer || '(top)'}: ${reason}`);
    this.name = 'OptionsError';
    this.pointer = pointer;
    this.reason = reason;
  }
}

export class ApiError extends Error {
  static name = 'ApiError';

  /** @type {import('./report.js').Sent} */
  #sent;

  /**
   * @param {Pick<import('./index.js').ApiError, 'failure' | 'attempts' | 'reason' | 'retryAt' | 'maybeApplied' | 'basis' | 'diagnosis'>} explanation
   * @param {import('./report.js').Sent} sent
   * @param {Response | null} response
   * @param {unknown} [cause]
   */
  constructor(explanation, sent, response, cause) {
    const { failure, attempts, reason, retryAt, maybeApplied, basis, diagnosis } = explanation;
    const what = [failure.status, failure.kind, failure.code].filter((part) => part !== null).join(' ');
    const hint = reason === 'body_not_replayable' ? '; a stream is sent once, unless `body` is a function that makes it' : '';
    super(`${endpoint(sent)}: ${what} (${reason})${hint}`, cause === undefined ? undefined : { cause });
    this.name = /** @type {const} */ ('ApiError');
    this.failure = failure;
    this.response = response;
    this.attempts = attempts;
    this.reason = reason;
    this.retryAt = retryAt;
    this.maybeApplied = maybeApplied;
    this.basis = basis;
    this.diagnosis = diagnosis;
    this.#sent = sent;
  }

  report() {
    return report(this, this.#sent);
  }
}
