// @ts-check
import { element } from '../element.js';
import { count, duration } from '../wording.js';

/** @typedef {import('../built/reprieve.js').Failure} Failure */
/** @typedef {import('./judge.js').Given} Given */
/** @typedef {import('./judge.js').Verdict} Verdict */
/** @typedef {import('./why.js').Part} Part */

/**
 * Why the verdict is what it is, sentence by sentence.
 *
 * @param {{given: Given, failure: Failure, decision: Verdict, api: string | null}} of `api`: the name of the API, where it was known.
 * @returns {HTMLElement}
 */
export function because({ given, failure, decision, api }) {
  const lines = [meant(failure, api), ...decision.basis.inputs.map((input) => rested(input, { given, failure, decision, api })), remedied(decision)];
  return element('div', { class: 'why' }, element('h4', {}, 'Why'), element('ol', {}, ...lines.filter((line) => line !== null).map(([text, name]) => element('li', {}, text, ' ', element('code', {}, name)))));
}

/** A sentence, and the member of the answer that says the same to a program. @typedef {[string, string]} Line */

/**
 * @param {Failure} failure
 * @param {string | null} api
 * @returns {Line}
 */
function meant({ transientFrom, transient, status, code }, api) {
  const subject = {
    transport: 'That no answer came',
    status: `The status ${status}`,
    header: 'A header',
    code: `The code ${code}`,
    body: 'A member of the body',
    dialect: `What ${api ?? 'the API'} documents`,
  }[transientFrom];
  return [`${subject} says: ${transient ? 'the same request may succeed later.' : 'the same request would fail again.'}`, `transientFrom: ${transientFrom}`];
}

/**
 * @param {{name: string, value: number | null}} input
 * @param {{given: Given, failure: Failure, decision: Verdict, api: string | null}} of
 * @returns {Line | null}
 */
function rested({ name, value }, { given, failure, decision, api }) {
  const number = value ?? 0;
  const docs = `${api ?? 'The API'}’s documentation`;
  /** @type {Record<string, string | undefined>} */
  const sentences = {
    'failure.shouldRetry': 'The server says itself that it shall not be sent again.',
    'failure.retryAfterMs': `The server asks for ${duration(number)}, in ${failure.retryAfterFrom === 'body' ? 'its body' : 'a header'}.`,
    'failure.advice.minDelayMs': `${docs} asks for ${duration(number)} at least.`,
    'failure.advice.maxAttempts': `${docs} advises ${count(number, 'send')} at most.`,
    'failure.advice.savedUnderKey': 'The server has saved this answer under the idempotency key.',
    'policy.maxAttempts': `The policy allows ${count(number, 'send')}, and there ${given.attempt === 1 ? 'was' : 'were'} ${given.attempt}.`,
    'policy.deadlineMs': value === null ? 'The policy’s deadline is over.' : `The policy sends nothing later than ${duration(number)} after the call began.`,
    'policy.backoff': decision.basis.inputs.length > 1 ? 'On top comes a part at random, so that clients do not return together.' : `The policy’s own wait is drawn at random, up to ${duration(number)}.`,
    'policy.budget': 'The policy’s budget for retries is used up.',
    'policy.breaker': 'The server is down: one request looks, the others wait.',
    'request.method': `A ${given.method} that is sent twice may be done twice.`,
    'request.body': 'The body was a stream, and that is gone.',
  };
  const sentence = sentences[name];
  return sentence ? [sentence, value === null ? name : `${name}: ${value}`] : null;
}

/**
 * @param {Verdict} decision
 * @returns {Line | null}
 */
function remedied({ retry, basis: { remedy, inputs } }) {
  if (retry || !remedy) return null;
  /** @type {Record<string, string | undefined>} */
  const sentences = {
    request: 'Only another request can succeed.',
    'request.idempotencyKey': inputs.some(({ name }) => name === 'failure.advice.savedUnderKey') ? 'A new idempotency key would make it a new request.' : 'With an idempotency key it could be sent again.',
    'request.body': 'A body that can be made anew could be sent again.',
    'policy.maxAttempts': 'A policy that allows more sends would go on.',
    'policy.deadlineMs': 'A policy with more time would wait.',
    'policy.budget': 'A larger budget would go on.',
  };
  const sentence = sentences[remedy];
  return sentence ? [sentence, `remedy: ${remedy}`] : null;
}

/**
 * The parts that decided, in words.
 *
 * @param {Part[]} parts
 * @param {Given} given
 */
export function deciders(parts, given) {
  const names = parts
    .filter(({ role }) => role === 'decides')
    .map(({ where, name }) => (where === 'status' ? `the status ${given.status}` : where === 'header' ? `the header ${name}` : name));
  return [...new Set(names)].join(', ');
}
