// @ts-check
/** Waits too short to notice. @type {import('../../pkg/index.js').PolicyOptions} */
export const QUICK = { backoff: { baseMs: 5, maxMs: 20 } };

/** Waits of exactly 200 ms. @type {import('../../pkg/index.js').PolicyOptions} */
export const STEADY = { backoff: { baseMs: 200, multiplier: 1, jitter: 'none' } };
