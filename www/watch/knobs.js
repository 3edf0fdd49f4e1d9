// @ts-check
import { createFetch, OptionsError } from '../built/reprieve.js';
import { byId } from '../element.js';
import { knobsOf } from './scenarios.js';

/** @typedef {import('./scenarios.js').Knobs} Knobs */
/** @typedef {import('./scenarios.js').Method} Method */
/** @typedef {import('./scenarios.js').Scenario} Scenario */
/** @typedef {'retryAfterS' | 'outageS' | 'attemptTimeoutMs'} Measure */

/** @type {Method[]} */
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

/** Ours, as the server is. */
const MAX_SECONDS = 120;

/** What is wrong with a number; `''`: nothing. @type {Record<Measure, (value: number) => string>} */
const PROBLEMS = { retryAfterS: seconds, outageS: seconds, attemptTimeoutMs };

const MEASURES = /** @type {Measure[]} */ (Object.keys(PROBLEMS));

/** @param {number} value */
function seconds(value) {
  return Number.isInteger(value) && value >= 0 && value <= MAX_SECONDS ? '' : `A whole number from 0 to ${MAX_SECONDS}.`;
}

/**
 * The library says what fits.
 *
 * @param {number} value
 */
function attemptTimeoutMs(value) {
  try {
    createFetch({ attemptTimeoutMs: value });
    return '';
  } catch (error) {
    if (error instanceof OptionsError) return `${error.reason.charAt(0).toUpperCase()}${error.reason.slice(1)}.`;
    throw error;
  }
}

/** The request, and the numbers of the fault. A number that does not fit is not taken. */
export class KnobForm {
  #method = byId('watch-method', HTMLSelectElement);
  #keyed = byId('watch-keyed', HTMLInputElement);
  /** @type {Knobs} */
  #knobs;

  /** @param {Scenario} scenario */
  constructor(scenario) {
    this.#knobs = knobsOf(scenario);
    this.show(scenario);
  }

  get value() {
    return { ...this.#knobs };
  }

  /**
   * @param {Scenario} scenario
   * @param {Knobs} [knobs]
   */
  show(scenario, knobs = knobsOf(scenario)) {
    this.#knobs = { ...knobs };
    this.#method.value = knobs.method;
    this.#keyed.checked = knobs.keyed;
    for (const name of MEASURES) {
      const input = byId(`watch-${name}`, HTMLInputElement);
      input.value = String(knobs[name]);
      complain(input, '');
      /** @type {HTMLElement} */ (input.closest('.field')).hidden = !scenario.uses.includes(name);
    }
    this.#offerKey();
  }

  /** Takes what the visitor chose. */
  read() {
    this.#knobs.method = METHODS.find((method) => method === this.#method.value) ?? 'GET';
    this.#knobs.keyed = this.#keyed.checked && this.#knobs.method === 'POST';
    for (const name of MEASURES) {
      const input = byId(`watch-${name}`, HTMLInputElement);
      const value = input.value.trim() === '' ? Number.NaN : Number(input.value);
      const problem = PROBLEMS[name](value);
      complain(input, problem);
      if (problem === '') this.#knobs[name] = value;
    }
    this.#offerKey();
  }

  /** Only a POST needs one. */
  #offerKey() {
    /** @type {HTMLElement} */ (this.#keyed.closest('label')).hidden = this.#knobs.method !== 'POST';
  }
}

/**
 * @param {HTMLInputElement} input
 * @param {string} problem
 */
function complain(input, problem) {
  input.setAttribute('aria-invalid', String(problem !== ''));
  byId(`${input.id}-problem`, HTMLParagraphElement).textContent = problem;
}

/**
 * @param {Scenario} scenario
 * @param {Knobs} knobs
 * @returns {[string, string][]} What differs from how the scenario begins.
 */
export function writeKnobs(scenario, knobs) {
  const usual = knobsOf(scenario);
  const names = /** @type {(keyof Knobs)[]} */ (['method', 'keyed', ...scenario.uses]);
  return names.filter((name) => knobs[name] !== usual[name]).map((name) => [name, name === 'keyed' ? String(Number(knobs.keyed)) : String(knobs[name])]);
}

/**
 * @param {Scenario} scenario
 * @param {URLSearchParams} given Whatever a link says; what does not fit is left out.
 * @returns {Knobs}
 */
export function readKnobs(scenario, given) {
  const knobs = knobsOf(scenario);
  knobs.method = METHODS.find((method) => method === given.get('method')) ?? knobs.method;
  knobs.keyed = knobs.method === 'POST' && (given.has('keyed') ? given.get('keyed') === '1' : knobs.keyed);
  for (const name of scenario.uses) {
    const text = given.get(name);
    const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
    if (PROBLEMS[name](value) === '') knobs[name] = value;
  }
  return knobs;
}
