// @ts-check
/** One call: send, understand, wait, send again, or hand back the outcome. */

import { attributes } from './attributes.js';
import { arrival, discard, peek, restored } from './body.js';
import { diagnose } from './diagnose.js';
import { ApiError } from './errors.js';
import { explanations } from './explain.js';
import { ask, ifPossible, ready } from './instance.js';
import { isLeaving } from './page.js';
import { LATE_MS, Limit, sleep } from './sleep.js';
import { bucket, note } from './traffic.js';
import { absolute, origin, path } from './url.js';

/** Of an outcome that no decision led to. @type {import('./index.js').Basis} */
const UNBASED = { inputs: [], remedy: null };

/** How long a call waits for the core to be loaded. */
const MOST_LOAD_MS = 5000;

/** One call of our fetch. */
export class Call {
  /** @type {import('./index.js').Attempt[]} */
  #attempts = [];
  #began = [performance.now(), Date.now()];
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
  /** Of the send so far. */
  #limit = new Limit(null, Infinity);
  /** What the caller's function has made for this send. @type {RequestInit['body']} */
  #made;
  /** How long the next send was held back. */
  #heldMs = 0;
  /** The caller's function has made no body. */
  #cannotSend = false;

  /**
   * @param {typeof globalThis.fetch} fetch
   * @param {import('./index.js').Dialects | undefined} dialects
   * @param {import('./policy.js').Policy} policy
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

  /** What a Request would lose with any init of ours. */
  get #given() {
    const { referrer, referrerPolicy } = this.#request ?? {};
    return referrer !== undefined && !Object.keys(this.#init ?? {}).length && { referrer, referrerPolicy };
  }

  get #headers() {
    return new Headers(this.#init?.headers ?? this.#request?.headers);
  }

