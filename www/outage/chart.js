// @ts-check
import { CONTENDERS } from './contenders.js';
import { FAULTS, HEALTHY_LOAD, WARM_UP_S, endOf, offered } from './storm.js';

/** @typedef {import('./storm.js').Storm} Storm */
/** @typedef {import('./model.js').Second} Second */
/** @typedef {import('./model.js').Rows} Rows */
/** @typedef {import('./model.js').Results} Results */

/**
 * A plot: what it shows of a second, and up to where.
 *
 * @typedef {object} Plot
 * @property {string} title
 * @property {string} brief The same where there is little room.
 * @property {number} top Where it begins. Pixels, as all places here.
 * @property {number} height
 * @property {number} most What is higher is cut off, and said.
 * @property {[at: number, text: string][]} ticks
 * @property {(second: Second, storm: Storm) => number} value
 */

/** @type {Plot} */
const LOAD = {
  title: 'Load: requests a second, in multiples of what the server can serve',
  brief: 'Load, in multiples of the capacity',
  top: 44,
  height: 200,
  most: 4,
  ticks: [[0, '0'], [1, '1×'], [2, '2×'], [3, '3×'], [4, '4×']],
  value: ({ sends }, storm) => (sends / offered(storm)) * HEALTHY_LOAD,
};

/** @type {Plot} */
const SUCCESSES = {
  title: 'Successes a second, in percent of the calls that begin',
  brief: 'Successes, in percent of the calls',
  top: 296,
  height: 120,
  most: 1.5,
  ticks: [[0, '0'], [0.5, '50 %'], [1, '100 %']],
  value: ({ successes }, storm) => successes / offered(storm),
};

const AXIS_Y = SUCCESSES.top + SUCCESSES.height;
const RECOVERY_Y = AXIS_Y + 70;
const ROW = 20;
const HEIGHT = RECOVERY_Y + CONTENDERS.length * ROW + 4;

/** Beside the plots. */
const LEFT = 48;
const RIGHT = 72;
/** From this width on there is room for names at the lines' ends, and for whole titles. */
const WIDE = 620;
/** Between texts that would overlap. */
const LINE = 15;
/** About the width of a character. */
const CHARACTER = 6.6;

/** What the load and the successes of a second are. @param {Second} second @param {Storm} storm */
export const reading = (second, storm) => ({ load: LOAD.value(second, storm), successes: SUCCESSES.value(second, storm) });

/** @param {number | null} recovery */
export const recoveryText = (recovery) => (recovery === null ? 'not in 60\u00a0s' : recovery === 0 ? 'at once' : `after ${recovery}\u00a0s`);

/** Three lines in two plots over one time axis, and below them how long each took to recover. Plain SVG, drawn anew for each width. */
export class Chart {
  #root;
  #width = 0;
  /** @type {Storm} */
  #storm;
  /** @type {Rows} */
  #rows = { naive: [], aws: [], ours: [] };
  /** @type {Results | null} */
  #results = null;
  /** @type {number | null} */
  #second = null;
  #lines = svg('g');
  #marks = svg('g');
  #cursor = svg('line', { class: 'cursor', y1: LOAD.top, y2: AXIS_Y });

