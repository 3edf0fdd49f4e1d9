/**
 * reprieve: what does a failed HTTP request mean, and should it be sent again: when, how often?
 *
 * Times are in milliseconds. An absent value is `null`, so every object survives `JSON.stringify` unchanged.
 */

/** What went wrong, in our own closed vocabulary. */
export type Kind =
  | 'invalid_request'
  | 'unauthenticated'
  | 'payment_required'
  | 'permission_denied'
  | 'not_found'
  | 'conflict'
  | 'rate_limited'
  | 'server_error'
  | 'bad_gateway'
  | 'unavailable'
  | 'timeout'
  | 'network'
  | 'cancelled'
  | 'unknown';

/** Why a call ended. Stable names, fit for telemetry. */
export type Reason =
  | 'success'
  | 'not_transient'
  | 'server_veto'
  | 'not_idempotent'
  | 'body_not_replayable'
  | 'attempts_exhausted'
  | 'deadline_exceeded'
  | 'retry_after_too_long'
  | 'budget_exhausted'
  | 'circuit_open'
  | 'aborted';

/** One input field that the server objected to. */
export interface FieldError {
  /** The field as the server wrote it (`id.number`, `#/age`, `body.size`). */
  path: string;
  message: string | null;
  code: string | null;
}

/** A stable name for something a person can do next. */
export type StepId =
  | 'fix_request'
  | 'check_credentials'
  | 'settle_payment'
  | 'request_access'
  | 'check_address'
  | 'reload_and_redo'
  | 'slow_down'
  | 'retry_later'
  | 'retry_once'
  | 'wait_minutes'
  | 'back_off'
  | 'reduce_scope'
  | 'record_request'
  | 'report_scope'
  | 'use_new_key'
  | 'quote_request_id'
  | 'check_connection';

/** What to do next: for people (`steps`), and the limits the vendor's documentation puts on re-sending. */
export interface Advice {
  /** In the order in which to do them; never empty, except for `cancelled`. */
  steps: { id: StepId; text: string }[];
  /** Send at most this many times, the first send included. It narrows a policy and never widens it. */
  maxAttempts: number | null;
  /** Wait at least this long before the next send. Milliseconds. */
  minDelayMs: number | null;
  /** The server saved this result under the request's idempotency key: the same key only gets it again. */
  savedUnderKey: boolean;
}

/** The meaning of a failed request. A plain object of fixed shape. */
export interface Failure {
  kind: Kind;
  /** HTTP status, or `null` where no response arrived. */
  status: number | null;
  /** The provider's own most specific machine identifier. */
  code: string | null;
  /** The provider's text for people. Untrusted: show it as text only. */
  message: string | null;
  fields: FieldError[];
  /** The id that the provider's support asks for. */
  requestId: string | null;
  /** An absolute http(s) link to documentation. */
  docsUrl: string | null;
  /** How long the server asks to be left alone. Milliseconds from now. */
  retryAfterMs: number | null;
  /** Would the identical request, sent later, plausibly succeed without anyone changing anything? */
  transient: boolean;
  /** The server's explicit word on re-sending (`x-should-retry`, `stripe-should-retry`). */
  shouldRetry: boolean | null;
  /** The id of the dialect that read the body. */
  dialect: string | null;
  advice: Advice;
}

/** Send it again after `delayMs`, or stop for `reason`. */
export type Decision =
  | { retry: true; delayMs: number; reason: null; retryAt: null; maybeApplied: false }
  | {
      retry: false;
      delayMs: null;
      reason: Reason;
      /** The earliest sensible time to try again, in milliseconds since the epoch. */
      retryAt: number | null;
      /** The write may have taken effect although its answer was lost. */
      maybeApplied: boolean;
    };

/** `default`: a page with a person waiting. `patient`: background work and back ends. `none`: classify, never re-send. */
export type Preset = 'default' | 'patient' | 'none';

export interface PolicyOptions {
  /** The preset that supplies what is not given. Default `"default"`. */
  preset?: Preset;
  /** Sends per call, the first included. 1 to 100, default 4 (`patient` 8, `none` 1). */
  maxAttempts?: number;
  backoff?: {
    /** Upper bound of the first wait. Milliseconds, 0 to 2147483647, default 1000. */
    baseMs?: number;
    /** Factor per further wait. 1 to 10, default 2. */
    multiplier?: number;
    /** Upper bound of every wait. Milliseconds, 0 to 2147483647, default 10000 (`patient` 60000). */
    maxMs?: number;
    /** `full`: uniform between 0 and the bound; `none`: the bound itself. Default `full`. */
    jitter?: 'full' | 'none';
  };
  /** No wait ends and no send starts later than this after the call began. A send in progress is never cut short. Milliseconds, default 12000 (`patient` 300000); `null`: no limit. */
  deadlineMs?: number | null;
  /** One token per retry, by partition; `null`: no budget. */
  budget?: {
    /** Tokens at the start and at most. 0 to 1000000, default 6. */
    tokens?: number;
    /** Tokens given back per success. 0 to 1000000, default 0.4. */
    refill?: number;
  } | null;
}

