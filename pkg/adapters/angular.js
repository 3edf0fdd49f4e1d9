// @ts-check
import { retry, throwError, timer } from 'rxjs';
import { decider } from './decide.js';

/** @param {import('./retry.js').RetryOptions} [options] */
export const reprieve = (options) => {
  const decide = decider(options);
  return (/** @type {any} */ request, /** @type {(request: any) => import('rxjs').Observable<any>} */ next) => {
    const began = Date.now();
    const delay = (/** @type {any} */ error, /** @type {number} */ attempt) => {
      const { status, url, headers } = error;
      const answer = decide(error, attempt, {
        status,
        url: url ?? '',
        headers: headers?.keys().map((/** @type {string} */ name) => [name, headers.get(name)]),
        data: error.error,
        method: request.method,
        elapsedMs: Date.now() - began,
      });
      return answer.retry ? timer(answer.delayMs) : throwError(() => error);
    };
    return next(request).pipe(retry({ delay }));
  };
};
