// @ts-check
/** The loop around `fetch`: send, understand, wait, send again, or hand back the outcome. */

import { discard, peek } from './body.js';
import { resolved } from './classify.js';
import { ApiError, OptionsError } from './errors.js';
import { ask } from './instance.js';
import { Policy } from './policy.js';
import { sleep } from './sleep.js';
import { note } from './traffic.js';
import { absolute, origin, path } from './url.js';

/** @type {WeakMap<object, import('./index.js').Explanation>} */
const explanations = new WeakMap();

/** @param {unknown} x */
export function explain(x) {
  return explanations.get(/** @type {object} */ (x)) ?? null;
}

/** @param {unknown} x */
export function failureOf(x) {
  return explain(x)?.failure ?? null;
}

/** @type {Record<string, [(value: unknown) => boolean, string]>} */
const CALL_OPTIONS = {
  policy: [() => true, ''],
  throwOnFailure: [(value) => typeof value === 'boolean', 'true or false'],
  inspectOk: [(value) => typeof value === 'boolean', 'true or false'],
  events: [(value) => typeof value === 'function', 'a function'],
  idempotencyKey: [(value) => typeof value === 'boolean' || (typeof value === 'string' && value !== ''), 'true, false or a key'],
};

/** @type {typeof CALL_OPTIONS} */
const OPTIONS = {
  ...CALL_OPTIONS,
  dialects: [() => true, ''],
  fetch: [(value) => typeof value === 'function', 'a function'],
};

/**
 * @param {unknown} options
 * @param {typeof CALL_OPTIONS} known
 */
function check(options, known) {
  if (typeof options !== 'object' || !options) throw new OptionsError('', 'expected an object');
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name)) {
      throw new OptionsError(`/${name}`, `unknown option; expected one of ${Object.keys(known).join(', ')}`);
    }
    const [fits, expected] = known[name];
    if (value !== undefined && !fits(value)) throw new OptionsError(`/${name}`, `expected ${expected}`);
  }
}

let warned = false;

/**
 * What the core says, or nothing where it cannot run: a page that forbids WebAssembly still has its `fetch`.
 * @template T
 * @param {() => T} use
 */
function ifPossible(use) {
  try {
    return use();
  } catch (error) {
    if (error instanceof OptionsError) throw error;
    if (!warned) console.warn('reprieve: failures are neither understood nor sent again, because its WebAssembly does not run here', error);
    warned = true;
    return undefined;
  }
}

/**
 * @param {import('./index.js').Options} [options]
 * @returns {typeof globalThis.fetch}
 */
export function createFetch(options = {}) {
  check(options, OPTIONS);
  if (options.dialects !== undefined) ifPossible(() => ask({ ask: 'check', dialects: options.dialects }));
  const dialects = resolved(options.dialects);
  const policy = ifPossible(() => asPolicy(options.policy)) ?? new Policy();
  return (input, init) => {
    const fetch = options.fetch ?? globalThis.fetch;
    if (!init || init.reprieve === undefined) return new Call(fetch, dialects, policy, options, input, init).run();
    const { reprieve, ...rest } = init;
    if (reprieve === false) return fetch(input, rest);
    return new Promise((resolve) => {
      check(reprieve, CALL_OPTIONS);
      const own = ifPossible(() => asPolicy(reprieve.policy, policy)) ?? policy;
      resolve(new Call(fetch, dialects, own, { ...options, ...reprieve }, input, rest).run());
    });
  };
}

/**
 * @param {unknown} given
 * @param {Policy} [shared] whose memory the limits for one call use
 */
function asPolicy(given, shared) {
  if (given instanceof Policy) return given;
  const limits = /** @type {import('./index.js').PolicyOptions | undefined} */ (given);
  if (!shared) return new Policy(limits);
  return limits === undefined ? shared : shared.with(limits);
}

/** One call of our fetch. */
class Call {
  /** @type {import('./index.js').Attempt[]} */
  #attempts = [];
  #began = performance.now();
  #fetch;
  #dialects;
  #policy;
  #options;
  #input;
  #init;
  #request;
  #method;
  #url;
  #origin;
  #path;
  #signal;
  #writes;
  #replayable;
  #usedUp;
  #copies;

