// @ts-check
/** What support needs, without what nobody must see. */

import { scope } from './traffic.js';
import { origin, path } from './url.js';

/**
 * What was sent.
 * @typedef {object} Sent
 * @property {string} method
 * @property {string} url absolute
 * @property {unknown} body
 * @property {Headers} headers
 */

const HIDDEN = '[hidden]';
const MOST_CHARACTERS = 2000;

/** Names of members, parameters and headers whose value is nobody's business. */
const SECRET_NAME =
  /key|token|secret|pass|pwd|auth|sig|session|sid$|jwt|code|credential|otp|^pin$|cookie|card|cvv|cvc|iban|account.?n|ssn|nonce|assertion|csrf|xsrf/i;

/** Values that look like a credential whatever they are called: long and random, or with a known prefix. */
const SECRET_VALUE =
  /(?:eyJ[\w-]{8,}(?:\.[\w-]+){0,2}|\b(?:sk|pk|rk|whsec|ghp|gho|ghs|github_pat|xox[a-z]|AKIA|AIza|glpat|npm|shpat)[-_]?[\w-]{8,}|(?<![\w-])(?=[\w+-]*\d)(?=[\w+-]*[A-Za-z])(?![\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\w-]))[\w+-]{32,}=*)/gi;

/** `name=value`, `"name": "value"` and `<name>value<` in any text. */
const PAIR =
  /(?<![\w.-])([\w.-]+)(["']?\s*[=:]\s*|\s*>)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s&;,<>"'}\]?=]+)/g;

/**
 * Free text without what is secret in it.
 * @param {Set<string>} hidden
 * @param {string} text
 */
const hide = (hidden, text) =>
  text
    .replace(PAIR, (all, name, separator, value) => {
      if (!SECRET_NAME.test(name)) return all;
      hidden.add(value.replace(/^["']|["']$/g, ''));
      return name + separator + HIDDEN;
    })
    .replace(SECRET_VALUE, HIDDEN);

/**
 * Every text in a secret, so that it is hidden where the server repeats it, too.
 * @param {Set<string>} hidden
 * @param {unknown} value
 */
function keep(hidden, value) {
  if (typeof value === 'object' && value) for (const member of Object.values(value)) keep(hidden, member);
  else hidden.add(String(value));
}

/**
 * @param {Set<string>} hidden
 * @param {string} name
 * @param {string} value
 */
function entry(hidden, name, value) {
  if (!SECRET_NAME.test(name)) return hide(hidden, value);
  hidden.add(value);
  return HIDDEN;
}

/**
 * @param {Set<string>} hidden
 * @param {string} query
 */
function parameters(hidden, query) {
  return query
    .split('&')
    .map((pair) => {
      const [name, ...rest] = pair.split('=');
      if (!rest.length) return hide(hidden, pair);
      const value = rest.join('=');
      const shown = entry(hidden, decode(name), decode(value));
      return `${name}=${shown === decode(value) ? value : shown}`;
    })
    .join('&');
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/**
 * An address without who asks, and without query.
 * @param {string} url absolute
 * @param {Set<string>} [hidden]
 */
export const place = (url, hidden = new Set()) => origin(url).replace(/\/\/.*@/, '//') + hide(hidden, path(url));

/**
 * @param {Sent} sent
 * @param {Set<string>} [hidden]
 */
export function endpoint({ method, url }, hidden = new Set()) {
  const query = url.split('#', 1)[0].split('?').slice(1).join('?');
  return `${method} ${place(url, hidden)}${query && `?${parameters(hidden, query)}`}`;
}

/**
 * @param {Set<string>} hidden
 * @param {unknown} value
 * @param {number} depth
 * @returns {unknown}
 */
function tree(hidden, value, depth = 0) {
  if (typeof value === 'string') return hide(hidden, value);
  if (typeof value !== 'object' || !value) return value;
  if (depth > 20) return HIDDEN;
  if (Array.isArray(value)) return value.map((item) => tree(hidden, item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (!SECRET_NAME.test(name) || member === null) return [name, tree(hidden, member, depth + 1)];
      // A secret with structure is hidden whole.
      keep(hidden, member);
      return [name, HIDDEN];
    }),
  );
}

/**
 * @param {Set<string>} hidden
 * @param {unknown} body
 * @returns {string | null}
 */
function payload(hidden, body) {
  if (body == null) return null;
  if (body instanceof URLSearchParams) return parameters(hidden, String(body));
  if (typeof FormData === 'function' && body instanceof FormData) {
    const parts = [...body].map(([name, value]) =>
      typeof value === 'string' ? [name, value] : [name, `(file, ${value.size} bytes)`],
    );
    return JSON.stringify(tree(hidden, Object.fromEntries(parts)));
  }
  if (typeof body !== 'string') {
    const { size, byteLength } = /** @type {{ size?: number, byteLength?: number }} */ (body);
    const bytes = size ?? byteLength;
    return bytes === undefined ? '(stream)' : `(${bytes} bytes)`;
  }
  try {
    const value = JSON.parse(body);
    if (typeof value === 'object') return JSON.stringify(tree(hidden, value));
  } catch {
    // Not JSON.
  }
  return /^[^\s=&]+=[^\s]*$/.test(body) ? parameters(hidden, body) : hide(hidden, body);
}

/**
 * The name and the password in `Basic` credentials.
 * @param {string} value
 */
function basic(value) {
  try {
    return atob(value.replace(/^basic\s+/i, '')).split(/:(.*)/s);
  } catch {
    return [];
  }
}

/** @param {number} ms */
const iso = (ms) => new Date(ms).toISOString();

/**
 * @param {import('./errors.js').ApiError} error
 * @param {Sent} sent
 * @returns {import('./index.js').Report}
 */
export function report({ failure, attempts, reason, retryAt, maybeApplied }, sent) {
  /** @type {Set<string>} */
  const hidden = new Set();
  for (const [name, value] of sent.headers) {
    // `Bearer x` is repeated as `x`.
    if (SECRET_NAME.test(name)) [value, ...value.split(/[\s;,=]+/), ...basic(value)].forEach((part) => hidden.add(part));
  }
  const { username, password } = new URL(sent.url || 'about:blank');
  hidden.add(decode(username)).add(decode(password));
  const made = {
    endpoint: endpoint(sent, hidden),
    time: iso(attempts[attempts.length - 1]?.startedAt ?? Date.now()),
    payload: payload(hidden, sent.body),
    scope: scope(origin(sent.url), path(sent.url)),
    status: failure.status,
    kind: failure.kind,
    code: failure.code,
    message: failure.message && hide(hidden, failure.message),
    requestId: failure.requestId,
    docsUrl: failure.docsUrl && hide(hidden, failure.docsUrl),
    reason,
    retryAt: retryAt === null ? null : iso(retryAt),
    maybeApplied,
    attempts: attempts.map(({ startedAt, durationMs, status, failure, delayMs }) => ({
      time: iso(startedAt),
      durationMs,
      status,
      kind: failure && failure.kind,
      delayMs,
    })),
    advice: [
      ...(maybeApplied ? ['The request may have taken effect: look before sending it again.'] : []),
      ...failure.advice.steps.map((step) => step.text),
    ],
  };
  const secrets = [...hidden].filter((value) => value.length > 3 && value !== HIDDEN);
  secrets.sort((a, b) => b.length - a.length);
  for (const member of /** @type {const} */ (['endpoint', 'payload', 'code', 'message', 'requestId', 'docsUrl'])) {
    let text = made[member];
    for (const secret of secrets) text &&= text.replaceAll(secret, HIDDEN);
    if (text && text.length > MOST_CHARACTERS) text = `${text.slice(0, MOST_CHARACTERS)}…`;
    made[member] = /** @type {never} */ (text);
  }
  return made;
}
