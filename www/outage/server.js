// @ts-check

/** @typedef {import('./storm.js').Storm} Storm */
/** @typedef {import('./random.js').Random} Random */

/**
 * What a request gets on its arrival. `served` has yet to be, in its turn; `limited` says for how many seconds.
 *
 * @typedef {{is: 'served' | 'refused' | 'unavailable'} | {is: 'limited', seconds: number}} Receipt
 */

import { HEALTHY_LOAD, MICROSECONDS, WARM_UP_S, offered } from './storm.js';

/** How many seconds of its capacity the queue holds. */
const QUEUE_S = 3;
/** What a rejected request costs, in served ones. */
const REJECTION = 0.05;
/** Of its capacity, at the end of an outage, and how long it takes to have all of it. */
export const RAMP_FROM = 0.3;
export const RAMP_S = 10;
/** Of its capacity, in a brown-out. */
export const BROWN_OUT = 0.3;
/** The share of requests that fail at random. */
export const FAILING = 0.2;
/** A limit counts in windows of so long, and lets this share of what is offered pass. */
export const WINDOW_S = 10;
export const LIMIT = 0.7;

/**
 * One queue, served in order. It never notices that a client gave up. Times are in microseconds.
 *
 * @template T What waits in the queue.
 */
export class Server {
  #storm;
  #random;
  #begin = WARM_UP_S * MICROSECONDS;
  #end;
  /** @type {T[]} */
  #queue = [];
  #head = 0;
  /** Rejections that it has yet to work off. */
  #rejected = 0;
  #window = 0;
  #admitted = 0;

  /**
   * @param {Storm} storm
   * @param {Random} random
   */
  constructor(storm, random) {
    this.#storm = storm;
    this.#random = random;
    this.#end = this.#begin + storm.seconds * MICROSECONDS;
    /** Requests a second that it serves when healthy. */
    this.capacity = offered(storm) / HEALTHY_LOAD;
  }

  /** How many wait, the one in work included. */
  get length() {
    return this.#queue.length - this.#head;
  }

  /** @param {T} request */
  push(request) {
    this.#queue.push(request);
  }

  /** @returns {T} The oldest; only while there is one. */
  shift() {
    const request = this.#queue[this.#head];
    this.#head += 1;
    if (this.#head > 1000 && this.#head * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
    return request;
  }

  /** @param {number} now */
  #isIll(now) {
    return now >= this.#begin && now < this.#end;
  }

  /**
   * The share of its capacity that it has.
   *
   * @param {number} now
   */
  speed(now) {
    const { fault } = this.#storm;
    if (fault === 'brown-out' && this.#isIll(now)) return BROWN_OUT;
    if (fault !== 'outage' || now <= this.#end) return 1;
    return Math.min(1, RAMP_FROM + ((1 - RAMP_FROM) / RAMP_S) * ((now - this.#end) / MICROSECONDS));
  }

  /**
   * How long it works on the next request.
   *
   * @param {number} now
   */
  work(now) {
    const work = 1 + REJECTION * this.#rejected;
    this.#rejected = 0;
    return Math.floor((work * MICROSECONDS) / (this.capacity * this.speed(now)));
  }

  /**
   * @param {number} now
   * @returns {Receipt}
   */
  receive(now) {
    const { fault } = this.#storm;
    if (this.#isIll(now)) {
      if (fault === 'outage') return { is: 'refused' };
      if (fault === 'random' && this.#random.uniform() < FAILING) return this.#reject();
      if (fault === 'limit') {
        const since = now - this.#begin;
        const window = 1 + Math.floor(since / (WINDOW_S * MICROSECONDS));
        if (this.#window !== window) [this.#window, this.#admitted] = [window, 0];
        this.#admitted += 1;
        if (this.#admitted > LIMIT * WINDOW_S * offered(this.#storm)) {
          this.#rejected += 1;
          return { is: 'limited', seconds: Math.ceil((window * WINDOW_S * MICROSECONDS - since) / MICROSECONDS) };
        }
      }
    }
    return this.length >= QUEUE_S * this.capacity ? this.#reject() : { is: 'served' };
  }

  /** @returns {Receipt} */
  #reject() {
    this.#rejected += 1;
    return { is: 'unavailable' };
  }
}
