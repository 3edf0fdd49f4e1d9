// What the types have to reject. An expectation that nothing fulfils is an error itself.
import { ApiError, classify, classifyResponse, createFetch, explain, failureOf, init, Policy, type Admission, type Decision, type Explanation, type Failure } from '../../pkg/index.js';
import * as slim from '../../pkg/slim.js';
import { serve } from '../../pkg/sw.js';

declare const failure: Failure;
declare const decision: Decision;
declare const admission: Admission;
declare const explanation: Explanation;
declare const error: ApiError;

// @ts-expect-error no part of the interface
export type { Meaning } from '../../pkg/index.js';

// @ts-expect-error no such option
createFetch({ retries: 3 });
// @ts-expect-error no such preset
createFetch({ policy: 'aggressive' });
// @ts-expect-error no such member of a policy
createFetch({ policy: { maxRetries: 3 } });
// @ts-expect-error attempts are a number
new Policy({ maxAttempts: '3' });
// @ts-expect-error no such jitter
new Policy({ backoff: { jitter: 'some' } });
// @ts-expect-error only the deadline and the budget can be absent by null
new Policy({ maxAttempts: null });
// @ts-expect-error a Policy is made with new
Policy();
// @ts-expect-error the deadline is in milliseconds, by name
new Policy({ deadline: 5 });

// @ts-expect-error `true` is no options
void createFetch()('/', { reprieve: true });
// @ts-expect-error the fetch underneath belongs to createFetch
void createFetch()('/', { reprieve: { fetch } });
// @ts-expect-error dialects belong to createFetch
void createFetch()('/', { reprieve: { dialects: [] } });
// @ts-expect-error successes are read or not
createFetch({ inspectOk: 'json' });
// @ts-expect-error successes are read or not
void createFetch()('/', { reprieve: { inspectOk: 1 } });
// @ts-expect-error a function gives a body
void createFetch()('/', { method: 'PUT', body: () => 7 });
// @ts-expect-error as with fetch: no body of that type
void createFetch()('/', { method: 'PUT', body: 7 });
// @ts-expect-error as with fetch: no such mode
void createFetch()('/', { mode: 'corss' });
// @ts-expect-error as with fetch: something is fetched
void createFetch()();
// @ts-expect-error a Response comes, as with fetch
createFetch()('/').status;
// @ts-expect-error limits are numbers
createFetch({ timeoutMs: '5s' });
// @ts-expect-error named by its unit
createFetch({ timeout: 5000 });
// @ts-expect-error no size, only whether
void createFetch()('/', { reprieve: { readBody: 1000 } });
// @ts-expect-error a key is a string or a boolean
void createFetch()('/', { reprieve: { idempotencyKey: 7 } });
// @ts-expect-error a map from URL prefixes holds ids and dialects
createFetch({ dialects: { 'https://shop.example/': 7 } });
// @ts-expect-error a dialect has an id
createFetch({ dialects: [{ match: [] }] });
// @ts-expect-error no such event
createFetch({ events: (event) => event.type === 'retry' });
// @ts-expect-error no such attribute
createFetch({ events: (event) => event.attributes['http.status_code'] });
// @ts-expect-error only a wait has a delay
createFetch({ events: (event) => event.type === 'attempt' && event.delayMs });

// @ts-expect-error a response has a status
classify({ body: '' });
// @ts-expect-error the status is a number
classify({ status: '503' });
// @ts-expect-error a number is no body
classify({ status: 503, body: 7 });
// @ts-expect-error a Response is read asynchronously
void classifyResponse({ status: 503 });
// @ts-expect-error null where nothing failed
classify({ status: 503 }).kind;
// @ts-expect-error null where nothing is known
failureOf(new Error()).kind;
// @ts-expect-error null where nothing is known
explain(new Error()).attempts;

// @ts-expect-error a closed set
failure.kind === 'teapot';
// @ts-expect-error no default code
failure.code.length;
// @ts-expect-error advice is not a list of strings
failure.advice.steps[0].length;
// @ts-expect-error only a retry has a delay
decision.delayMs.toFixed();
// @ts-expect-error there may have been no response
failure.status.toFixed();
// @ts-expect-error without a response nothing is not found
failure.status === null && failure.kind === 'not_found';
// @ts-expect-error without a response there is no code
failure.status === null && failure.code?.length;
// @ts-expect-error what has no response rests on how the send ended
failure.status !== null && failure.transientFrom === 'transport';
// @ts-expect-error a failure is no success
decision.reason === 'success';
// @ts-expect-error that is said before a send
decision.reason === 'circuit_open';
// @ts-expect-error a retry gives no reason
decision.retry && decision.reason.length;
// @ts-expect-error only a budget lets it linger
decision.reason === 'not_transient' && decision.delayMs.toFixed();
// @ts-expect-error it may go, or may have to wait
admission.retryAt.toFixed();
// @ts-expect-error one that may go does not wait
admission.send && admission.until.toFixed();
// @ts-expect-error only these two stop a call before it is sent
admission.reason === 'aborted';
// @ts-expect-error a success has no failure
explanation.reason === 'success' && explanation.failure.kind;
// @ts-expect-error who gave up may have no failure
explanation.reason === 'aborted' && explanation.failure.kind;
// @ts-expect-error the page was not left
explanation.reason === 'budget_exhausted' && explanation.diagnosis === 'unloading';
// @ts-expect-error the caller's own abort is no ApiError
error.reason === 'aborted';
// @ts-expect-error a stop that is no success has a failure, but one that the caller brought about
createFetch({ events: (event) => event.type === 'stop' && event.failure.kind });
// @ts-expect-error the name is its own
error.name = 'Error';
// @ts-expect-error a closed set
decision.reason === 'gave_up';
// @ts-expect-error read-only
(null as unknown as ApiError).reason = 'success';
// @ts-expect-error users do not make these
const made: ApiError = new Error('no');
void made;

// @ts-expect-error the core is inside
void init('/reprieve.wasm');
// @ts-expect-error without a source there is no core
void slim.init();
// @ts-expect-error no source
void slim.init(7);

// @ts-expect-error a page gets a Response, not an ApiError
serve({ throwOnFailure: true });
// @ts-expect-error a function says which
serve({ when: '/api/' });