  /**
   * @param {typeof globalThis.fetch} fetch
   * @param {import('./index.js').Dialects | undefined} dialects
   * @param {Policy} policy
   * @param {import('./index.js').CallOptions} options
   * @param {RequestInfo | URL} input
   * @param {RequestInit | undefined} init
   */
  constructor(fetch, dialects, policy, options, input, init) {
    this.#fetch = fetch;
    this.#dialects = dialects;
    this.#policy = policy;
    this.#options = options;
    this.#input = input;
    this.#init = init;
    this.#request = typeof input === 'object' && 'headers' in input ? input : undefined;
    this.#method = String(init?.method ?? this.#request?.method ?? 'GET');
    this.#url = absolute(String(this.#request?.url ?? input));
    this.#origin = origin(this.#url);
    this.#path = path(this.#url);
    this.#signal = init?.signal === undefined ? this.#request?.signal : init.signal;
    this.#writes = !/^(get|head|options|trace)$/i.test(this.#method);
    this.#replayable = !isOneShot(init?.body);
    this.#usedUp = Boolean(this.#request?.bodyUsed) && init?.body == null;
    // A method without a body needs no copy.
    this.#copies = Boolean(this.#request) && !/^(get|head)$/i.test(this.#method) && init?.body == null;
  }

  get #headers() {
    return new Headers(this.#init?.headers ?? this.#request?.headers);
  }

