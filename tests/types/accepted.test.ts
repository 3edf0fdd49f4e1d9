// What the types have to accept, and the types that users get out.
import {
  ApiError,
  classify,
  classifyResponse,
  createFetch,
  explain,
  failureOf,
  init,
  OptionsError,
  Policy,
  type Admission,
  type Advice,
  type Attempt,
  type CallOptions,
  type Decision,
  type Diagnosis,
  type Dialect,
  type Explanation,
  type Failure,
  type Fetch,
  type FieldError,
  type Kind,
  type Options,
  type PolicyOptions,
  type Preset,
  type Reason,
  type Report,
  type ReprieveEvent,
  type ResponseFailure,
  type Situation,
  type StepId,
  type TransportFailure,
} from '../../pkg/index.js';
import * as plain_js from '../../pkg/js.js';
import * as slim from '../../pkg/slim.js';
import { serve, type ServeOptions } from '../../pkg/sw.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only for `true`. */
function holds<_ extends true>(): void {}

// A drop-in: wherever a fetch is expected. It takes a function as the body, besides.
const ours = createFetch();
export const plain: typeof fetch = ours;
void ours('/', { method: 'PUT', body: () => new ReadableStream(), reprieve: { readBody: true } });
void ours('/', { method: 'PUT', body: async () => 'text' });
globalThis.fetch = createFetch({ fetch: globalThis.fetch, throwOnFailure: true });
holds<Equal<Awaited<ReturnType<typeof ours>>, Response>>();
export const forRequests: (request: Request) => Promise<Response> = ours;
export const forStrings: (url: string, init?: RequestInit) => Promise<Response> = ours;
export const kept: [Fetch, typeof fetch] = [ours, (input, init) => ours(input, init)];

const everything: Options = {
  policy: {
    preset: 'patient',
    maxAttempts: 8,
    backoff: { baseMs: 1, multiplier: 1.5, maxMs: 100, jitter: 'none' },
    deadlineMs: null,
    budget: { tokens: 10, refill: 0.1 },
  },
  throwOnFailure: false,
  inspectOk: true,
  readBody: true,
  diagnose: true,
  attemptTimeoutMs: 2000,
  timeoutMs: 10_000,
  idempotencyKey: 'order-1',
  dialects: { 'https://shop.example/api': 'root', 'https://other.example/': { id: 'other', match: [{ statuses: [400] }] } },
  fetch: globalThis.fetch,
  events(event) {
    // The members of an event follow from its type.
    if (event.type === 'wait') holds<Equal<typeof event.delayMs, number>>();
    if (event.type === 'wait') holds<Equal<typeof event.failure, Failure>>();
    if (event.type === 'stop') holds<Equal<typeof event.reason, Reason>>();
    holds<Equal<typeof event.startedAt, number | null>>();
    const plain: Record<string, string | number | undefined> = event.attributes;
    void plain['error.type'];
    if (event.type === 'stop') holds<Equal<typeof event.failure, Failure | null>>();
    if (event.type === 'stop' && event.reason === 'success') holds<Equal<typeof event.failure, null>>();
    if (event.type === 'stop' && event.reason === 'budget_exhausted') holds<Equal<typeof event.failure, Failure>>();
  },
};
createFetch(everything);
createFetch({ policy: 'none' });
createFetch({ policy: new Policy('patient'), dialects: [{ id: 'mine', match: [], kinds: {} }] });
createFetch({ policy: { budget: null } });

// Per call, in one key of fetch's own options.
void ours('/orders', { method: 'POST', reprieve: { idempotencyKey: true, policy: 'none' } });
void ours(new URL('https://shop.example/'), { reprieve: false });
void ours('/api/graphql', { method: 'POST', body: '{}', reprieve: { inspectOk: true } });
void ours('/slow', { reprieve: { attemptTimeoutMs: null, timeoutMs: null, readBody: false } });
void ours(new Request('/orders', { reprieve: { throwOnFailure: true } }));
const call: CallOptions = {};
void ours('/', { reprieve: call });

// Every form of a response.
for (const response of [
  { status: 429 },
  { status: 429, headers: { 'Retry-After': '2', 'X-List': ['a', 'b'] as const, 'X-Count': 3, 'X-Absent': undefined }, body: null },
  { status: 429, headers: new Headers({ 'Retry-After': '2' }), body: '{}', url: 'https://api.rooom.com/' },
  { status: 429, headers: [['retry-after', '2']] as const, body: new Uint8Array() },
  { status: 429, headers: new Map([['retry-after', '2']]), body: new ArrayBuffer(1) },
  { status: 429, body: { error: { code: 'rate_limited' } } },
]) {
  holds<Equal<ReturnType<typeof classify>, Failure | null>>();
  classify(response, { nowMs: 0, dialects: [] });
}
const asynchronous: Promise<Failure | null> = classifyResponse(new Response());
void asynchronous;

// The core: compiled aside, or brought along.
holds<Equal<ReturnType<typeof init>, Promise<void>>>();
for (const source of [new Uint8Array(), new ArrayBuffer(8), new Response(), '/reprieve.wasm', new URL('https://cdn.example/reprieve.wasm'), fetch('/reprieve.wasm')]) void slim.init(source);
void slim.init(WebAssembly.compile(new Uint8Array()));
holds<Equal<typeof slim.classify, typeof classify>>();
holds<Equal<typeof plain_js.init, typeof init>>();

