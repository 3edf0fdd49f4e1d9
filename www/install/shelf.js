// @ts-check
import { copy } from '../clipboard.js';
import { byId, element } from '../element.js';
import { sameAnswer } from './answer.js';
import { highlight } from './highlight.js';
import { SNIPPETS } from './snippets.js';
import { makeTabs } from './tabs.js';

/** A pause in typing. */
const PAUSE_MS = 200;

/** @typedef {Record<string, {minified: number, brotli: number}>} Sizes */

/**
 * "Copy this".
 *
 * @param {import('../paste/desk.js').Desk} desk
 */
export function mountInstall(desk) {
  const tables = SNIPPETS.map(() => element('table', { class: 'weights' }));
  makeTabs(byId('library-tabs', HTMLDivElement), byId('library-panels', HTMLDivElement), SNIPPETS.map(({ id, name, about, code }, index) => {
    return { id, name, content: [copyable(code, `Code for ${name}`), element('div', { class: 'about' }, element('p', {}, about), tables[index])] };
  }));
  void fetch(new URL('../built/sizes.json', import.meta.url))
    .then((response) => response.json())
    .then((/** @type {Sizes} */ sizes) => {
      for (const [index, snippet] of SNIPPETS.entries()) fillWeights(tables[index], snippet, sizes);
    })
    // Without a network the table stays away; the code is there.
    .catch(() => {});
  followDesk(desk);
}

/**
 * @param {string} code
 * @param {string} label
 */
function copyable(code, label) {
  const text = element('pre', { tabindex: 0, role: 'region', 'aria-label': label }, element('code', {}, ...highlight(code)));
  const button = element('button', { type: 'button', class: 'quiet copy' }, 'Copy');
  button.addEventListener('click', () => void copy(text, button));
  return element('div', { class: 'copyable long' }, text, button);
}

/**
 * @param {HTMLTableElement} table
 * @param {import('./snippets.js').Snippet} snippet
 * @param {Sizes} sizes
 */
function fillWeights(table, { id, name, decides }, sizes) {
  /** @type {[string, string][]} */
  const rows = [['reprieve itself', 'index']];
  if (id !== 'fetch') rows.unshift([`For ${name}`, `adapters/${id}`]);
  if (decides) rows.splice(1, 0, ['Shared, once', 'adapters/decide']);
  table.replaceChildren(
    element('caption', { class: 'hidden' }, 'Size'),
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Size'), element('th', { scope: 'col' }, 'minified'), element('th', { scope: 'col' }, 'brotli'))),
    element('tbody', {}, ...rows.map(([what, file]) => element('tr', {}, element('th', { scope: 'row' }, what), element('td', {}, bytes(sizes[file].minified)), element('td', {}, bytes(sizes[file].brotli))))),
  );
}

/** @param {number} number */
const bytes = (number) => (number < 1000 ? `${number} B` : `${(number / 1000).toFixed(1)} KB`);

/**
 * The programs about what is on the desk, while a visitor looks at them.
 *
 * @param {import('../paste/desk.js').Desk} desk
 */
function followDesk(desk) {
  const box = byId('same-answer', HTMLDivElement);
  const note = byId('answer-note', HTMLParagraphElement);
  const places = { rust: byId('rust-program', HTMLPreElement), javascript: byId('javascript-program', HTMLPreElement), result: byId('both-print', HTMLPreElement) };
  /** @type {import('../paste/desk.js').Reading | null} */
  let reading = null;
  let isSeen = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pending;

  new IntersectionObserver((entries) => {
    isSeen = entries[entries.length - 1].isIntersecting;
    show();
  }, { rootMargin: '400px' }).observe(box);
  desk.watch((latest) => {
    reading = latest;
    clearTimeout(pending);
    pending = setTimeout(show, PAUSE_MS);
  });

  function show() {
    if (!isSeen || !reading) return;
    const { input, failure } = reading;
    reading = null;
    const answer = sameAnswer(input, Date.now());
    box.toggleAttribute('data-empty', typeof answer === 'string');
    if (typeof answer === 'string') {
      note.textContent = answer;
      for (const place of Object.values(places)) place.replaceChildren();
      return;
    }
    note.textContent = failure?.dialect === answer.failure?.dialect ? '' : 'These programs read it without your own dialect, so they say something else than the verdict above.';
    for (const [name, place] of Object.entries(places)) place.replaceChildren(element('code', {}, ...highlight(answer[/** @type {keyof typeof places} */ (name)])));
  }
}
