// @ts-check
/** What is simulated: the knobs, what they may be, and how they stand in a link. */

/** @typedef {'outage' | 'brown-out' | 'limit' | 'random'} Fault */
/** @typedef {'default' | 'brisk' | 'patient'} Preset */

/**
 * @typedef {object} Storm
 * @property {Fault} fault
 * @property {number} seconds How long the fault lasts.
 * @property {number} tabs
 * @property {number} rate Calls of a tab a second.
 * @property {number} seed
 * @property {Preset} policy reprieve's.
 */

export const MICROSECONDS = 1_000_000;
/** Before the fault. */
export const WARM_UP_S = 15;
/** What is shown and judged after it. */
export const AFTER_S = 60;
/** Offered load over capacity. */
export const HEALTHY_LOAD = 0.7;

/** @type {Record<Fault, string>} */
export const FAULTS = { 'brown-out': 'Brown-out', outage: 'Outage', limit: 'Rate limit', random: 'Random 503s' };
/** @type {Preset[]} */
export const PRESETS = ['default', 'brisk', 'patient'];

/** @type {Storm} */
export const USUAL = { fault: 'brown-out', seconds: 30, tabs: 400, rate: 0.5, seed: 7, policy: 'default' };

/** The numbers and their ranges. */
export const RANGES = /** @type {const} */ ({
  seconds: { least: 5, most: 120, step: 1 },
  tabs: { least: 100, most: 1000, step: 1 },
  rate: { least: 0.1, most: 2, step: 0.1 },
  seed: { least: 0, most: 999_999, step: 1 },
});

/** Calls a second of all tabs. @param {Storm} storm */
export const offered = ({ tabs, rate }) => tabs * rate;

/** Prompt, in seconds: after a limit the next window may have to come first. @param {Storm} storm */
export const prompt = ({ fault }) => (fault === 'limit' ? 12 : 2);

/** After how many seconds a client gives a send up. @param {Storm} storm */
export const patience = ({ fault }) => (fault === 'brown-out' ? 2 : 10);

/** When the picture ends. @param {Storm} storm */
export const endOf = ({ seconds }) => WARM_UP_S + seconds + AFTER_S;

/**
 * @param {keyof typeof RANGES} name
 * @param {string} text
 * @returns {number | null} `null`: not a number that it may be.
 */
export function number(name, text) {
  const { least, most, step } = RANGES[name];
  if (!/^\s*\d+([.,]\d+)?\s*$/.test(text)) return null;
  const value = Number(text.replace(',', '.'));
  // A tenth is not a binary fraction.
  const steps = value / step;
  return value >= least && value <= most && Math.abs(steps - Math.round(steps)) < 1e-6 ? value : null;
}

/**
 * @param {Storm} storm
 * @returns {string} For a link; what is as usual is left out, except for the seed.
 */
export function write(storm) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(storm)) {
    if (name === 'seed' || value !== USUAL[/** @type {keyof Storm} */ (name)]) search.set(name, String(value));
  }
  return search.toString();
}

/**
 * @param {string} text Anything.
 * @returns {Storm} What does not fit is as usual.
 */
export function read(text) {
  const search = new URLSearchParams(text);
  const storm = { ...USUAL };
  for (const name of /** @type {(keyof typeof RANGES)[]} */ (Object.keys(RANGES))) storm[name] = number(name, search.get(name) ?? '') ?? USUAL[name];
  const fault = search.get('fault') ?? '';
  if (Object.hasOwn(FAULTS, fault)) storm.fault = /** @type {Fault} */ (fault);
  storm.policy = PRESETS.find((preset) => preset === search.get('policy')) ?? USUAL.policy;
  return storm;
}