  /** @returns {Promise<Response>} */
  async run() {
    const init = this.#init;
    // What the caller changes later is no part of this call.
    if (init) this.#init = init.headers ? { ...init, headers: new Headers(init.headers) } : { ...init };
    if (this.#options.idempotencyKey && /^(post|patch)$/i.test(this.#method)) await this.#addKey(this.#options.idempotencyKey);
    /** @type {Sent | undefined} */
    let last;
    for (;;) {
      const held = this.#admit(last);
      // At once where nothing holds it: a page that unloads has no time.
      const refused = held && (await held);
      if (refused) return this.#refuse(refused, last);
      const sent = (last = await this.#send());
      if (!sent.verdict) return /** @type {Response} */ (sent.response);
      const { failure, decision: { retry, delayMs, basis }, maybeApplied } = sent.verdict;
      if (!retry) return this.#stop(sent.verdict, sent);
      this.#emit({ type: 'wait', failure, delayMs, basis });
      Object.assign(this.#attempts[this.#attempts.length - 1], { delayMs, basis });
      this.#limit.end();
      if (sent.response) discard(sent.response, this.#limit);
      const due = this.#elapsedMs + delayMs;
      await sleep(delayMs, this.#signal).catch((reason) => this.#aborted(reason, failure, maybeApplied));
      // The machine may have slept for hours.
      const isLate = this.#leftMs <= 0 || this.#elapsedMs > due + LATE_MS;
      const verdict = isLate && this.#judge(sent, failure);
      if (verdict && !verdict.decision.retry) return this.#refuse(verdict.decision, sent);
    }
  }

  /** What the policy keeps of this call, and of its endpoint. */
  get #place() {
    return { partition: this.#origin, ticket: this, path: this.#path, bucket: bucket(this.#origin, this.#path) };
  }

  /**
   * Asks for the next send. Nothing where it may go now; else a promise of the refusal, or of nothing when it may go.
   * @param {Sent | undefined} last
   */
  #admit(last) {
    const ask = () => {
      const elapsed = { elapsedMs: this.#elapsedMs, timeoutMs: this.#timeoutMs };
      return this.#policy.admit({ ...this.#place, ...elapsed, attempt: this.#attempts.length + 1 });
    };
    this.#heldMs = 0;
    let admission = ifPossible(ask);
    if (!admission || admission.send) return undefined;
    return (async () => {
      const since = this.#elapsedMs;
      while (admission && !admission.send) {
        const { until, basis } = admission;
        if (until === null) return admission;
        this.#emit({ type: 'hold', until, basis });
        const wait = sleep(until - Date.now(), this.#signal, this.#policy.waiters(this.#origin));
        await wait.catch((reason) => this.#aborted(reason, last?.verdict?.failure ?? null, last?.verdict?.maybeApplied ?? false));
        admission = ifPossible(ask);
      }
      this.#heldMs = this.#elapsedMs - since;
      return undefined;
    })();
  }

  /**
   * Ends a call that has waited in vain, with what its last send came to.
   * @param {{ reason: import('./index.js').Reason | null, retryAt: number | null, basis: import('./index.js').Basis | null, failure?: import('./index.js').Failure | null }} refusal
   * @param {Sent | undefined} last
   */
  #refuse({ reason, retryAt, basis, failure }, last) {
    const known = last?.verdict;
    const maybeApplied = known?.maybeApplied ?? false;
    const decision = /** @type {Stop} */ ({ retry: false, delayMs: null, reason, retryAt, maybeApplied, basis });
    const response = last?.response ? restored(last.response, last.body) : null;
    const verdict = { failure: /** @type {import('./index.js').Failure} */ (known?.failure ?? failure), decision, maybeApplied };
    return this.#stop(verdict, { body: '', ...last, response });
  }

  /** By the clock that also runs while the machine sleeps. */
  get #elapsedMs() {
    return Math.ceil(Math.max(performance.now() - this.#began[0], Date.now() - this.#began[1]));
  }

  get #timeoutMs() {
    const { timeoutMs } = this.#options;
    return timeoutMs && Math.ceil(timeoutMs);
  }

  /** What is left of `timeoutMs`. */
  get #leftMs() {
    return (this.#options.timeoutMs ?? Infinity) - this.#elapsedMs;
  }

  /**
   * One send and what it means.
   * @typedef {Pick<ApiError, 'reason' | 'retryAt' | 'maybeApplied' | 'basis'>} Stop what ends a call
   * @typedef {{ failure: import('./index.js').Failure, decision: import('./index.js').Decision, maybeApplied: boolean }} Verdict
   * @typedef {{ response: Response | null, error?: unknown, body: string }} Outcome
   * @typedef {Outcome & { verdict: Verdict | null }} Sent without a response there is a verdict
   * @returns {Promise<Sent>}
   */
  async #send() {
    const number = this.#attempts.length + 1;
    const started = performance.now();
    /** @type {import('./index.js').Attempt} */
    const attempt = { number, heldMs: this.#heldMs, startedAt: Date.now(), durationMs: 0, status: null, failure: null, delayMs: null, basis: null };
    this.#attempts.push(attempt);
    this.#emit({ type: 'attempt' });
    const { attemptTimeoutMs, readBody, inspectOk } = this.#options;
    const [own, left] = [attemptTimeoutMs ?? Infinity, this.#leftMs];
    const what = own < left ? `attemptTimeoutMs of ${own}` : `timeoutMs of ${this.#options.timeoutMs}`;
    const limit = (this.#limit = new Limit(this.#signal, Math.min(own, left), what));
    /** @type {Response | null} */
    let response = null;
    /** @type {unknown} */
    let error;
    try {
      response = await (limit.isOwn || maker(this.#init) ? limit.hold(() => this.#fetchOnce(limit.signal)) : this.#fetchOnce());
      attempt.status = response.status;
      if (!readBody) limit.end(response);
      else if (response.status < 400) {
        const arrived = response;
        await limit.hold(() => arrival(arrived));
      }
    } catch (caught) {
      error = caught;
      response = null;
    }
    attempt.durationMs = Math.round(performance.now() - started);
    if (response) {
      if (response.status < 400 && !(inspectOk && response.ok)) return this.#succeed(response);
    } else {
      limit.end();
      if (this.#signal?.aborted) return this.#givenUp(error);
      if (!limit.timeout && (this.#cannotSend || (number === 1 && attempt.status === null && this.#isMisuse()))) {
        this.#cancel();
        this.#record(error, { failure: null, reason: 'not_transient', retryAt: null, maybeApplied: this.#writes && number > 1 });
        throw error;
      }
      const isLeft = !limit.timeout && (await isLeaving(this.#signal).catch((reason) => this.#givenUp(reason)));
      if (isLeft) return this.#givenUp(error, 'unloading');
    }
    const body = response
      ? await peek(response, this.#signal, this.#leftMs).catch((reason) => this.#givenUp(reason))
      : '';
    const sent = { response, error, body };
    await this.#core().catch((reason) => this.#givenUp(reason));
    const verdict = this.#judge(sent);
    if (verdict) {
      attempt.failure = verdict.failure;
      note(this.#origin, this.#path, response !== null && !verdict.failure.transient, verdict.failure.bucket);
    } else if (!response) {
      throw error;
    } else if (response.ok) {
      return this.#succeed(response);
    } else {
      limit.end(response);
    }
    return { ...sent, verdict };
  }

  /**
   * At once, unless the body has to be made: a page that unloads has no time.
   * @param {AbortSignal | null} [signal] in place of the caller's
   * @returns {Promise<Response>}
   */
  #fetchOnce(signal) {
    // Not as a method: a browser's `fetch` wants no `this`.
    const fetch = this.#fetch;
    const make = maker(this.#init);
    if (!make) return fetch(...this.#arguments(signal));
    this.#cannotSend = true;
    return Promise.resolve(make()).then((body) => {
      this.#cannotSend = false;
      this.#made = body;
      return fetch(...this.#arguments(signal));
    });
  }

  /**
   * @param {AbortSignal | null} [signal]
   * @returns {Parameters<typeof globalThis.fetch>}
   */
  #arguments(signal) {
    let init = this.#init;
    if (this.#made !== undefined) init = made(init, this.#made);
    // In server components Next and React answer the same GET from memory, unless it has a signal.
    if (this.#attempts.length > 1 && !this.#writes && !init?.signal) signal ??= this.#signal ?? new AbortController().signal;
    if (signal) init = { ...this.#given, ...init, signal };
    if (!this.#copies) return [this.#input, init];
    // The copy is kept for the next send: the request itself is used up as `fetch` would.
    const request = /** @type {Request} */ (this.#input);
    if (!request.bodyUsed) this.#input = request.clone();
    return [request, init];
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
   * @param {Outcome} sent
   * @param {import('./index.js').Failure} [waited] the failure that has been waited for
   * @returns {Verdict | null}
   */
  #judge({ response, body }, waited) {
    const { partition, ticket, ...place } = this.#place;
    const question = {
      url: this.#url,
      dialects: this.#dialects,
      method: this.#method,
      replayable: this.#replayable,
      status: response?.status,
      transport: this.#limit.timeout && 'timeout',
      headers: response?.headers,
      body,
      attempt: this.#attempts.length,
      elapsedMs: this.#elapsedMs,
      timeoutMs: this.#timeoutMs,
      ...place,
    };
    const over = waited && {
      failure: { ...waited, retryAfterMs: waited.retryAfterMs && 0, advice: { ...waited.advice, minDelayMs: null } },
      random: 0,
    };
    const judge = () => this.#policy.judge({ ...question, keyed: this.#writes && this.#keyed(), ...over }, over ? undefined : partition, ticket);
    return ifPossible(judge) ?? null;
  }

  /** Waits for the core where WebAssembly does not run. Rejects with the signal's reason only. */
  async #core() {
    const loading = ready();
    if (!loading) return;
    /** @type {Set<() => void>} */
    const waiters = new Set();
    loading.then(() => waiters.forEach((wake) => wake()));
    await sleep(Math.min(MOST_LOAD_MS, this.#leftMs), this.#signal, waiters);
  }

  /** Where the API reads its idempotency key: `[in the query?, name]`. */
  #keyPlace() {
    return /** @type {[boolean, string]} */ (ask({ ask: 'key', url: this.#url, dialects: this.#dialects }));
  }

  #keyed([inQuery, name] = this.#keyPlace()) {
    return inQuery ? hasParameter(this.#url, name) : this.#headers.has(name);
  }

  /** @param {string | true} given */
  async #addKey(given) {
    await this.#core().catch((reason) => this.#aborted(reason, null, false));
    const place = ifPossible(() => this.#keyPlace());
    if (!place || this.#keyed(place)) return;
    const [inQuery, name] = place;
    const key = given === true ? uuid() : given;
    if (inQuery) {
      const [address, ...fragment] = this.#url.split('#');
      this.#url = [`${address}${address.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(key)}`, ...fragment].join('#');
      if (!this.#request) this.#input = this.#url;
      else {
        const { method, headers, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal } = this.#request;
        // Not as a stream: Firefox has none, and Chromium sends none by HTTP/1.1.
        const body = this.#copies ? await this.#request.clone().blob() : null;
        this.#input = new Request(this.#url, {
          method, headers, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal,
          body: body?.size ? body : null,
        });
      }
    } else {
      const headers = this.#headers;
      headers.set(name, key);
      this.#init = { ...this.#given, ...this.#init, headers };
    }
  }

  /**
   * @param {Response} response
   * @returns {Sent}
   */
  #succeed(response) {
    this.#limit.end(this.#options.readBody ? null : response);
    ifPossible(() => this.#policy.success(this.#place));
    note(this.#origin, this.#path, true);
    this.#record(response, { failure: null, reason: 'success', retryAt: null, maybeApplied: false });
    return { response, body: '', verdict: null };
  }

  /**
   * @param {Omit<Verdict, 'decision'> & { decision: Verdict['decision'] | Stop }} verdict
   * @param {Outcome} sent
   */
  async #stop({ failure, decision }, { response, error }) {
    const { reason, retryAt, maybeApplied, basis } = /** @type {Stop} */ (decision);
    if (response && this.#options.readBody) {
      await this.#limit.hold(() => arrival(response)).catch((broken) => {
        // Otherwise the status is known, and reading the body fails as with `fetch`.
        if (this.#signal?.aborted) this.#aborted(broken, failure, maybeApplied);
      });
    }
    this.#limit.end(response);
    const isOpaque = failure.kind === 'network' && this.#attempts[this.#attempts.length - 1]?.status === null;
    const diagnosis =
      this.#options.diagnose && isOpaque
        ? await new Limit(this.#signal, Infinity).hold(async () => diagnose(this.#fetch, this.#url, this.#origin, !this.#writes)).catch((given) => this.#aborted(given, failure, maybeApplied))
        : null;
    const explanation = { failure, attempts: this.#attempts, reason, retryAt, maybeApplied, basis, diagnosis };
    // A call of which nothing was sent has no outcome of `fetch`.
    const outcome = this.#options.throwOnFailure || !this.#attempts.length
      ? new ApiError(explanation, this.#sent(), response, error)
      : (response ?? error);
    this.#record(outcome, explanation);
    if (response && outcome === response) return response;
    throw outcome;
  }

  /** @returns {import('./report.js').Sent} */
  #sent() {
    // The body of a Request is not at hand, but there is one.
    const body = this.#made ?? this.#init?.body ?? (this.#copies ? {} : null);
    return { method: this.#method, url: this.#url, headers: this.#headers, body };
  }

  /**
   * Ends a call that was given up during a send.
   * @param {unknown} error
   * @param {import('./index.js').Diagnosis | null} [diagnosis]
   * @returns {never}
   */
  #givenUp(error, diagnosis) {
    this.#cancel();
    return this.#aborted(error, null, this.#writes, diagnosis);
  }

  /** Nothing is known of the server from the last send. */
  #cancel() {
    ifPossible(() => this.#policy.cancel(this.#place));
  }

  /**
   * @param {unknown} error what the caller gave up with
   * @param {import('./index.js').Failure | null} failure
   * @param {boolean} maybeApplied
   * @param {import('./index.js').Diagnosis | null} [diagnosis]
   * @returns {never}
   */
  #aborted(error, failure, maybeApplied, diagnosis = null) {
    this.#limit.end();
    this.#record(error, { failure, reason: 'aborted', retryAt: null, maybeApplied, diagnosis });
    throw error;
  }

  /**
   * @param {unknown} outcome
   * @param {Omit<import('./index.js').Explanation, 'attempts' | 'basis' | 'diagnosis'> & { basis?: import('./index.js').Basis, diagnosis?: import('./index.js').Diagnosis | null }} rest
   */
  #record(outcome, rest) {
    // By the Request, too: some libraries pass on nothing else of what came out.
    for (const key of [outcome, this.#request]) {
      if (Object(key) !== key) continue;
      const explanation = /** @type {import('./index.js').Explanation} */ ({ basis: UNBASED, diagnosis: null, ...rest, attempts: this.#attempts });
      explanations.set(/** @type {object} */ (key), explanation);
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
      const attempt = this.#attempts.length;
      const sent = 'failure' in event ? this.#attempts[attempt - 1] : null;
      // A wait ends its send; what stops after it ends none.
      const startedAt = sent?.delayMs === null ? sent.startedAt : null;
      const made = { url: this.#url, method: this.#method, attempt, startedAt, ...event };
      const told = { ...made, attributes: attributes(made, sent?.status ?? 0) };
      Promise.resolve(events(/** @type {import('./index.js').ReprieveEvent} */ (told))).catch(complain);
    } catch (error) {
      complain(error);
    }
  }
}

/**
 * @typedef {{ type: 'attempt' }
 *   | { type: 'wait', failure: import('./index.js').Failure, delayMs: number, basis: import('./index.js').Basis }
 *   | { type: 'hold', until: number, basis: import('./index.js').Basis }
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

/**
 * The caller's function that makes the body.
 * @param {RequestInit | undefined} init
 */
export function maker(init) {
  const { body } = /** @type {{ body?: unknown }} */ (init ?? {});
  return typeof body === 'function' ? /** @type {import('./index.js').InitWithBodyMaker['body']} */ (body) : undefined;
}

/**
 * @param {RequestInit | undefined} init
 * @param {RequestInit['body']} body
 * @returns {RequestInit}
 */
export const made = (init, body) => ({ ...init, body, .../** @type {RequestInit} */ ({ duplex: 'half' }) });