  /** @returns {Promise<Response>} */
  async run() {
    const init = this.#init;
    // What the caller changes later is no part of this call.
    if (init) this.#init = init.headers ? { ...init, headers: new Headers(init.headers) } : { ...init };
    if (this.#options.idempotencyKey && /^(post|patch)$/i.test(this.#method)) this.#addKey(this.#options.idempotencyKey);
    for (;;) {
      const sent = await this.#send();
      if (!sent.verdict) return /** @type {Response} */ (sent.response);
      const { failure, decision } = sent.verdict;
      if (!decision.retry) return this.#stop(failure, decision, sent);
      const { delayMs } = decision;
      this.#attempts[this.#attempts.length - 1].delayMs = delayMs;
      this.#emit({ type: 'wait', failure, delayMs });
      if (sent.response) discard(sent.response);
      await sleep(delayMs, this.#signal).catch((reason) => this.#aborted(reason, failure, false));
    }
  }

  /**
   * One send and what it means.
   * @typedef {{ failure: import('./index.js').Failure, decision: import('./index.js').Decision }} Verdict
   * @typedef {{ response: Response | null, error?: unknown, verdict: Verdict | null }} Sent without a response there is a verdict
   * @returns {Promise<Sent>}
   */
  async #send() {
    const number = this.#attempts.length + 1;
    const started = performance.now();
    /** @type {import('./index.js').Attempt} */
    const attempt = { number, startedAt: Date.now(), durationMs: 0, status: null, failure: null, delayMs: null };
    this.#attempts.push(attempt);
    this.#emit({ type: 'attempt' });
    /** @type {Response | null} */
    let response = null;
    /** @type {unknown} */
    let error;
    try {
      // Not as a method: a browser's `fetch` wants no `this`.
      const fetch = this.#fetch;
      response = await fetch(...this.#arguments());
    } catch (caught) {
      error = caught;
    }
    attempt.durationMs = Math.round(performance.now() - started);
    if (response) {
      attempt.status = response.status;
      if (response.status < 400 && !(this.#options.inspectOk && response.ok)) return this.#succeed(response);
    } else if (this.#signal?.aborted) {
      return this.#aborted(error, null, this.#writes);
    } else if (number === 1 && this.#isMisuse()) {
      this.#record(error, { failure: null, reason: 'not_transient', retryAt: null, maybeApplied: false });
      throw error;
    }
    const body = response
      ? await peek(response, this.#signal).catch((reason) => this.#aborted(reason, null, this.#writes))
      : '';
    const verdict = this.#judge(response, body);
    if (verdict) {
      attempt.failure = verdict.failure;
      note(this.#origin, this.#path, response !== null && !verdict.failure.transient);
    } else if (!response) {
      throw error;
    } else if (response.ok) {
      return this.#succeed(response);
    }
    return { response, error, verdict };
  }

  /** @returns {Parameters<typeof globalThis.fetch>} */
  #arguments() {
    if (!this.#copies) return [this.#input, this.#init];
    // The copy is kept for the next send: the request itself is used up as `fetch` would.
    const request = /** @type {Request} */ (this.#input);
    if (!request.bodyUsed) this.#input = request.clone();
    return [request, this.#init];
  }

  /** Was the call itself wrong, so that nothing was sent? */
  #isMisuse() {
    if (this.#fetch !== globalThis.fetch) return false;
    try {
      const body = this.#replayable ? this.#init?.body : null;
      new Request(this.#url || String(this.#input), { ...this.#init, method: this.#method, body, signal: null });
      return this.#usedUp;
    } catch {
      return true;
    }
  }

  /**
   * @param {Response | null} response
   * @param {string} body
   * @returns {Verdict | null}
   */
  #judge(response, body) {
    const question = {
      url: this.#url,
      dialects: this.#dialects,
      method: this.#method,
      replayable: this.#replayable,
      status: response?.status,
      headers: response?.headers,
      body,
      attempt: this.#attempts.length,
      elapsedMs: performance.now() - this.#began,
    };
    return ifPossible(() => this.#policy.judge({ ...question, keyed: this.#writes && this.#keyed() }, this.#origin)) ?? null;
  }

  /** Where the API reads its idempotency key: `[in the query?, name]`. */
  #keyPlace() {
    return /** @type {[boolean, string]} */ (ask({ ask: 'key', url: this.#url, dialects: this.#dialects }));
  }

  #keyed([inQuery, name] = this.#keyPlace()) {
    return inQuery ? hasParameter(this.#url, name) : this.#headers.has(name);
  }

  /** @param {string | true} given */
  #addKey(given) {
    const place = ifPossible(() => this.#keyPlace());
    if (!place || this.#keyed(place)) return;
    const [inQuery, name] = place;
    const key = given === true ? uuid() : given;
    if (inQuery) {
      const [address, ...fragment] = this.#url.split('#');
      this.#url = [`${address}${address.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(key)}`, ...fragment].join('#');
      const body = /** @type {RequestInit} */ ({ duplex: 'half' });
      this.#input = this.#request ? new Request(new Request(this.#url, this.#request), body) : this.#url;
    } else {
      const headers = this.#headers;
      headers.set(name, key);
      this.#init = { ...this.#init, headers };
    }
  }

  /** @param {Response} response */
  #succeed(response) {
    this.#policy.success(this.#origin);
    note(this.#origin, this.#path, true);
    this.#record(response, { failure: null, reason: 'success', retryAt: null, maybeApplied: false });
    return { response, verdict: null };
  }

  /**
   * @param {import('./index.js').Failure} failure
   * @param {Extract<import('./index.js').Decision, { retry: false }>} decision
   * @param {Sent} sent
   */
  #stop(failure, { reason, retryAt, maybeApplied }, { response, error }) {
    const explanation = { failure, attempts: this.#attempts, reason, retryAt, maybeApplied };
    const outcome = this.#options.throwOnFailure
      ? new ApiError(explanation, this.#sent(), response, error)
      : (response ?? error);
    this.#record(outcome, explanation);
    if (response && outcome === response) return response;
    throw outcome;
  }

  /** @returns {import('./report.js').Sent} */
  #sent() {
    // The body of a Request is not at hand, but there is one.
    const body = this.#init?.body ?? (this.#copies ? {} : null);
    return { method: this.#method, url: this.#url, headers: this.#headers, body };
  }

  /**
   * @param {unknown} error what the caller gave up with
   * @param {import('./index.js').Failure | null} failure
   * @param {boolean} maybeApplied
   * @returns {never}
   */
  #aborted(error, failure, maybeApplied) {
    this.#record(error, { failure, reason: 'aborted', retryAt: null, maybeApplied });
    throw error;
  }

  /**
   * @param {unknown} outcome
   * @param {Omit<import('./index.js').Explanation, 'attempts'>} rest
   */
  #record(outcome, rest) {
    if (Object(outcome) === outcome) {
      explanations.set(/** @type {object} */ (outcome), { ...rest, attempts: this.#attempts });
    }
    const { failure, reason, retryAt } = rest;
    this.#emit({ type: 'stop', failure, reason, retryAt });
  }

  /** @param {EventPart} event */
  #emit(event) {
    const { events } = this.#options;
    if (!events) return;
    const complain = (/** @type {unknown} */ error) => console.error('reprieve: the events hook threw', error);
    try {
      const made = { url: this.#url, method: this.#method, attempt: this.#attempts.length, ...event };
      Promise.resolve(events(/** @type {import('./index.js').ReprieveEvent} */ (made))).catch(complain);
    } catch (error) {
      complain(error);
    }
  }
}

/**
 * @typedef {{ type: 'attempt' }
 *   | { type: 'wait', failure: import('./index.js').Failure, delayMs: number }
 *   | { type: 'stop', failure: import('./index.js').Failure | null, reason: import('./index.js').Reason, retryAt: number | null }} EventPart
 */

/**
 * A body that is gone once it was sent.
 * @param {unknown} body
 */
function isOneShot(body) {
  const { getReader } = /** @type {{ getReader?: unknown }} */ (Object(body));
  return (
    typeof getReader === 'function' ||
    // Node takes any async iterable; a Blob is none.
    Symbol.asyncIterator in Object(body)
  );
}

/** A random UUID (RFC 9562, version 4). `crypto.randomUUID` is missing from pages without TLS. */
function uuid() {
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
    (Number(digit) ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (Number(digit) / 4)))).toString(16),
  );
}

/**
 * @param {string} url absolute
 * @param {string} name
 */
function hasParameter(url, name) {
  return Boolean(url) && new URL(url).searchParams.has(name);
}