/** What the policy needs to know about the request and the call so far. */
export interface Situation {
  /** Default `"GET"`. */
  method?: string;
  /** The request carries an idempotency key. Default `false`. */
  keyed?: boolean;
  /** The body can be produced again. Default `true`. */
  replayable?: boolean;
  /** The number of the send that just failed; the first is 1. Default 1. */
  attempt?: number;
  /** Time since the call began. Milliseconds, default 0. */
  elapsedMs?: number;
  /** The set of requests that share a budget. Default `""`. */
  partition?: string;
  /** Default `Date.now()`. */
  nowMs?: number;
  /** Uniform in [0, 1). Default: from the platform's crypto. */
  random?: number;
}

/** The same decisions for people who do not use our fetch. Keeps one budget per partition, of at most 64 partitions. */
export class Policy {
  /** @throws {OptionsError} naming the place and the reason. */
  constructor(options?: Preset | PolicyOptions);
  /** Decides, and takes a budget token where the answer is to retry. */
  decide(failure: Failure, situation?: Situation): Decision;
  /** Tells the budget that a request succeeded. */
  success(partition?: string): void;
}

/** A policy or dialect that does not load. */
export class OptionsError extends TypeError {
  /** JSON Pointer into the options: `/policy/maxAttempts`. */
  readonly pointer: string;
  readonly reason: string;
}

/** A dialect in the format of src/dialects/README.md. */
export interface Dialect {
  id: string;
  match: object[];
  [member: string]: unknown;
}

/** A list of dialects that outrank the built-in ones, or a map from a URL prefix to the id of a dialect or a dialect. */
export type Dialects = Dialect[] | Record<string, string | Dialect>;

export interface ClassifyOptions {
  dialects?: Dialects;
  /** Milliseconds since the epoch; dates are read against it. Default `Date.now()`. */
  nowMs?: number;
}

export interface ResponseLike {
  status: number;
  headers?: Headers | Iterable<readonly [string, string]> | Record<string, string | readonly string[] | number | null | undefined>;
  /** Text, bytes, or JSON already parsed. Only the first 64 KiB are read. */
  body?: string | ArrayBuffer | ArrayBufferView | object | null;
  /** Where the response came from; its host helps to tell the API. */
  url?: string;
}

/**
 * What a response means: a `Failure`, or `null` where nothing failed. An error inside a 2xx is a failure, too. Synchronous; never throws for anything a server can send.
 * @throws {OptionsError} for a dialect that does not load.
 */
export function classify(response: ResponseLike, options?: ClassifyOptions): Failure | null;

/** The same for a `Response`, which stays readable: at most 64 KiB of a copy are read, for at most one second. Of a 2xx only JSON and XML are read. */
export function classifyResponse(response: Response, options?: ClassifyOptions): Promise<Failure | null>;

/** One send. */
export interface Attempt {
  /** 1 for the first send. */
  number: number;
  /** Milliseconds since the epoch. */
  startedAt: number;
  durationMs: number;
  status: number | null;
  failure: Failure | null;
  /** The wait after this send; `null` after the last. Milliseconds. */
  delayMs: number | null;
}

/**
 * What is behind a network error. `offline`: the device has no network. `blocked_by_cors`: the server answers, but an answer without CORS headers
 * (often an error of its proxy) is hidden from the page. `unreachable`: it does not answer.
 */
export type Diagnosis = 'offline' | 'blocked_by_cors' | 'unreachable';

/** All that is known about a call. */
export interface Explanation {
  /** The failure of the last send; `null` after a success, where the caller gave up during a send, and where `fetch` refused the call itself. */
  failure: Failure | null;
  attempts: Attempt[];
  reason: Reason;
  /** The earliest sensible time to try again, in milliseconds since the epoch. */
  retryAt: number | null;
  maybeApplied: boolean;
  /** With `diagnose`, for a call that ended with a network error; else `null`. */
  diagnosis: Diagnosis | null;
}

/** `url` is as it was sent, secrets included; `attempt` is the number of the send so far. */
export type ReprieveEvent =
  | { type: 'attempt'; url: string; method: string; attempt: number }
  | { type: 'wait'; url: string; method: string; attempt: number; failure: Failure; delayMs: number }
  | { type: 'stop'; url: string; method: string; attempt: number; failure: Failure | null; reason: Reason; retryAt: number | null };

