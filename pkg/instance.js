// @ts-check
/** Brings the core up on first need, and replaces it after a trap. */

import { OptionsError } from './errors.js';
// The build puts another form of the core in its place for each entry.
import { REMEDY, load, start } from './inlined.js';

export { prepare } from './inlined.js';

/** @type {import('./compiled.js').Instance | undefined} */
let instance;

/** The core frees nothing; an instance that has grown larger than this is replaced. */
const MOST_MEMORY = 1 << 23;

function core() {
  try {
    return (instance ??= start()).core;
  } catch (cause) {
    throw new Error(`reprieve cannot run here yet (${cause}): ${REMEDY}`, { cause });
  }
}

/**
 * Nothing where the core can be asked now, else what to wait for.
 * @returns {Promise<void> | undefined} never rejects
 */
export function ready() {
  try {
    core();
  } catch {
    return load().catch(() => {});
  }
  return undefined;
}

/** @param {any} [source] for `reprieve/slim` */
export async function init(source) {
  if (instance) return;
  await /** @type {(source: any) => Promise<void>} */ (load)(source);
  await ready();
  core();
}

/**
 * A question as the core reads it (`src/wasm.rs`), beside what crosses on its own.
 * @typedef {object} Question
 * @property {'check' | 'key' | 'names' | 'failure' | 'admit' | 'succeed' | 'verdict'} ask
 * @property {Iterable<readonly [string, string]>} [headers]
 * @property {string} [body]
 * @property {number} [nowMs]
 * @property {number} [elapsedMs]
 * @property {number} [random]
 */

/** @type {(key: string, value: unknown) => unknown} */
const lossless = (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);

/**
 * JSON that keeps what JSON cannot say in options, so that the core can object to it.
 * @param {object} question
 */
function write(question) {
  try {
    return JSON.stringify(question, 'policy' in question || 'dialects' in question ? lossless : undefined);
  } catch (error) {
    throw new OptionsError('', String(error));
  }
}

/**
 * The core's answer.
 * @param {Question & Record<string, unknown>} question
 * @returns {any}
 * @throws {OptionsError} for options that do not load
 */
export function ask({ headers = [], body = '', nowMs = Date.now(), elapsedMs = 0, random = 0, ...rest }) {
  const question = write(rest);
  const put = () => core().ask(question, /** @type {Headers} */ (headers), body, nowMs, elapsedMs, random);
  core();
  try {
    const answer = put();
    if (instance && instance.memory.buffer.byteLength > MOST_MEMORY) instance = undefined;
    return answer;
  } catch (error) {
    if (Array.isArray(error)) throw new OptionsError(error[0], error[1]);
    // The state of an instance that trapped is undefined; a new one has none. What is no trap comes again.
    instance = undefined;
    return put();
  }
}

let warned = false;

/**
 * What the core says, or nothing where it cannot run in any form: the page still has its `fetch`.
 * @template T
 * @param {() => T} use
 */
export function ifPossible(use) {
  try {
    return use();
  } catch (error) {
    if (error instanceof OptionsError) throw error;
    if (!warned) console.warn('reprieve: failures are neither understood nor sent again, because the core does not run here', error);
    warned = true;
    return undefined;
  }
}

/**
 * The names of kinds, and the steps with their texts: they cross once, and then their numbers do.
 * @type {[kinds: string[], steps: [id: string, text: string][]] | undefined}
 */
let names;

/**
 * A failure with its names, which do not cross.
 * @param {any[]} members in the order of `members` in `src/wasm.rs`
 * @returns {import('./index.js').Failure}
 */
export function named(members) {
  const [kind, status, code, message, fields, requestId, docsUrl, retryAfterMs, transient, shouldRetry, dialect, ...advice] =
    members;
  const [steps, maxAttempts, minDelayMs, savedUnderKey, bucket, transientFrom, retryAfterFrom] = advice;
  names ??= /** @type {NonNullable<typeof names>} */ (ask({ ask: 'names' }));
  const [kinds, known] = names;
  return {
    kind: /** @type {import('./index.js').Kind} */ (kinds[kind]),
    status,
    code,
    message,
    fields: fields.map((/** @type {any[]} */ [path, message, code]) => ({ path, message, code })),
    requestId,
    docsUrl,
    retryAfterMs,
    retryAfterFrom,
    bucket,
    transient,
    transientFrom,
    shouldRetry,
    dialect,
    advice: {
      steps: steps.map((/** @type {number} */ step) => {
        const [id, text] = known[step];
        return { id, text };
      }),
      maxAttempts,
      minDelayMs,
      savedUnderKey,
    },
  };
}

/**
 * What a decision rests on, with names.
 * @param {any[]} list as `basis` in `src/wasm.rs` gives it
 * @returns {import('./index.js').Basis}
 */
export function based([remedy, ...rest]) {
  const inputs = [];
  for (let index = 0; index < rest.length; index += 2) inputs.push({ name: rest[index], value: rest[index + 1] });
  return { inputs, remedy };
}
