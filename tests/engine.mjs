// @ts-check
/**
 * The suites of others for the retry engine, through the public `Policy`: what `tests/runner/engine.rs` does to the crate. Imports nothing.
 *
 * @typedef {typeof import('../pkg/index.js')} Api
 * @typedef {import('../pkg/index.js').Failure} Failure
 * @typedef {import('../pkg/index.js').PolicyOptions} PolicyOptions
 *
 * @typedef {{when?: Record<string, unknown[]>, policy: object}[]} Rules
 *
 * @typedef {object} Engine
 * @property {Record<string, any[]>} suites
 * @property {Record<string, Rules>} policies
 * @property {{suite: string, reason: string, names: string[]}[]} exceptions
 */

/**
 * Every case that is no exception, with what is wrong with it.
 *
 * @param {{api: Api, data: Engine, timeout: Failure}} input timeout: the failure of a send that got no answer in time
 * @returns {{cases: [name: string, run: () => string[]][], exceptions: number}}
 */
export function engineCases({ api, data: { suites, policies, exceptions }, timeout }) {
  /** @type {[string, () => string[]][]} */
  const cases = [];
  let excepted = 0;
  for (const [suite, all] of Object.entries(suites)) {
    const names = exceptions.filter((exception) => exception.suite === suite).flatMap((exception) => exception.names);
    for (const given of all) {
      if (names.includes(given.name)) excepted += 1;
      else cases.push([`${suite}: ${[given.name, given.retry].join(' ').trim()}`, () => check(api, timeout, suite, given, policyFor(policies[suite], given))]);
    }
    for (const name of names) if (!all.some((given) => given.name === name)) cases.push([`${suite}: ${name}`, () => ['no such case']]);
  }
  return { cases, exceptions: excepted };
}

/** @type {(api: Api, timeout: Failure, suite: string, given: any, policy: any) => string[]} */
function check(api, timeout, suite, given, policy) {
  if (given.kind === 'config') return loads(api, policy, given.expect_valid);
  if (given.kind === 'invalid_config') return loads(api, policy, false);
  const client = new Client(api, timeout, policy);
  if (given.kind === 'backoff_bounds') return bounds(client, given.retry, given.min_s * 1000, given.max_s * 1000);
  if (suite === 'backoff_sequences') return bounds(client, given.retry, given.min_ms, given.max_ms);
  if (suite === 'retry_budgets') return budget(client, given);
  if (suite === 'circuit_breaker') return breaker(client, given);
  if (suite === 'aws_backoff_sequences') return awsRetries(client, given);
  if (suite !== 'grpc_retry') return aws(client, given);
  return given.kind === 'pushback' ? pushback(client, given) : given.kind === 'max_attempts' ? attempts(client, given) : rpcs(client, given);
}

/** One call of a client. */
class Call {
  /** @param {number} [sends] */
  constructor(sends = 0) {
    this.sends = sends;
  }
}

/** @typedef {{ask: 'admit' | 'decide' | 'success', call: Call, situation: import('../pkg/index.js').Situation, failure: Failure | null}} Question */

/** A client that was asked more is not copied: Firefox takes its time over long lists. */
const MOST_ASKED = 10_000;

/** A policy on a clock, as a client uses it. What it was asked is kept, so that a copy can be asked the same. */
class Client {
  nowMs = 1_000_000;
  random = 1;
  /** @type {Question[]} */
  #asked = [];
  /** @type {WeakMap<Call, object>} */
  #tickets = new WeakMap();

  /** @param {Api} api @param {Failure} timeout @param {PolicyOptions} options */
  constructor(api, timeout, options) {
    this.api = api;
    this.timeout = timeout;
    this.options = options;
    this.policy = new api.Policy(options);
  }

