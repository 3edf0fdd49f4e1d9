// @ts-check
import { element } from '../element.js';

/** @typedef {import('./message.js').Range} Range */
/** @typedef {{range: Range, role: string}} Mark */

/** A longer text gets no marks: two copies of it would have to be laid out. */
const MOST_CHARACTERS = 100_000;

/** Marks in a text area: a copy of its text behind it, of which only the marks are seen. */
export class Marks {
  #area;
  #copy = element('div', { class: 'marks', 'aria-hidden': 'true' });

  /** @param {HTMLTextAreaElement} area */
  constructor(area) {
    this.#area = area;
    const frame = element('div', { class: 'marked' });
    area.replaceWith(frame);
    frame.append(this.#copy, area);
    area.addEventListener('scroll', () => this.#follow(), { passive: true });
  }

  /** @param {Mark[]} marks */
  show(marks) {
    const text = this.#area.value;
    const nodes = [];
    let done = 0;
    if (text.length <= MOST_CHARACTERS) {
      for (const { range, role } of marks.toSorted((a, b) => a.range[0] - b.range[0])) {
        const [from, to] = range;
        if (from < done || to <= from) continue;
        nodes.push(text.slice(done, from), element('mark', { 'data-role': role }, text.slice(from, to)));
        done = to;
      }
      // A last line that is empty counts, as it does in the area.
      nodes.push(`${text.slice(done)}\n`);
    }
    this.#copy.replaceChildren(...nodes);
    this.#follow();
  }

  #follow() {
    this.#copy.scrollTop = this.#area.scrollTop;
  }
}