export interface CallOptions {
  /** Default: the policy `default`. A `Policy` shares its budgets with everyone who uses it. */
  policy?: Preset | PolicyOptions | Policy;
  /** Reject with `ApiError` instead of resolving with a failed response. Default `false`. */
  throwOnFailure?: boolean;
  /**
   * Look for errors inside successes: Slack's `ok: false`, GraphQL's `errors`, JSON-RPC, an S3 `<Error>`. A 2xx with a JSON or XML body is held
   * back until at most 64 KiB of a copy have been read, for at most one second; an error in it is a failure like any other, so it may be sent
   * again. Other bodies, such as streams of events, and those that announce more than 64 KiB are never read. Default `false`.
   */
  inspectOk?: boolean;
  /**
   * Ends a send that takes longer, and counts it as a failure of kind `timeout`. It covers the time to the headers, with `readBody` to the end of the
   * body. The connection is closed before the wait begins. Milliseconds, 1 to 2147483647; `null`: no limit. Default `null`.
   */
  attemptTimeoutMs?: number | null;
  /**
   * Ends the whole call, a send in progress included. No wait is begun that would last beyond it: such a call ends at once with its real failure.
   * Milliseconds, 1 to 2147483647; `null`: no limit. Default `null`. (`deadlineMs` of a policy never cuts a send short.)
   */
  timeoutMs?: number | null;
  /**
   * Resolve when the body is there, not only the headers: a body that breaks off is a failure of kind `network`, and sent again under the same rules. The
   * response is the very one, its body in memory whatever its size; so not for streams and downloads. A final failed response whose body breaks keeps
   * its status, and reading it fails. Default `false`.
   */
  readBody?: boolean;
  /**
   * In a page: tell what is behind a final network error of another origin, by one `no-cors` GET without credentials (never for a write, at most one per
   * origin in 10 s). The call ends at most 3 s later. Default `false`.
   */
  diagnose?: boolean;
  /** Called at each send, wait and stop. What it throws is reported to the console and changes nothing. */
  events?: (event: ReprieveEvent) => void;
  /**
   * Makes a POST or PATCH repeatable. `true`: a new UUID per call; a string: that key. It goes where the API reads it:
   * the header `Idempotency-Key`, or the query parameter that the API's dialect names. A key that is already there is kept. Default `false`.
   */
  idempotencyKey?: boolean | string;
}

export interface Options extends CallOptions {
  dialects?: Dialects;
  /** The fetch underneath. Default: `globalThis.fetch`, looked up at each call. */
  fetch?: typeof globalThis.fetch;
}

declare global {
  interface RequestInit {
    /** reprieve: options for this call; `false` sends once and does nothing else. */
    reprieve?: CallOptions | false;
  }
}

/** For a body that cannot be replayed, such as a stream: a function that makes it anew for each send. What it throws ends the call. */
export interface InitWithBodyMaker extends Omit<RequestInit, 'body'> {
  body: () => BodyInit | null | Promise<BodyInit | null>;
}

/** A `fetch` that also takes a function as the body. */
export type Fetch = typeof globalThis.fetch & ((input: RequestInfo | URL, init: InitWithBodyMaker) => Promise<Response>);

/**
 * A drop-in for `fetch` that sends again what is worth sending again.
 * @throws {OptionsError} for options that do not load.
 */
export function createFetch(options?: Options): Fetch;

/** The failure behind a Response or error that came out of our fetch; `null` for anything else and for a success. */
export function failureOf(x: unknown): Failure | null;

/** All that our fetch knows about a Response or error that came out of it; `null` for anything else. */
export function explain(x: unknown): Explanation | null;

/** What support needs: no credentials, no cookies, no secrets. Plain data, safe to send and to store. */
export interface Report {
  endpoint: string;
  /** ISO 8601, UTC: when the last send began. */
  time: string;
  payload: string | null;
  /** Whether other traffic to the same origin fails as well, over the last minute. */
  scope: 'one_endpoint' | 'some_endpoints' | 'all_traffic' | 'unknown';
  status: number | null;
  kind: Kind;
  code: string | null;
  message: string | null;
  requestId: string | null;
  docsUrl: string | null;
  reason: Reason;
  retryAt: string | null;
  /** The write may have taken effect although its answer was lost. */
  maybeApplied: boolean;
  attempts: { time: string; durationMs: number; status: number | null; kind: Kind | null; delayMs: number | null }[];
  /** What to do next, in sentences. */
  advice: string[];
}

export class ApiError extends Error {
  readonly name: 'ApiError';
  readonly failure: Failure;
  /** The last response, its body unread; `null` where none arrived. */
  readonly response: Response | null;
  readonly attempts: Attempt[];
  readonly reason: Reason;
  readonly retryAt: number | null;
  readonly maybeApplied: boolean;
  readonly diagnosis: Diagnosis | null;
  /** What `fetch` rejected with, if it did. */
  readonly cause?: unknown;
  report(): Report;
}