  /** Another in the same state. @param {PolicyOptions['budget']} [budget] what its budget has instead */
  copy(budget) {
    if (this.#asked.length > MOST_ASKED) throw new Error('asked too much to be copied');
    const copy = new Client(this.api, this.timeout, budget ? { ...this.options, budget: { ...this.options.budget, ...budget } } : this.options);
    for (const question of this.#asked) copy.#ask(question);
    copy.#asked = [...this.#asked];
    return Object.assign(copy, { nowMs: this.nowMs, random: this.random });
  }

  /** @param {Call} call */
  admit(call) {
    call.sends += 1;
    return /** @type {import('../pkg/index.js').Admission} */ (this.#put('admit', call)).send;
  }

  /** @param {Call} call @param {Failure} failure */
  fail(call, failure) {
    return /** @type {import('../pkg/index.js').Decision} */ (this.#put('decide', call, failure));
  }

  /** @param {Call} call */
  succeed(call) {
    this.#put('success', call);
  }

  /** @param {number} status @param {any} [headers] @returns {Failure} */
  failure(status, headers) {
    return /** @type {Failure} */ (this.api.classify({ status, headers, url: 'https://api.example/' }, { nowMs: this.nowMs }));
  }

  /**
   * How many tokens are left: a copy is asked for the largest retry that it would still pay.
   * @param {number} guess
   */
  tokens(guess) {
    // Priced as a failure that there was none of, so that all others cost what they did.
    const hasTimeout = this.#asked.some(({ failure }) => failure?.kind === 'timeout');
    const [failure, price] = hasTimeout ? [this.failure(429), 'throttledCost'] : [this.timeout, 'timeoutCost'];
    const pays = (/** @type {number} */ milli) => this.copy({ floor: 0, [price]: milli / 1000 }).fail(new Call(1), failure).retry;
    const guessed = Math.round(guess * 1000);
    if (pays(guessed) && !pays(guessed + 1)) return guess;
    let [least, most] = [0, 1_000_000_000];
    while (least < most) {
      const milli = Math.ceil((least + most) / 2);
      if (pays(milli)) least = milli;
      else most = milli - 1;
    }
    return least / 1000;
  }

  /** @param {Question['ask']} ask @param {Call} call @param {Failure | null} [failure] */
  #put(ask, call, failure = null) {
    const question = { ask, call, situation: { attempt: call.sends, elapsedMs: 0, nowMs: this.nowMs, random: this.random }, failure };
    if (this.#asked.length <= MOST_ASKED) this.#asked.push(question);
    return this.#ask(question);
  }

  /** @param {Question} question */
  #ask({ ask, call, situation, failure }) {
    const ticket = this.#tickets.get(call) ?? {};
    this.#tickets.set(call, ticket);
    const given = { ...situation, ticket };
    return failure ? this.policy.decide(failure, given) : ask === 'admit' ? this.policy.admit(given) : this.policy.success(given);
  }
}

/**
 * AWS standard mode, 2.0 and 2.1. `threads` are run as a scheduler might: what their tokens say is one such order.
 * @type {(client: Client, given: any) => string[]}
 */
function aws(client, { given, responses, threads, expected_final_quota: finalQuota }) {
  if (given.start_tokens === 0) while (client.fail(new Call(1), client.failure(500)).retry);
  // Both fail before either succeeds, and the second succeeds first.
  const order = [[0, 0], [0, 1], [1, 0], [1, 1], [0, 2]];
  /** @type {[number, any][]} */
  const steps = threads ? order.map(([thread = 0, step = 0]) => [thread, threads[thread][step]]) : responses.map((/** @type {any} */ step) => [0, step]);
  const calls = [new Call(), new Call()];
  const wrong = steps.flatMap(([thread, { response, expected }], index) =>
    Array.from({ length: response.times ?? 1 }).flatMap(() => {
      const { outcome, delayMs } = awsStep(client, calls[thread] ?? new Call(), response);
      if (outcome !== 'retry_request') calls[thread] = new Call();
      const place = `step ${index + 1}`;
      return [
        ...(expected.outcome ? differs(`${place} outcome`, outcome, expected.outcome) : []),
        ...('retry_quota' in expected && !response.times ? quota(client, `${place} quota`, expected.retry_quota) : []),
        ...('delay' in expected || outcome !== 'retry_request' ? differs(`${place} delay`, delayMs / 1000, expected.delay ?? 0) : []),
      ];
    }),
  );
  return finalQuota === undefined ? wrong : [...wrong, ...quota(client, 'final quota', finalQuota)];
}

/** @type {(client: Client, what: string, expected: number) => string[]} */
const quota = (client, what, expected) => differs(what, client.tokens(expected), expected);

/** The outcome in their words. @type {(client: Client, call: Call, response: any) => {outcome: string, delayMs: number}} */
function awsStep(client, call, { status_code: status, error_code: code = '', headers, retry_after_s: seconds }) {
  client.admit(call);
  if (status === 200) {
    client.succeed(call);
    return { outcome: 'success', delayMs: 0 };
  }
  const failure = status ? client.failure(status, { 'x-amzn-errortype': code, ...headers }) : client.timeout;
  const { delayMs, reason } = client.fail(call, seconds === undefined ? failure : { ...failure, retryAfterMs: seconds * 1000 });
  /** @type {Record<string, string>} */
  const outcomes = { attempts_exhausted: 'max_attempts_exceeded', budget_exhausted: 'retry_quota_exceeded' };
  return { outcome: reason ? (outcomes[reason] ?? 'fail_request') : 'retry_request', delayMs: delayMs ?? 0 };
}

/** Delay and cost of each retry, jitter off. Step 0 is no retry. @type {(client: Client, given: any) => string[]} */
function awsRetries(client, { steps }) {
  let left = client.tokens(500);
  return steps.slice(1).flatMap((/** @type {any} */ step, /** @type {number} */ index) => {
    const { retry, delayMs } = client.fail(new Call(index + 1), client.failure(step.error_type === 'THROTTLING' ? 429 : 500));
    const before = left;
    left = client.tokens(before - step.cost);
    return [...differs('retry', retry, true), ...differs('delay', delayMs, step.delay_ms), ...differs('cost', before - left, step.cost)];
  });
}

/** @type {(client: Client, given: any) => string[]} */
function pushback(client, { headers, expect }) {
  const { retry, delayMs } = client.fail(new Call(1), client.failure(503, headers));
  return [...differs('retry', retry, expect.retry), ...differs('delay', delayMs, expect.delay_ms)];
}

/** What the service says is advice: it narrows, and never widens. @type {(client: Client, given: any) => string[]} */
function attempts(client, { service_max_attempts: maxAttempts, expect_attempts: expected }) {
  const busy = client.failure(503);
  const failure = { ...busy, advice: { ...busy.advice, maxAttempts } };
  const call = new Call();
  do client.admit(call);
  while (client.fail(call, failure).retry);
  return differs('attempts', call.sends, expected);
}

/** A server that answers by the number of the call, and RPCs that are made one after the other. @type {(client: Client, given: any) => string[]} */
function rpcs(client, { config, server, rpcs }) {
  let index = -1;
  const answer = () => (server.ok_calls?.includes(index) ? 'OK' : (server.calls?.[index] ?? server.other));
  return rpcs.flatMap((/** @type {any} */ rpc, /** @type {number} */ number) => {
    const call = new Call();
    /** @type {string[]} */
    const answers = [];
    for (let again = true; again; ) {
      client.admit(call);
      index += 1;
      const code = answer();
      answers.push(code);
      if (code === 'OK') client.succeed(call);
      again = code !== 'OK' && client.fail(call, { ...client.failure(503), transient: config.retryable.includes(code) }).retry;
    }
    const place = `rpc ${number + 1}`;
    return [
      ...differs(`${place} final`, answers.at(-1), rpc.final),
      ...differs(`${place} call`, index, rpc.server_call_index_after),
      ...(rpc.attempts ? differs(`${place} attempts`, String(answers), String(rpc.attempts)) : []),
      ...('tokens_after' in rpc ? quota(client, `${place} tokens`, rpc.tokens_after) : []),
    ];
  });
}

/** @type {(api: Api, policy: any, expected: boolean) => string[]} */
function loads(api, policy, expected) {
  let found = true;
  try {
    new api.Policy(policy);
  } catch (error) {
    if (!(error instanceof api.OptionsError)) throw error;
    found = false;
  }
  return differs('valid', found, expected);
}

/** Every draw lies within, and the draws reach both ends. @type {(client: Client, retry: number, least: number, most: number) => string[]} */
function bounds(client, retry, least, most) {
  const call = new Call(retry);
  const found = Array.from({ length: 101 }, (_, step) => {
    client.random = step / 100;
    return client.fail(call, client.failure(503)).delayMs ?? NaN;
  });
  const [low, high] = [Math.min(...found), Math.max(...found)];
  const isRight = Math.abs(low - least) <= 1 && high >= most - 1 && high <= most + 1e-9;
  return isRight ? [] : [`waits ${low} to ${high}, expected ${least} to ${most}`];
}

/** @type {(client: Client, given: any) => string[]} */
function budget(client, { kind, requests, expect_retries: retries, tolerance, deposits, expect_balance: balance, steps }) {
  const busy = client.failure(503);
  if (kind === 'deposit_then_try') {
    let found = 0;
    for (let count = 0; count < requests; count += 1) {
      const call = new Call();
      client.admit(call);
      if (client.fail(call, busy).retry) found += 1;
    }
    return Math.abs(found - retries) <= tolerance ? [] : [`${found} retries, expected ${retries}`];
  }
  if (kind === 'balance') {
    for (let count = 0; count < deposits; count += 1) client.admit(new Call());
    return quota(client, 'balance', balance);
  }
  return steps.flatMap((/** @type {[string, any]} */ [what, value], /** @type {number} */ index) => {
    switch (what) {
      case 'deposit':
        return differs('sent', client.admit(new Call()), true);
      case 'advance_ms':
        client.nowMs += value;
        return [];
      case 'withdraw':
        return differs(`step ${index + 1} withdraw`, client.fail(new Call(1), busy).retry, value);
      case 'throttled': // Would a retry be refused that costs nothing itself?
        return differs(`step ${index + 1} throttled`, !client.fail(new Call(1), client.failure(429)).retry, value);
      case 'retry_failure':
        client.fail(new Call(1), busy);
        return [];
      default: // A failure that is not retried counts as an answer there.
        client.succeed(new Call(1));
        return [];
    }
  });
}

/** @type {(client: Client, given: any) => string[]} */
function breaker(client, { kind, steps, expect_samples_ok: samples }) {
  const script = (/** @type {any[]} */ steps, from = client) => steps.flatMap((given) => step(from, given));
  if (kind === 'probe_dedup') {
    for (const call of [new Call(), new Call()]) {
      client.admit(call);
      client.fail(call, client.failure(503));
    }
    client.nowMs += 1000;
    const [first, second] = [new Call(), new Call()];
    const sent = [client.admit(first), client.admit(second)];
    client.succeed(first);
    return differs('sent', String([...sent, client.admit(second)]), 'true,false,true');
  }
  if (kind === 'count_window') {
    // Of the last five sends the third failed: with two more that is three of five, with a success before them it is two.
    return [
      ...script(Array.from({ length: 9 }, (_, index) => (index % 3 ? ['success'] : ['failure', false]))),
      ...differs('samples', String(samples), 'true,false,true,true,true'),
      ...script([['failure', false], ['failure', true]], client.copy()),
      ...script([['success'], ['failure', false], ['failure', false]], client.copy()),
    ];
  }
  return script(steps);
}

/** One step of a script for a breaker. Whether it is open is asked of a copy. @type {(client: Client, given: any) => string[]} */
function step(client, [what, value, then]) {
  const isOpen = () => !client.copy().admit(new Call());
  switch (what) {
    case 'repeat':
      return Array.from({ length: value }).flatMap(() => then.flatMap((/** @type {any} */ given) => step(client, given)));
    case 'advance_ms':
      client.nowMs += value;
      return [];
    case 'success':
      client.succeed(new Call(1));
      return [];
    case 'failure':
      client.fail(new Call(1), client.failure(503));
      return differs('open', isOpen(), value);
    default: {
      const call = new Call();
      const sent = client.admit(call);
      if (value === 'fail') client.fail(call, client.failure(503));
      if (value === 'ok') client.succeed(call);
      return [...differs('sent', sent, value !== 'short-circuited'), ...differs('state', isOpen() ? 'open' : 'closed', then)];
    }
  }
}

/** @type {(what: string, found: unknown, expected: unknown) => string[]} */
function differs(what, found, expected) {
  const isClose = typeof found === 'number' && typeof expected === 'number' && Math.abs(found - expected) < 1e-9;
  return isClose || Object.is(found, expected) ? [] : [`${what} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`];
}

/** The policy of ours that stands for a case: `tests/suites/README.md`. @type {(rules: Rules | undefined, given: any) => any} */
function policyFor(rules = [], given) {
  const applies = (/** @type {Rules[number]} */ { when = {} }) => Object.entries(when).every(([path, values]) => values.includes(at(given, path)));
  return rules.filter(applies).reduce((policy, rule) => filled(policy, rule.policy, given), {});
}

/** The members of a template over those that are there, but for what the case does not say. @type {(policy: any, template: any, given: any) => any} */
function filled(policy, template, given) {
  if (typeof template === 'string') return template.startsWith('= ') ? (computed(template.slice(2), given) ?? policy) : template;
  if (template === null || typeof template !== 'object') return template;
  const made = { ...policy };
  for (const [name, member] of Object.entries(template)) {
    const value = filled(made[name], member, given);
    if (value !== undefined) made[name] = value;
  }
  return made;
}

/** @type {(term: string, given: any) => any} */
function computed(term, given) {
  const words = term.split(' ');
  const value = (/** @type {number} */ index) => (/^\d/.test(words[index] ?? '') ? Number(words[index]) : at(given, words[index] ?? ''));
  let found = value(0);
  for (let index = 1; index < words.length; index += 2) {
    const [one, other] = [number(found), number(value(index + 1))];
    if (words[index] === '?') found ??= value(index + 1);
    else if (one !== undefined && other !== undefined) found = words[index] === '*' ? one * other : one / other;
  }
  // Policies have three decimals.
  return typeof found === 'number' ? Math.round(found * 1000) / 1000 : found;
}

/** `1s` is 1. @type {(value: any) => any} */
const number = (value) => (typeof value === 'number' ? value : /^\d+s$/.test(value) ? parseInt(value, 10) : undefined);

/** @type {(given: any, path: string) => any} */
const at = (given, path) => path.split('.').reduce((value, name) => value?.[name], given);
