// @ts-check

/** splitmix64, as the simulation in Rust has it: the same seed gives the same numbers there and in every browser. */
export class Random {
  #high;
  #low;
  #productHigh = 0;
  #productLow = 0;

  /** @param {number} seed A whole number from 0. */
  constructor(seed) {
    const state = BigInt.asUintN(64, BigInt(seed) * 0x9e3779b97f4a7c15n);
    this.#high = Number(state >> 32n);
    this.#low = Number(state & 0xffffffffn);
  }

  /** In [0, 1). */
  uniform() {
    const low = this.#low + 0x7f4a7c15;
    this.#low = low >>> 0;
    this.#high = (this.#high + 0x9e3779b9 + (low > 0xffffffff ? 1 : 0)) >>> 0;
    this.#mix(this.#high, this.#low, 30, 0xbf58476d, 0x1ce4e5b9);
    this.#mix(this.#productHigh, this.#productLow, 27, 0x94d049bb, 0x133111eb);
    const high = (this.#productHigh ^ (this.#productHigh >>> 31)) >>> 0;
    const last = (this.#productLow ^ ((this.#productLow >>> 31) | (this.#productHigh << 1))) >>> 0;
    return (high * 2 ** 21 + (last >>> 11)) / 2 ** 53;
  }

  /** Exponential, of mean 1. */
  exponential() {
    return -ln(1 - this.uniform());
  }

  /**
   * (z ^ (z >> shift)) * factor, in 64 bits.
   *
   * @param {number} high
   * @param {number} low
   * @param {number} shift
   * @param {number} factorHigh
   * @param {number} factorLow
   */
  #mix(high, low, shift, factorHigh, factorLow) {
    const h = high ^ (high >>> shift);
    const l = low ^ ((low >>> shift) | (high << (32 - shift)));
    const [a, b, c, d] = [l >>> 16, l & 0xffff, factorLow >>> 16, factorLow & 0xffff];
    const [bd, ad, bc] = [b * d, a * d, b * c];
    const middle = (bd >>> 16) + (ad & 0xffff) + (bc & 0xffff);
    this.#productLow = ((middle << 16) | (bd & 0xffff)) >>> 0;
    this.#productHigh = (a * c + (ad >>> 16) + (bc >>> 16) + (middle >>> 16) + Math.imul(h, factorLow) + Math.imul(l, factorHigh)) >>> 0;
  }
}

/**
 * The natural logarithm. `Math.log` may differ by a last digit between browsers.
 *
 * @param {number} x Above 0, at most 1.
 */
function ln(x) {
  let halvings = 0;
  for (; x < 0.75; x *= 2) halvings += 1;
  const s = (x - 1) / (x + 1);
  const square = s * s;
  let sum = 0;
  for (let odd = 21; odd > 1; odd -= 2) sum = (sum + 1 / odd) * square;
  return 2 * s * (1 + sum) - halvings * Math.LN2;
}
