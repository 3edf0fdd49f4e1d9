// @ts-check
/** Many tabs and one server on a simulated clock, as `tests/simulation/mod.rs` has them. No DOM, no clock, no chance: the same storm gives the same figures. */

import { Policy } from '../built/reprieve.js';
import { Failures } from './failures.js';
import { Heap } from './heap.js';
import { Random } from './random.js';
import { Server } from './server.js';
import { MICROSECONDS, WARM_UP_S, endOf, offered, patience, prompt } from './storm.js';

/** @typedef {import('../built/reprieve.js').Failure} Failure */
/** @typedef {import('./storm.js').Storm} Storm */

/** Half of the round trip. Microseconds. */
const HALF_TRIP = 20_000;
const EPOCH_MS = 1_700_000_000_000;
/** After the end of the picture the calls that are under way still end. */
const TAIL_S = 15;
/** Recovered: this share of the calls succeeds promptly, in each of so many seconds in a row. */
const RECOVERED = 0.99;
const RECOVERED_S = 5;
/** What is fine. */
const FINE_S = 10;

/**
 * What happened in a second.
 *
 * @typedef {object} Second
 * @property {number} sends
 * @property {number} calls that began.
 * @property {number} successes that came.
 * @property {number} failures handed over to the visitor.
 */

/**
 * @typedef {object} Figures
 * @property {number} sends For each call that begins during the fault.
 * @property {number} peak The worst second over the healthy load.
 * @property {number | null} recovery Seconds after the fault; `null`: not in the minute after it.
 * @property {number} fine The share of the calls of the fault and the minute after it that succeed within 10 s.
 * @property {number} goodput The successes during the fault over the calls that begin in it.
 */

/** @typedef {Record<import('./contenders.js').Id, Second[]>} Rows */
/** @typedef {Record<import('./contenders.js').Id, Figures>} Results */
/** @typedef {{rows: Rows} | {results: Results}} News Seconds that are over; at last, what came of it all. */

/**
 * @typedef {object} Tab
 * @property {Policy} policy One for each, as each has its own memory.
 * @property {Set<Call>} waiting Held back.
 */

/**
 * One call; the policy keeps its ticket under it.
 *
 * @typedef {object} Call
 * @property {Tab} tab
 * @property {number} began
 * @property {number} sends
 * @property {number} state Counts its states, so that an event of an earlier one is known.
 */

/** A storm with one policy in every tab. */
export class Run {
  #storm;
  #failures;
  #random;
  #server;
  #now = 0;
  /** @type {Heap<() => void>} */
  #events = new Heap();
  /** The later ones may not be over, or not yet have begun. @type {Second[]} */
  seconds;
  /** By the second in which a call began: those that succeeded within what counts as recovered, and within 10 s. */
  #prompt;
  #fine;

  /**
   * @param {Storm} storm
   * @param {import('./contenders.js').Contender} contender
   */
  constructor(storm, { options, advised }) {
    this.#storm = storm;
    this.#failures = new Failures(advised);
    this.#random = new Random(storm.seed);
    /** @type {Server<() => void>} */
    this.#server = new Server(storm, this.#random);
    const length = endOf(storm) + TAIL_S + 1;
    this.seconds = Array.from({ length }, () => ({ sends: 0, calls: 0, successes: 0, failures: 0 }));
    this.#prompt = new Array(length).fill(0);
    this.#fine = new Array(length).fill(0);
    for (let tab = 0; tab < storm.tabs; tab += 1) this.#arriveLater({ policy: new Policy(options), waiting: new Set() });
  }

  /**
   * Simulates on.
   *
   * @param {number} seconds Since the beginning.
   */
  advance(seconds) {
    while (this.#events.time < seconds * MICROSECONDS) {
      this.#now = this.#events.time;
      this.#events.pop()();
    }
  }

  /** Simulates to the end. @returns {Figures} */
  finish() {
    this.advance(endOf(this.#storm) + TAIL_S);
    return this.#figures();
  }

  /** The second in which we are. */
  get #second() {
    return this.seconds[Math.floor(this.#now / MICROSECONDS)];
  }

  /**
   * Something that happens to a call, unless it is in another state by then.
   *
   * @param {number} time
   * @param {Call} call
   * @param {number} state
   * @param {() => void} event
   */
  #unlessOver(time, call, state, event) {
    this.#events.push(time, () => {
      if (call.state === state) event();
    });
  }

  /** @param {Tab} tab */
  #arriveLater(tab) {
    const gap = Math.floor((this.#random.exponential() / this.#storm.rate) * MICROSECONDS);
    this.#events.push(this.#now + gap, () => {
      if (this.#now >= endOf(this.#storm) * MICROSECONDS) return;
      this.#second.calls += 1;
      this.#ask({ tab, began: this.#now, sends: 0, state: 0 });
      this.#arriveLater(tab);
    });
  }

