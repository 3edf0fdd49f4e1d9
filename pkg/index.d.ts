/**
 * reprieve: what does a failed HTTP request mean, and should it be sent again: when, how often?
 *
 * Times are in milliseconds; as an option a whole number from 0 to 2147483647, where nothing else is said. An absent value is `null`, so every object
 * survives `JSON.stringify` unchanged.
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

/** What a part of a failure was read from. */
export type Source = 'transport' | 'status' | 'header' | 'code' | 'body' | 'dialect';

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
  /** The server's text about this field. Untrusted: show it as text only. */
  message: string | null;
  /** The server's code for this field. */
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

interface Meaning {
  /** What went wrong, in our own words. */
  kind: Kind;
  /** HTTP status, 200 to 999 (an error may be inside a 2xx), or `null` where no response arrived. */
  status: number | null;
  /** The provider's own most specific machine identifier. */
  code: string | null;
  /** The provider's text for people. Untrusted: show it as text only. */
  message: string | null;
  /** The input fields that the provider named, in its order. */
  fields: FieldError[];
  /** The id that the provider's support asks for. */
  requestId: string | null;
  /** An absolute http(s) link to documentation. */
  docsUrl: string | null;
  /** How long the server asks to be left alone. Milliseconds from now. */
  retryAfterMs: number | null;
  /** Where it says so; `null` for a call of which nothing was sent: the time is the policy's. */
  retryAfterFrom: 'header' | 'body' | null;
  /** Would the identical request, sent later, plausibly succeed without anyone changing anything? */
  transient: boolean;
  /** What that answer rests on: the status, a header, the code by its words, a member of the body, a rule of the API's dialect, or how the send ended. */
  transientFrom: Source;
  /** The name of the limit that was hit, where the server names one (`RateLimit`, `X-RateLimit-Resource`). */
  bucket: string | null;
  /** The server's explicit word on re-sending (`x-should-retry`, `stripe-should-retry`). */
  shouldRetry: boolean | null;
  /** The id of the dialect that read the body. */
  dialect: string | null;
  /** What to do next. */
  advice: Advice;
}

/** The server answered. */
export interface ResponseFailure extends Meaning {
  status: number;
  transientFrom: Exclude<Source, 'transport'>;
}

/** No response arrived; or nothing was sent, because the policy held the call back (`unavailable`). */
export interface TransportFailure extends Meaning {
  kind: 'network' | 'timeout' | 'cancelled' | 'unavailable';
  status: null;
  code: null;
  message: null;
  fields: [];
  requestId: null;
  docsUrl: null;
  retryAfterFrom: null;
  transientFrom: 'transport';
  bucket: null;
  shouldRetry: null;
  dialect: null;
}

/** The meaning of a failed request. A plain object of fixed shape; `status` tells the two apart. */
export type Failure = ResponseFailure | TransportFailure;

/**
 * What a wait or a stop rests on: its inputs, the weightiest first, and what would have changed it, where that is in the caller's hands. A name says where the
 * input stands: `failure.retryAfterMs`, `policy.deadlineMs`, `request.method`; `value` is its number, where it is one. The names are stable.
 */
export interface Basis {
  /** Empty where nothing was decided: a success, or the caller gave up. */
  inputs: { name: string; value: number | null }[];
  /** An option of the policy (`policy.deadlineMs`) or a part of the request (`request.idempotencyKey`); `null` where nothing of the caller's would do. */
  remedy: string | null;
}

/** Send it again. */
export interface Retry {
  retry: true;
  /** After so long. Milliseconds. */
  delayMs: number;
  reason: null;
  retryAt: null;
  maybeApplied: false;
  /** What the wait rests on. */
  basis: Basis;
}

interface Stopped<R extends Reason, D> {
  retry: false;
  /** Only of a budget that says `linger`: hand the failure over after so long. Milliseconds. */
  delayMs: D;
  /** Why. */
  reason: R;
  /** The earliest sensible time to try again, in milliseconds since the epoch. */
  retryAt: number | null;
  /** The write may have taken effect although its answer was lost. */
  maybeApplied: boolean;
  /** What the stop rests on. */
  basis: Basis;
}

