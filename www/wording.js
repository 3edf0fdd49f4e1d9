// @ts-check

/** @typedef {import('./built/reprieve.js').Failure} Failure */
/** @typedef {import('./built/reprieve.js').Situation} Situation */

/** What is wrong, for people. @type {Record<import('./built/reprieve.js').Kind, string>} */
const KINDS = {
  invalid_request: 'The request is invalid.',
  unauthenticated: 'The credentials were not accepted.',
  payment_required: 'Payment is required.',
  permission_denied: 'This account may not do that.',
  not_found: 'There is nothing at this address.',
  conflict: 'It conflicts with what is already there.',
  rate_limited: 'Rate limited.',
  server_error: 'The server failed.',
  bad_gateway: 'A gateway got no valid answer.',
  unavailable: 'The service is unavailable.',
  timeout: 'It took too long.',
  network: 'The connection broke.',
  cancelled: 'Cancelled.',
  unknown: 'It failed, and the answer does not say why.',
};

/** Why it is not sent again, for people. @type {Record<import('./built/reprieve.js').Reason, string>} */
const REASONS = {
  success: 'Done.',
  not_transient: 'Do not send it again: the same request would fail the same way.',
  server_veto: 'Do not send it again: the server says so.',
  not_idempotent: 'Do not send it again: without an idempotency key it might be done twice.',
  body_not_replayable: 'It cannot be sent again: its body was a stream, and that is gone.',
  attempts_exhausted: 'Do not send it again: it had its tries.',
  deadline_exceeded: 'Do not send it again: the time for this call is used up.',
  retry_after_too_long: 'Do not wait for it here: come back later.',
  budget_exhausted: 'Do not send it again: too many calls to this server fail just now.',
  circuit_open: 'Not sent: this server is down, and asking would not help it.',
  aborted: 'Stopped by you.',
};

/** @param {Failure} failure */
export const meaning = (failure) => KINDS[failure.kind];

/**
 * @param {import('./built/reprieve.js').Reason} reason
 * @param {{failure?: Failure | null, keyed?: boolean, attempt?: number}} [context]
 */
export function stopping(reason, { failure, keyed, attempt } = {}) {
  if (keyed && failure?.advice.savedUnderKey) return 'Do not send it again: under the same key the server only repeats this answer.';
  const limit = failure?.advice.maxAttempts;
  if (reason === 'attempts_exhausted' && attempt !== undefined) {
    const sends = `after ${count(attempt, 'send')}`;
    if (!limit || limit > attempt) return `Stop ${sends}: that is this policy’s limit.`;
    return failure.status === null ? `Stop ${sends}: the browser had tried again by itself before it reported a broken connection.` : `Stop ${sends}: the API’s documentation advises no more.`;
  }
  if (reason === 'retry_after_too_long' && failure) {
    const asked = Math.max(failure.retryAfterMs ?? 0, failure.advice.minDelayMs ?? 0);
    return `Do not wait for it here: come back in ${duration(asked)}.`;
  }
  if (reason === 'circuit_open' && attempt) return 'Do not send it again: this server is down, and asking would not help it.';
  return REASONS[reason];
}

/**
 * Why a repeated send does no harm.
 *
 * @param {Situation} situation
 */
export function safety({ method = 'GET', keyed = false }) {
  if (!['POST', 'PATCH'].includes(method)) return `safe, it is a ${method}`;
  return keyed ? 'safe, it carries a key' : 'safe, nothing was done yet';
}

/**
 * @param {number} number
 * @param {string} noun
 */
export const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;

/**
 * @param {number} ms
 * @returns {string} `240 ms`, `1.3 s`, `5 min`, `2 h`
 */
export function duration(ms) {
  if (ms < 995) return `${Math.round(ms)} ms`;
  if (ms < 99_500) return `${Number((ms / 1000).toFixed(ms < 9_950 ? 1 : 0))} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 129_600_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}

/**
 * @param {number} at Milliseconds since the epoch.
 * @returns {string} Local time, with the day where it is not today.
 */
export function clock(at) {
  const date = new Date(at);
  const time = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return date.toDateString() === new Date().toDateString() ? time : `${date.toLocaleDateString(undefined, { dateStyle: 'medium' })}, ${time}`;
}