  /**
   * @param {SVGSVGElement} root
   * @param {Storm} storm
   */
  constructor(root, storm) {
    this.#root = root;
    this.#storm = storm;
    root.setAttribute('height', String(HEIGHT));
    new ResizeObserver(() => this.#fit()).observe(root);
    this.#fit();
  }

  /** Begins anew. @param {Storm} storm */
  clear(storm) {
    this.#storm = storm;
    this.#rows = { naive: [], aws: [], ours: [] };
    this.#results = null;
    this.#second = null;
    this.#drawAxes();
    this.draw();
  }

  /** What is to be drawn. @param {Rows} rows @param {Results | null} results */
  show(rows, results) {
    this.#rows = rows;
    this.#results = results;
  }

  /** Puts the cursor on a second. @param {number} second */
  point(second) {
    this.#second = second;
    this.#drawCursor();
  }

  /** The second below a place on the screen. @param {number} clientX */
  secondAt(clientX) {
    const { left } = this.#root.getBoundingClientRect();
    const second = Math.floor(((clientX - left - LEFT) / this.#span) * endOf(this.#storm));
    return Math.min(endOf(this.#storm) - 1, Math.max(0, second));
  }

  /** The lines, as far as they are known. */
  draw() {
    this.#lines.replaceChildren();
    this.#marks.replaceChildren();
    for (const plot of [LOAD, SUCCESSES]) {
      for (const { id } of CONTENDERS) this.#lines.append(svg('path', { class: `series ${id}`, d: this.#path(plot, this.#rows[id]) }));
      if (this.#isWide) this.#drawNames(plot);
    }
    this.#drawPeaks();
    this.#drawRecovery();
  }

  get #isWide() {
    return this.#width >= WIDE;
  }

  /** The width of the plots. */
  get #span() {
    return Math.max(1, this.#width - LEFT - (this.#isWide ? RIGHT : 8));
  }

  /** @param {number} second */
  #x(second) {
    return LEFT + (second / endOf(this.#storm)) * this.#span;
  }

  #fit() {
    const width = Math.round(this.#root.getBoundingClientRect().width);
    if (width === this.#width) return;
    this.#width = width;
    this.#root.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    this.#drawAxes();
    this.draw();
  }

  #drawAxes() {
    const { fault, seconds } = this.#storm;
    const [begin, over, end] = [WARM_UP_S, WARM_UP_S + seconds, endOf(this.#storm)];
    const right = this.#x(end);
    /** @type {SVGElement[]} */
    const nodes = [
      svg('rect', { class: 'fault', x: this.#x(begin), y: LOAD.top - 18, width: this.#x(over) - this.#x(begin), height: AXIS_Y - LOAD.top + 18 }),
      text(this.#x(begin) + 5, LOAD.top - 5, `${FAULTS[fault]}, ${seconds} s`, 'fault-name'),
    ];
    for (const plot of [LOAD, SUCCESSES]) {
      nodes.push(text(0, plot.top - (plot === LOAD ? 32 : 14), this.#isWide ? plot.title : plot.brief, 'title'));
      for (const [at, label] of plot.ticks) {
        const y = yOf(plot, at);
        nodes.push(svg('line', { class: plot === LOAD && at === 1 ? 'capacity' : 'grid', x1: LEFT, x2: right, y1: y, y2: y }));
        nodes.push(text(LEFT - 8, y + 4, label, 'tick end'));
      }
    }
    nodes.push(text(right - 4, yOf(LOAD, 1) - 6, 'capacity', 'tick end halo'));
    const step = [15, 30, 60].find((candidate) => (candidate / end) * this.#span > 44) ?? 60;
    for (let at = -step * Math.floor(begin / step); at <= end - begin; at += step) {
      nodes.push(text(this.#x(begin + at), AXIS_Y + 17, at === 0 ? '0 s' : String(at).replace('-', '−'), 'tick middle'));
    }
    nodes.push(text(0, RECOVERY_Y - 18, this.#isWide ? 'Time to recover, from the end of the fault' : 'Time to recover', 'title'));
    nodes.push(svg('line', { class: 'grid', x1: this.#x(over), x2: this.#x(over), y1: RECOVERY_Y - 6, y2: HEIGHT - 4 }));
    this.#root.replaceChildren(...nodes, this.#lines, this.#marks, this.#cursor);
    this.#drawCursor();
  }

  /**
   * @param {Plot} plot
   * @param {Second[]} seconds
   */
  #path(plot, seconds) {
    const points = seconds.map((second, at) => `${this.#x(at + 0.5).toFixed(1)} ${yOf(plot, plot.value(second, this.#storm)).toFixed(1)}`);
    return points.length > 0 ? `M${points.join('L')}` : '';
  }

  /** Each line's name at its end, one below the other. @param {Plot} plot */
  #drawNames(plot) {
    const names = CONTENDERS.flatMap(({ id, name }) => {
      const last = this.#rows[id].slice(-3);
      if (last.length === 0) return [];
      const mean = last.reduce((sum, second) => sum + plot.value(second, this.#storm), 0) / last.length;
      return [{ id, name, y: yOf(plot, mean) }];
    });
    names.sort((a, b) => a.y - b.y);
    names.forEach((entry, index) => {
      if (index > 0) entry.y = Math.max(entry.y, names[index - 1].y + LINE);
    });
    // What the lowest has too little room for, all have too little room for.
    const beyond = Math.max(0, (names.at(-1)?.y ?? 0) - (plot.top + plot.height - 2));
    for (const { id, name, y } of names) this.#marks.append(text(this.#x(this.#rows[id].length) + 6, y - beyond + 4, name, `name halo ${id}`));
  }

  /** How far a line goes that is cut off. */
  #drawPeaks() {
    /** @type {number[]} */
    const ends = [];
    const peaks = CONTENDERS.flatMap(({ id, name }) => {
      const values = this.#rows[id].map((second) => LOAD.value(second, this.#storm));
      const peak = Math.max(0, ...values);
      return peak > LOAD.most ? [{ id, name, peak, x: this.#x(values.indexOf(peak) + 0.5) }] : [];
    });
    for (const { id, name, peak, x } of peaks.sort((a, b) => a.x - b.x)) {
      const label = `↑ ${name} ${peak.toFixed(1)}×`;
      const width = label.length * CHARACTER;
      const from = Math.min(x + 4, this.#x(endOf(this.#storm)) - width);
      let row = ends.findIndex((end) => end < from);
      if (row < 0) row = ends.length;
      ends[row] = from + width + 8;
      this.#marks.append(text(from, LOAD.top + 12 + row * LINE, label, `name halo ${id}`));
    }
  }

  #drawRecovery() {
    const { seconds } = this.#storm;
    const over = WARM_UP_S + seconds;
    CONTENDERS.forEach(({ id, name }, row) => {
      if (!this.#results) return;
      const { recovery } = this.#results[id];
      const y = RECOVERY_Y + row * ROW + 6;
      const to = this.#x(recovery === null ? endOf(this.#storm) : over + recovery);
      const label = `${name} ${recoveryText(recovery)}`;
      const fits = to + 10 + label.length * CHARACTER < this.#width;
      this.#marks.append(
        svg('path', { class: `series ${id}`, d: `M${this.#x(over)} ${y}H${to}` }),
        recovery === null ? svg('path', { class: `series ${id}`, d: `M${to - 5} ${y - 4}l5 4l-5 4` }) : svg('circle', { class: `dot-of ${id}`, cx: to, cy: y, r: 4 }),
        fits ? text(to + 10, y + 4, label, `name ${id}`) : text(this.#x(over) - 8, y + 4, label, `name end ${id}`),
      );
    });
  }

  #drawCursor() {
    const x = this.#x((this.#second ?? 0) + 0.5);
    this.#cursor.setAttribute('x1', String(x));
    this.#cursor.setAttribute('x2', String(x));
    this.#cursor.setAttribute('visibility', this.#second === null ? 'hidden' : 'visible');
  }
}

/**
 * @param {Plot} plot
 * @param {number} value
 */
const yOf = ({ top, height, most }, value) => top + height * (1 - Math.min(value, most) / most);

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [attributes]
 * @returns {SVGElementTagNameMap[Tag]}
 */
function svg(tag, attributes = {}) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} content
 * @param {string} names Classes.
 */
function text(x, y, content, names) {
  const node = svg('text', { x, y, class: names });
  node.textContent = content;
  return node;
}
