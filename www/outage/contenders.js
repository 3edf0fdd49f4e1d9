// @ts-check

/** @typedef {'naive' | 'aws' | 'ours'} Id */

/**
 * A policy in every tab. All of them are policies of the library, which takes others' rules as options.
 *
 * @typedef {object} Contender
 * @property {Id} id
 * @property {string} name
 * @property {string} rule
 * @property {import('../built/reprieve.js').Preset | import('../built/reprieve.js').PolicyOptions} options
 * @property {boolean} advised Heeds what reprieve knows beyond the policy: a browser that reports a broken connection has mostly tried twice by itself.
 */

/**
 * @param {import('./storm.js').Preset} preset reprieve's.
 * @returns {Contender[]}
 */
export const contenders = (preset) => [
  {
    id: 'naive',
    name: 'naive',
    rule: 'up to 3 more sends, at once',
    options: { preset: 'none', maxAttempts: 4, backoff: { baseMs: 0, maxMs: 0, jitter: 'none' }, retryAfter: { maxMs: 0 }, deadlineMs: null, budget: null },
    advised: false,
  },
  { id: 'aws', name: 'AWS-like', rule: 'up to 2 more, with backoff and a retry budget', options: 'aws_standard', advised: false },
  { id: 'ours', name: 'reprieve', rule: `its preset ${preset}`, options: preset, advised: true },
];