// A decision is one of two shapes.
const policy = new Policy();
const situation: Situation = { method: 'POST', keyed: true, replayable: false, attempt: 2, elapsedMs: 5, partition: 'a', nowMs: 0, random: 0.5 };
export function decide(failure: Failure): number | Reason {
  const decision: Decision = policy.decide(failure, situation);
  policy.success();
  policy.success('a');
  if (decision.retry) {
    holds<Equal<typeof decision.delayMs, number>>();
    holds<Equal<typeof decision.reason, null>>();
    holds<Equal<typeof decision.maybeApplied, false>>();
    return decision.delayMs;
  }
  holds<Equal<typeof decision.delayMs, number | null>>();
  holds<Equal<typeof decision.retryAt, number | null>>();
  holds<Equal<typeof decision.reason, Exclude<Reason, 'success' | 'circuit_open'>>>();
  if (decision.reason !== 'budget_exhausted') holds<Equal<typeof decision.delayMs, null>>();
  return decision.reason;
}

// An admission is one of three.
export function admit(): number | Failure {
  const admission: Admission = policy.admit(situation);
  if (admission.send) holds<Equal<typeof admission.basis, null>>();
  else if (admission.until !== null) return admission.until;
  else {
    holds<Equal<typeof admission.reason, 'circuit_open' | 'retry_after_too_long'>>();
    holds<Equal<typeof admission.retryAt, number>>();
    return admission.failure;
  }
  return 0;
}

// The status tells whether there was a response.
export function tell(failure: Failure): string {
  if (failure.status === null) {
    holds<Equal<typeof failure, TransportFailure>>();
    holds<Equal<typeof failure.code, null>>();
    switch (failure.kind) {
      case 'network': case 'timeout': case 'cancelled': case 'unavailable':
        return failure.kind;
      default:
        return failure satisfies never;
    }
  }
  holds<Equal<typeof failure, ResponseFailure>>();
  if (failure.transientFrom === 'status') return failure.status.toFixed();
  return failure.kind;
}

// The members of an explanation follow from its reason.
export function why(explanation: Explanation): string {
  switch (explanation.reason) {
    case 'success':
      holds<Equal<typeof explanation.failure, null>>();
      holds<Equal<typeof explanation.maybeApplied, false>>();
      return `${explanation.attempts.length}`;
    case 'aborted':
      holds<Equal<typeof explanation.diagnosis, 'unloading' | null>>();
      return explanation.failure?.kind ?? 'given up';
    case 'not_transient':
      return explanation.failure?.kind ?? 'refused by fetch';
    default:
      return explanation.failure.kind;
  }
}

// A failure is data of fixed shape: nothing is optional.
holds<Equal<Failure, Required<Failure>>>();
holds<Equal<Explanation, Required<Explanation>>>();
holds<Equal<Advice, Required<Advice>>>();
holds<Equal<FieldError, { path: string; message: string | null; code: string | null }>>();
holds<Equal<Failure['kind'], Kind>>();
holds<Equal<Advice['steps'][number]['id'], StepId>>();
holds<Equal<Preset, 'default' | 'brisk' | 'patient' | 'none' | 'aws_standard' | 'grpc'>>();

/** A switch over every kind is exhaustive: a new kind breaks this until it is listed. */
export function everyKind(kind: Kind): string {
  switch (kind) {
    case 'invalid_request': case 'unauthenticated': case 'payment_required': case 'permission_denied': case 'not_found':
    case 'conflict': case 'rate_limited': case 'server_error': case 'bad_gateway': case 'unavailable': case 'timeout':
    case 'network': case 'cancelled': case 'unknown':
      return kind;
    default:
      return kind satisfies never;
  }
}

export function everyReason(reason: Reason): string {
  switch (reason) {
    case 'success': case 'not_transient': case 'server_veto': case 'not_idempotent': case 'body_not_replayable':
    case 'attempts_exhausted': case 'deadline_exceeded': case 'retry_after_too_long': case 'budget_exhausted':
    case 'circuit_open': case 'aborted':
      return reason;
    default:
      return reason satisfies never;
  }
}

// From anything that was caught.
export async function caught(): Promise<string> {
  try {
    const response = await ours('/orders');
    return failureOf(response)?.message ?? 'none';
  } catch (error) {
    const explanation: Explanation | null = explain(error);
    const attempts: Attempt[] = explanation?.attempts ?? [];
    if (error instanceof ApiError) {
      holds<Equal<typeof error.response, Response | null>>();
      holds<Equal<typeof error.name, 'ApiError'>>();
      holds<Equal<typeof error.reason, Exclude<Reason, 'success' | 'aborted'>>>();
      holds<Equal<typeof error.diagnosis, Exclude<Diagnosis, 'unloading'> | null>>();
      const report: Report = error.report();
      return `${report.endpoint} ${report.scope} ${error.failure.advice.steps.map(({ text }) => text)} ${error.cause}`;
    }
    if (error instanceof OptionsError) {
      const wrong: TypeError = error;
      return `${error.pointer} ${error.reason} ${wrong.message} ${attempts.length}`;
    }
    throw error;
  }
}

/** Both errors have a name of their own. */
export function named(error: ApiError | OptionsError): string {
  return error.name === 'ApiError' ? error.failure.kind : error.pointer;
}

const partial: PolicyOptions = { maxAttempts: 2 };
new Policy(partial);
const own: Dialect = { id: 'own', match: [{ host: 'api.example' }], anything: { at: 'all' } };
createFetch({ dialects: [own] });
export const events: ReprieveEvent['type'][] = ['attempt', 'wait', 'stop'];

// In a Service Worker.
serve();
const served: ServeOptions = { policy: 'brisk', timeoutMs: 5000, when: ({ url, destination }) => !destination && url.startsWith('https://api.shop.example/') };
serve(served);