  /**
   * @param {Call} call
   * @param {number} attempt
   * @returns {import('../built/reprieve.js').Situation}
   */
  #situation(call, attempt) {
    return {
      attempt,
      elapsedMs: Math.floor((this.#now - call.began) / 1000),
      nowMs: EPOCH_MS + Math.floor(this.#now / 1000),
      random: this.#random.uniform(),
      ticket: call,
    };
  }

  /**
   * May it be sent?
   *
   * @param {Call} call
   */
  #ask(call) {
    const { tab } = call;
    const { send, until } = tab.policy.admit(this.#situation(call, call.sends + 1));
    call.state += 1;
    if (until !== null) {
      tab.waiting.add(call);
      this.#unlessOver((until - EPOCH_MS) * 1000, call, call.state, () => this.#ask(call));
      return;
    }
    tab.waiting.delete(call);
    if (send) this.#send(call);
    else this.#second.failures += 1;
  }

  /** @param {Call} call */
  #send(call) {
    call.sends += 1;
    this.#second.sends += 1;
    const { state } = call;
    this.#events.push(this.#now + HALF_TRIP, () => this.#reach(call, state));
    this.#unlessOver(this.#now + patience(this.#storm) * MICROSECONDS, call, state, () => this.#fail(call, this.#failures.timeout));
  }

  /**
   * A send arrives at the server, which does not know whether its client still waits.
   *
   * @param {Call} call
   * @param {number} state
   */
  #reach(call, state) {
    const receipt = this.#server.receive(this.#now);
    if (receipt.is === 'served') {
      this.#server.push(() => this.#reply(call, state, () => this.#succeed(call)));
      if (this.#server.length === 1) this.#serve();
    } else if (receipt.is === 'refused') {
      this.#unlessOver(this.#now + HALF_TRIP, call, state, () => this.#fail(call, this.#failures.network));
    } else {
      const failure = receipt.is === 'limited' ? this.#failures.limited(receipt.seconds) : this.#failures.unavailable;
      this.#reply(call, state, () => this.#fail(call, failure));
    }
  }

  /** The server works on the first of its queue. */
  #serve() {
    this.#events.push(this.#now + this.#server.work(this.#now), () => {
      this.#server.shift()();
      if (this.#server.length > 0) this.#serve();
    });
  }

  /**
   * @param {Call} call
   * @param {number} state
   * @param {() => void} receive
   */
  #reply(call, state, receive) {
    const latency = 60_000 + Math.floor(this.#random.exponential() * 20_000);
    this.#unlessOver(this.#now + latency + HALF_TRIP, call, state, receive);
  }

  /** @param {Call} call */
  #succeed(call) {
    call.tab.policy.success(this.#situation(call, call.sends));
    call.state += 1;
    this.#second.successes += 1;
    const began = Math.floor(call.began / MICROSECONDS);
    const took = this.#now - call.began;
    if (took <= prompt(this.#storm) * MICROSECONDS) this.#prompt[began] += 1;
    if (took <= FINE_S * MICROSECONDS) this.#fine[began] += 1;
    this.#wake(call.tab);
  }

  /**
   * @param {Call} call
   * @param {Failure} failure
   */
  #fail(call, failure) {
    const { retry, delayMs } = call.tab.policy.decide(failure, this.#situation(call, call.sends));
    call.state += 1;
    if (retry) this.#unlessOver(this.#now + delayMs * 1000, call, call.state, () => this.#ask(call));
    else this.#second.failures += 1;
    this.#wake(call.tab);
  }

  /**
   * An answer came: those that are held back ask again.
   *
   * @param {Tab} tab
   */
  #wake(tab) {
    for (const call of [...tab.waiting]) this.#ask(call);
  }

  /** @returns {Figures} */
  #figures() {
    const begin = WARM_UP_S;
    const over = begin + this.#storm.seconds;
    const end = endOf(this.#storm);
    /** @param {keyof Second} member @param {number} from @param {number} to */
    const total = (member, from, to) => this.seconds.slice(from, to).reduce((sum, second) => sum + second[member], 0);
    const calls = total('calls', begin, over);
    const isPrompt = (/** @type {number} */ second) => this.#prompt[second] >= RECOVERED * this.seconds[second].calls;
    let recovery = null;
    for (let from = over; from < end - RECOVERED_S && recovery === null; from += 1) {
      if (this.seconds.slice(from, from + RECOVERED_S).every((_, later) => isPrompt(from + later))) recovery = from - over;
    }
    return {
      sends: total('sends', begin, over) / calls,
      peak: Math.max(...this.seconds.slice(begin, end).map(({ sends }) => sends)) / offered(this.#storm),
      recovery,
      fine: this.#fine.slice(begin, end).reduce((sum, calls) => sum + calls, 0) / total('calls', begin, end),
      goodput: total('successes', begin, over) / calls,
    };
  }
}
