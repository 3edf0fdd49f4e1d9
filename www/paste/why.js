// @ts-check
import { leavesOf } from './leaves.js';

/** @typedef {import('../built/reprieve.js').Failure} Failure */
/** @typedef {import('./judge.js').Given} Given */
/** @typedef {import('./judge.js').Judgement} Judgement */

/**
 * A part of a response that the verdict rests on.
 *
 * @typedef {object} Part
 * @property {'status' | 'header' | 'body'} where
 * @property {string} name `status`, the name of a header, or the place in the body.
 * @property {number} index Of the header in the list.
 * @property {import('./message.js').Range} range In the body.
 * @property {Role} role
 */

/** `decides`: with another value there, the decision would be another; `dialect`: by it the API was known. The others say what was read there. @typedef {'decides' | 'code' | 'message' | 'requestId' | 'docsUrl' | 'fields' | 'advice' | 'dialect'} Role */

/** What a failure says, the telling first. @type {Exclude<Role, 'decides' | 'dialect'>[]} */
const READ = ['code', 'requestId', 'docsUrl', 'fields', 'message', 'advice'];

/** Of several, the first is what a part is for. @type {Role[]} */
const ROLES = ['decides', ...READ, 'dialect'];

const STATUSES = [400, 404, 429, 500, 503];

/** How long to work without a pause. */
const SLICE_MS = 12;
/** Enough for any error of an API; a large page of a proxy is looked at in part. */
const PATIENCE_MS = 400;

/**
 * Which parts of a response decided, found by asking: what would the verdict be, were this part another?
 *
 * @param {Given} given
 * @param {(given: Given) => Judgement} judge
 * @param {AbortSignal} signal
 * @returns {Promise<Part[]>} Nothing where nothing failed, or after an abort.
 */
export async function whyOf(given, judge, signal) {
  const truth = judge(given);
  const { failure } = truth;
  if (!failure) return [];
  const told = tell(truth);

  /** @type {Part[]} */
  const parts = [];
  const began = performance.now();
  let rested = began;
  for (const { part, variants } of alternatives(given)) {
    const roles = variants().map((variant) => roleOf(told, tell(judge(variant)), failure));
    const role = ROLES.find((name) => roles.includes(name));
    if (role) parts.push({ ...part, role });
    const now = performance.now();
    if (now - began > PATIENCE_MS) break;
    if (now - rested > SLICE_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      if (signal.aborted) return [];
      rested = performance.now();
    }
  }

  const named = parts.some(({ where, role }) => where !== 'status' && role === 'decides');
  if (failure.transientFrom === 'status' || !named || STATUSES.every((status) => status === given.status || isOther(told, tell(judge({ ...given, status }))))) {
    parts.unshift({ where: 'status', name: 'status', index: 0, range: [0, 0], role: 'decides' });
  }
  return parts;
}

/**
 * The response with one part changed, part by part.
 *
 * @param {Given} given
 * @returns {{part: Omit<Part, 'role'>, variants: () => Given[]}[]}
 */
function alternatives(given) {
  return [
    ...given.headers.map(([name], index) => ({
      part: { where: /** @type {const} */ ('header'), name: name.toLowerCase(), index, range: /** @type {[number, number]} */ ([0, 0]) },
      variants: () => [{ ...given, headers: given.headers.filter((_, other) => other !== index) }],
    })),
    ...leavesOf(given.body).map(({ name, range, instead }) => ({
      part: { where: /** @type {const} */ ('body'), name, index: 0, range },
      variants: () => instead.filter((text) => text !== given.body.slice(...range)).map((text) => ({ ...given, body: given.body.slice(0, range[0]) + text + given.body.slice(range[1]) })),
    })),
  ];
}

/** @typedef {{decision: string} & Record<Exclude<Role, 'decides'>, string>} Told */

/**
 * @param {Judgement} judgement
 * @returns {Told}
 */
function tell({ failure, decision }) {
  const { kind, transient, code, message, requestId, docsUrl, fields, advice, dialect } = failure ?? {};
  const { retry, reason, maybeApplied, least, most, retryAt } = decision ?? {};
  const told = { code, message, requestId, docsUrl, fields, advice, dialect, decision: [kind, transient, retry, reason, maybeApplied, least, most, retryAt] };
  return /** @type {Told} */ (Object.fromEntries(Object.entries(told).map(([name, value]) => [name, JSON.stringify(value ?? null)])));
}

/** @param {Told} one @param {Told} other */
const isOther = (one, other) => one.decision !== other.decision;

/**
 * @param {Told} told
 * @param {Told} changed
 * @param {Failure} failure
 * @returns {Role | null}
 */
function roleOf(told, changed, failure) {
  // Read by the rules of another API, all may be different.
  if (told.dialect !== changed.dialect) return 'dialect';
  const role = READ.find((name) => told[name] !== changed[name]) ?? null;
  // A code that says what its status says changes nothing by itself, and is what the core went by.
  if (isOther(told, changed) || (role === 'code' && failure.transientFrom === 'code')) return 'decides';
  return role;
}
