// @ts-check

/** @typedef {'naive' | 'aws' | 'ours'} Id */

/** Who competes, in the order in which they are drawn: the last on top. @type {{id: Id, name: string}[]} */
export const CONTENDERS = [
  { id: 'naive', name: 'naive' },
  { id: 'aws', name: 'AWS-like' },
  { id: 'ours', name: 'reprieve' },
];

/**
 * A policy in every tab. All of them are policies of the library, which takes others' rules as options.
 *
 * @typedef {object} Contender
 * @property {Id} id
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
    options: { preset: 'none', maxAttempts: 4, backoff: { baseMs: 0, maxMs: 0, jitter: 'none' }, retryAfter: { maxMs: 0 }, deadlineMs: null, budget: null },
    advised: false,
  },
  { id: 'aws', options: 'aws_standard', advised: false },
  { id: 'ours', options: preset, advised: true },
];