/** Hand the failure over. */
export type Stop =
  | Stopped<'budget_exhausted', number | null>
  | Stopped<Exclude<Reason, 'success' | 'circuit_open' | 'budget_exhausted'>, null>;

/** Send it again after `delayMs`, or stop for `reason`. */
export type Decision = Retry | Stop;

/**
 * `default`: a page with a person waiting. `brisk`: the same, held back for 2 s at most. `patient`: background work and back ends. `none`: classify,
 * send nothing again, hold nothing back. `aws_standard`: the standard mode of the AWS SDKs, 2.1. `grpc`: gRFC A6 with the numbers of its examples.
 */
export type Preset = 'default' | 'brisk' | 'patient' | 'none' | 'aws_standard' | 'grpc';

/** Limits on top of a preset. An option outside its range throws an `OptionsError`, as does one that does not exist. */
export interface PolicyOptions {
  /** The preset that supplies what is not given. Default `"default"`. */
  preset?: Preset;
  /** Sends per call, the first included. 1 to 100, default 4 (`patient` 8, `none` 1, `aws_standard` 3, `grpc` 5). */
  maxAttempts?: number;
  /** Our own wait: the bound of wait n is `baseMs * multiplier^(n-1) + stepMs * (n-1)`, at most `maxMs`. */
  backoff?: {
    /** Bound of the first wait. Milliseconds, 0 to 2147483647, default 1000 (`aws_standard` 50, `grpc` 100). */
    baseMs?: number;
    /** The same after a failure that was a limit. Default: `baseMs` (`aws_standard` 1000). */
    throttledBaseMs?: number;
    /** Factor per further wait. 1 to 10, default 2. */
    multiplier?: number;
    /** What each further wait adds. Milliseconds, default 0. */
    stepMs?: number;
    /** No wait is shorter. Milliseconds, default 0. */
    minMs?: number;
    /** Bound of every wait. Milliseconds, 0 to 2147483647, default 10000 (`patient` 60000, `aws_standard` 20000, `grpc` 1000). */
    maxMs?: number;
    /**
     * How a wait is drawn. `full`: uniform between 0 and the bound; `equal`: between half of it and it; `none`: the bound itself; or the shares of the bound between which it is
     * drawn, 0 to 10, `from` 0 and `to` 1 where absent, and the most milliseconds that are added, 0 where absent. Default `full` (`grpc` 0.8 to 1.2).
     */
    jitter?: 'full' | 'equal' | 'none' | { from?: number; to?: number; plusMs?: number };
  };
  /**
   * What becomes of a delay that the server states. `at_least`: it is kept, and spread upwards; one that does not fit the deadline ends the call.
   * `exactly`: it takes the place of our own wait, `maxMs` at most. `overMs`: it is kept within our own wait and so much more. Default `at_least`
   * (`aws_standard` 5000 ms over, `grpc` exactly).
   */
  retryAfter?: 'at_least' | 'exactly' | { maxMs: number } | { overMs: number };
  /**
   * No wait ends and no send starts later than this after the call began. A send in progress is never cut short. Milliseconds, default 12000
   * (`patient` 300000); `null`: no limit (`aws_standard`, `grpc`).
   */
  deadlineMs?: number | null;
  /** Retries per success, by partition; `null`: no budget. Tokens are 0 to 1000000, with three decimals that count. */
  budget?: {
    /** Tokens at the start, and at most where they do not expire. Default 6 (`aws_standard` 500, `grpc` 10). */
    tokens?: number;
    /** Tokens given back per success. Default 0.4 (`aws_standard` 1, `grpc` 0.1). */
    refill?: number;
    /** Tokens given by the first send of a call: the ratio of Finagle's and tower's budgets. Default 0. */
    perCall?: number;
    /** What a retry costs. Default 1 (`aws_standard` 14). */
    cost?: number;
    /** The same after a failure that was a limit. Default: `cost` (`aws_standard` 5). */
    throttledCost?: number;
    /** The same where no response came in time. Default 2 (`aws_standard`, `grpc`: `cost`). */
    timeoutCost?: number;
    /** A success after a retry gives back what that retry cost. Default `false` (`aws_standard` `true`). */
    refund?: boolean;
    /** Every transient failure costs, whether it is retried or not. Default `false` (`grpc` `true`). */
    chargeFailures?: boolean;
    /** No retry while no more than this is left. Default 0 (`grpc` 5). */
    floor?: number;
    /** What was taken or given is forgotten after this long. Milliseconds, 1000 to 60000, default `null`: never. */
    windowMs?: number | null;
    /** Without tokens the failure is handed over only after the wait. Default `false`. */
    linger?: boolean;
  } | null;
  /**
   * A delay that the server stated parks the later requests that it concerns: those of the limit that the answer names, else for a 429 the partition and
   * for a 5xx the endpoint. A success among them opens it. `null`: only the call that was told waits (`none`, `aws_standard`, `grpc`).
   */
  gate?: {
    /** Each request is released after the delay times 1 to 1 plus this. 0 to 10, default 1. */
    stretch?: number;
    /** And up to so much later. Milliseconds, default 2000. */
    spreadMs?: number;
    /** After so long one request is let through to look. Milliseconds, default 30000. */
    lookMs?: number;
  } | null;
  /**
   * While the server is down, one request looks, and the others wait for what it finds. Failures are those of an overloaded server: no answer, none in time
   * (counted twice), 5xx. `null`: nothing is held back (`none`, `aws_standard`, `grpc`).
   */
  breaker?: {
    /** So many failures in a row open it. 1 to 128, default 4. */
    failures?: number;
    /** Instead: more than this share (0 to 1, default 0.5) of the last `of` sends, if there were `least`. */
    share?: number;
    /** 1 to 128, default 20. */
    of?: number;
    /** 1 to 128, default 10. */
    least?: number;
    /** How long it is open at first; twice as long after each probe that fails. Milliseconds, default 1500. */
    openMs?: number;
    /** How long at most. Milliseconds, default 5000. */
    maxOpenMs?: number;
    /** How long at least where many wait: each brings the probe nearer. Milliseconds, default 600. */
    minOpenMs?: number;
    /** Each time is longer or shorter by up to this share. 0 to 1, default 0.3. */
    spread?: number;
    /** How long a request waits for it to close, before it ends as `circuit_open`. Milliseconds, default 4000 (`brisk` 2000); 0: not at all. */
    holdMs?: number;
    /** Over how long those that waited are released. Milliseconds, default 1500. */
    releaseMs?: number;
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
  /** The number of the send that just failed, or that is asked for; the first is 1. Default 1. */
  attempt?: number;
  /** Time since the call began. Milliseconds, default 0. */
  elapsedMs?: number;
  /** The set of requests that share a budget, a gate and a breaker, such as all to one origin. Default `""`. */
  partition?: string;
  /** The path of the URL: the endpoint. Default `""`. */
  path?: string;
  /** The limit that an earlier answer of this endpoint named. */
  bucket?: string | null;
  /** An object of yours, one per call: under it the policy keeps what it knows of the call. Default: a new one. */
  ticket?: object;
  /** Default `Date.now()`. */
  nowMs?: number;
  /** Uniform in [0, 1). Default: from the platform's crypto. */
  random?: number;
}

/** May the request be sent? Where neither, ask again at `until`, or once another request of the partition was answered. */
export type Admission =
  | { send: true; until: null; reason: null; retryAt: null; failure: null; basis: null }
  | {
      send: false;
      /** When to ask again, in milliseconds since the epoch. */
      until: number;
      reason: null;
      retryAt: null;
      failure: null;
      /** What holds it back. */
      basis: Basis;
    }
  | {
      send: false;
      until: null;
      /** The server is down, or asks for a longer wait than the deadline leaves. */
      reason: 'circuit_open' | 'retry_after_too_long';
      /** When to try again, in milliseconds since the epoch. */
      retryAt: number;
      /** For a call of which nothing was sent. */
      failure: TransportFailure;
      /** What the stop rests on. */
      basis: Basis;
    };

/**
 * The same decisions for people who do not use our fetch. Before each send `admit`, after it `decide`, `success` or `cancel`. Remembers at most 64 partitions;
 * one that was not used for ten minutes is forgotten.
 */
export class Policy {
  /** @throws {OptionsError} naming the place and the reason. */
  constructor(options?: Preset | PolicyOptions);
  /** May send number `attempt` go now? */
  admit(situation?: Situation): Admission;
  /** Decides, and notes the failure: the breaker counts it, the gate closes where the server stated a delay, the budget pays for a retry. */
  decide(failure: Failure, situation?: Situation): Decision;
  /** Notes that a send succeeded. */
  success(situation?: string | Situation): void;
  /** Notes that the caller gave up a send, which says nothing of the server. */
  cancel(situation?: Situation): void;
}

/** A policy or dialect that does not load. */
export class OptionsError extends TypeError {
  readonly name: 'OptionsError';
  /** JSON Pointer into the options: `/policy/maxAttempts`. */
  readonly pointer: string;
  /** What is wrong there, and what was expected. */
  readonly reason: string;
}

/** A dialect in the format of src/dialects/README.md; `reprieve/dialects/schema.json` describes it to editors. */
export interface Dialect {
  /** Its name in `failure.dialect`. */
  id: string;
  /** Which responses are its own: one of these has to fit. */
  match: object[];
  [member: string]: unknown;
}

/** A list of dialects that outrank the built-in ones, or a map from a URL prefix to the id of a dialect or a dialect. */
export type Dialects = Dialect[] | Record<string, string | Dialect>;

/** What `classify` may know besides the response. */
export interface ClassifyOptions {
  /** Read errors with these first. Default: the built-in ones alone. */
  dialects?: Dialects;
  /** Milliseconds since the epoch; dates are read against it. Default `Date.now()`. */
  nowMs?: number;
}

/** A response in any form. */
export interface ResponseLike {
  /** HTTP status; 0, as of an opaque response, is no failure. */
  status: number;
  /** Names in any letter case. Default: none. */
  headers?: Headers | Iterable<readonly [string, string]> | Record<string, string | readonly string[] | number | null | undefined>;
  /** Text, bytes, or JSON already parsed. Only the first 64 KiB are read. Default: none. */
  body?: string | ArrayBuffer | ArrayBufferView | object | null;
  /** Where the response came from; its host helps to tell the API. Default: not known. */
  url?: string;
}

/**
 * What a response means: a `Failure`, or `null` where nothing failed. An error inside a 2xx is a failure, too. Synchronous; never throws for anything a server can send.
 * @throws {OptionsError} for a dialect that does not load.
 */
export function classify(response: ResponseLike, options?: ClassifyOptions): Failure | null;

/** The same for a `Response`, which stays readable: at most 64 KiB of a copy are read, for at most one second. Of a 2xx only JSON and XML are read. */
export function classifyResponse(response: Response, options?: ClassifyOptions): Promise<Failure | null>;

/**
 * Compiles the core aside; where WebAssembly may not be compiled (a Content-Security-Policy without `'wasm-unsafe-eval'`, Lockdown Mode) it loads the same
 * core as plain JavaScript, from a file beside this one. Needed only there, before `classify` and before a `Policy` is asked: `createFetch` and
 * `classifyResponse` see to it themselves. Later calls do nothing.
 * @throws where that file cannot be had either.
 */
export function init(): Promise<void>;

/** One send. */
export interface Attempt {
  /** 1 for the first send. */
  number: number;
  /** How long it was held back before by a gate or an open breaker. Milliseconds. */
  heldMs: number;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** To the headers, with `readBody` to the end of the body. Milliseconds. */
  durationMs: number;
  /** HTTP status, or `null` where no response arrived. */
  status: number | null;
  /** What it means; `null` where it succeeded, where the caller gave up, and where the core does not run. */
  failure: Failure | null;
  /** The wait after this send; `null` after the last. Milliseconds. */
  delayMs: number | null;
  /** What that wait rests on. */
  basis: Basis | null;
}

/**
 * What is behind a network error. `offline`: the device has no network. `blocked_by_cors`: the server answers, but an answer without CORS headers
 * (often an error of its proxy) is hidden from the page. `unreachable`: it does not answer. `unloading`: the page was left; told without `diagnose`, too, and such a call ends as `aborted`.
 */
export type Diagnosis = 'offline' | 'blocked_by_cors' | 'unreachable' | 'unloading';

interface Account<R extends Reason, F extends Failure | null, T extends number | null, M extends boolean, D extends Diagnosis | null> {
  /** The failure of the last send, or of a call of which nothing was sent; `null` after a success, where the caller gave up during a send, and where `fetch` refused the call itself. */
  failure: F;
  /** Each send. Empty where the policy let nothing be sent. */
  attempts: Attempt[];
  /** Why the call ended. */
  reason: R;
  /** The earliest sensible time to try again, in milliseconds since the epoch. */
  retryAt: T;
  /** The write may have taken effect although its answer was lost. */
  maybeApplied: M;
  /** What ended the call; without inputs where it succeeded, or the caller gave up. */
  basis: Basis;
  /** With `diagnose`, for a call that ended with a network error, and for one that broke off with its page; else `null`. */
  diagnosis: D;
}

/** All that is known about a call; its members follow from `reason`. Only a call that `fetch` itself refused is `not_transient` without a failure. */
export type Explanation =
  | Account<'success', null, null, false, null>
  | Account<'aborted', Failure | null, null, boolean, 'unloading' | null>
  | Account<'not_transient', Failure | null, number | null, boolean, Exclude<Diagnosis, 'unloading'> | null>
  | Account<Exclude<Reason, 'success' | 'aborted' | 'not_transient'>, Failure, number | null, boolean, Exclude<Diagnosis, 'unloading'> | null>;

type Ending<E = Explanation> = E extends Explanation ? Pick<E, 'failure' | 'reason' | 'retryAt'> : never;

/**
 * What is known of an event, named and typed as OpenTelemetry's semantic conventions for HTTP client spans say. Without secrets: no user, no password, no
 * value of the query, and nothing in the path that looks like a credential.
 */
export type Attributes = {
  /** `_OTHER` for a method that RFC 9110 and PATCH do not name. */
  'http.request.method': string;
  'server.address'?: string;
  'server.port'?: number;
  'url.full'?: string;
  /** From the second send on: 1, 2 and so on. */
  'http.request.resend_count'?: number;
  'http.response.status_code'?: number;
  /** Of what failed: the status from 400 on, else the kind of the failure; where there is no failure, the reason (`aborted`). */
  'error.type'?: string;
};

interface EventCommon {
  /** As it was sent, secrets included. */
  url: string;
  /** As the caller wrote it. */
  method: string;
  /** The number of the send so far. */
  attempt: number;
  /** In a `wait` or `stop` that ends a send: when that began, in milliseconds since the epoch. Each send is ended by one event. */
  startedAt: number | null;
  /** The same in the names of OpenTelemetry, without secrets. */
  attributes: Attributes;
}

/** What happens in a call, told by `type`. */
export type ReprieveEvent = EventCommon &
  (
    | { type: 'attempt' }
    | { type: 'wait'; failure: Failure; delayMs: number; basis: Basis }
    /** Held back by a gate or an open breaker; it asks again at `until`, or sooner. */
    | { type: 'hold'; until: number; basis: Basis }
    | ({ type: 'stop' } & Ending)
  );

/** Options of a `fetch`, or of one call: `{ reprieve: { … } }` among those of `fetch`. An option that does not fit throws, or rejects with, an `OptionsError`. */
export interface CallOptions {
  /** How often, when and whether to send again. Default: the policy `default`. A `Policy` shares its budgets with everyone who uses it. */
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

/** Options of a `fetch`. */
export interface Options extends CallOptions {
  /** Read errors with these first. Default: the built-in ones alone. */
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
  /** Called for each send. */
  body: () => RequestInit['body'] | Promise<RequestInit['body']>;
}

/** A `fetch` that also takes a function as the body. */
export type Fetch = typeof globalThis.fetch & ((input: Parameters<typeof globalThis.fetch>[0], init: InitWithBodyMaker) => Promise<Response>);

/**
 * A drop-in for `fetch` that sends again what is worth sending again.
 * @throws {OptionsError} for options that do not load.
 */
export function createFetch(options?: Options): Fetch;

/** The failure behind what `explain` explains; `null` for anything else and for a success. */
export function failureOf(x: unknown): Failure | null;

/** All that our fetch knows about a Response or error that came out of it, or about the last call with a Request; `null` for anything else. */
export function explain(x: unknown): Explanation | null;

/**
 * For layers around our fetch that retry as well, such as a query library: may they send it again? `false` for all that our policy has sent again or
 * refused, and for anything that did not come out of our fetch, so that no two layers multiply. `true` only where our policy allows one send
 * (`none`), and the failure was transient, and nothing was applied.
 */
export function shouldRetry(x: unknown): boolean;

/** What support needs: no credentials, no cookies, no secrets. Plain data, safe to send and to store. */
export interface Report {
  /** Method and URL, what is secret in it hidden. */
  endpoint: string;
  /** ISO 8601, UTC: when the last send began. */
  time: string;
  /** The start of the body, what is secret in it hidden; `null` where there was none. */
  payload: string | null;
  /** Whether other traffic to the same origin fails as well, over the last minute. */
  scope: 'one_endpoint' | 'some_endpoints' | 'all_traffic' | 'unknown';
  /** HTTP status, or `null` where no response arrived. */
  status: number | null;
  /** What went wrong. */
  kind: Kind;
  /** The provider's own identifier. */
  code: string | null;
  /** The provider's text, what is secret in it hidden. */
  message: string | null;
  /** The id that the provider's support asks for. */
  requestId: string | null;
  /** An absolute http(s) link to documentation. */
  docsUrl: string | null;
  /** Why the call ended. */
  reason: Reason;
  /** ISO 8601, UTC: the earliest sensible time to try again. */
  retryAt: string | null;
  /** The write may have taken effect although its answer was lost. */
  maybeApplied: boolean;
  /** Each send: `time` in ISO 8601, UTC, durations in milliseconds. */
  attempts: { time: string; durationMs: number; status: number | null; kind: Kind | null; delayMs: number | null }[];
  /** What to do next, in sentences. */
  advice: string[];
}

/** A call that failed: of `throwOnFailure`, and of every call of which nothing was sent. */
export class ApiError extends Error {
  readonly name: 'ApiError';
  /** What went wrong. */
  readonly failure: Failure;
  /** The last response, its body unread; `null` where none arrived. */
  readonly response: Response | null;
  /** Each send. Empty where the policy let nothing be sent. */
  readonly attempts: Attempt[];
  /** Why the call ended. A success and the caller's own abort are no `ApiError`. */
  readonly reason: Exclude<Reason, 'success' | 'aborted'>;
  /** The earliest sensible time to try again, in milliseconds since the epoch. */
  readonly retryAt: number | null;
  /** The write may have taken effect although its answer was lost. */
  readonly maybeApplied: boolean;
  /** What the stop rests on. */
  readonly basis: Basis;
  /** With `diagnose`, for a call that ended with a network error; else `null`. */
  readonly diagnosis: Exclude<Diagnosis, 'unloading'> | null;
  /** What `fetch` rejected with, if it did. */
  readonly cause?: unknown;
  /** What support needs. */
  report(): Report;
}

// Otherwise all that is declared here would be exported.
export {};
