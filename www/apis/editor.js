// @ts-check
import { classify, OptionsError } from '../built/reprieve.js';
import { Validator } from '../built/schema.js';
import { copy } from '../clipboard.js';
import { byId, element, say } from '../element.js';
import { onLink, pack, readLink, unpack, writeLink } from '../link.js';
import { count } from '../wording.js';
import { ACME } from './acme.js';
import { locate, MAX_CHARACTERS, readDraft } from './draft.js';
import { mountEffect } from './effect.js';
import { dialectText } from './examples.js';
import { explain } from './violations.js';

/** @typedef {import('../built/reprieve.js').Dialect} Dialect */
/** @typedef {import('./draft.js').Located} Located */

/** A pause in typing. */
const PAUSE_MS = 150;
/** More are counted, not listed. */
const MAX_LISTED = 12;

/**
 * "Write your own dialect".
 *
 * @param {import('../paste/desk.js').Desk} desk
 * @param {Promise<import('./search.js').Api[]>} apis
 */
export async function mountEditor(desk, apis) {
  const text = byId('dialect-text', HTMLTextAreaElement);
  const lines = byId('dialect-lines', HTMLDivElement);
  const state = byId('dialect-state', HTMLParagraphElement);
  const list = byId('dialect-problems', HTMLOListElement);
  const notice = byId('dialect-notice', HTMLParagraphElement);
  const start = byId('dialect-start', HTMLSelectElement);
  const copyButton = byId('dialect-copy', HTMLButtonElement);
  const schema = await fetchSchema();
  const validator = new Validator(schema, '2020-12', false);
  const effect = mountEffect(desk);

  /** What was written before it was replaced. */
  let kept = '';
  let isEdited = false;
  /** Of texts that come late only the latest counts, and of links. */
  let latest = 0;
  let latestLink = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pending;

  if (text.value === '') text.value = ACME;
  else isEdited = true;
  text.addEventListener('input', () => {
    isEdited = true;
    clearTimeout(pending);
    pending = setTimeout(() => {
      update();
      void share();
    }, PAUSE_MS);
  });
  text.addEventListener('scroll', scrollLines);
  start.addEventListener('change', () => void startFrom(start.value));
  copyButton.addEventListener('click', () => void copy(text, copyButton));
  apis.then((known) => start.append(element('optgroup', { label: 'Built in' }, ...known.map(({ id, name }) => element('option', { value: id }, name))))).catch(() => {});
  onLink('apis', (link) => void open(link));
  const link = readLink('apis');
  if (link === null || !(await open(link))) update();

  /** Says what the text is worth. */
  function update() {
    const { value, problems, isLoaded } = check(text.value);
    const results = isLoaded ? effect.show(/** @type {Dialect} */ (value)) : [];
    if (!isLoaded) effect.keep();
    const passed = results.filter(({ differences }) => differences.length === 0).length;
    const good = isLoaded && problems.length === 0 && passed === results.length;
    const words = !isLoaded ? `Does not load: ${count(problems.length, 'problem')}` : problems.length > 0 ? `Loads, with ${count(problems.length, 'problem')}` : results.length > 0 ? `Loads: ${passed} of ${count(results.length, 'example')} as expected` : 'Loads';
    state.dataset.state = good ? 'ok' : isLoaded ? 'wait' : 'failed';
    say(state, words);
    text.setAttribute('aria-invalid', String(problems.length > 0));
    list.replaceChildren(...problems.slice(0, MAX_LISTED).map(listed));
    if (problems.length > MAX_LISTED) list.append(element('li', {}, `And ${problems.length - MAX_LISTED} more.`));
    number(problems);
  }

  /**
   * @param {string} draft
   * @returns {{value: unknown, problems: Located[], isLoaded: boolean}}
   */
  function check(draft) {
    const { value, tree, problems } = readDraft(draft);
    if (problems.length > 0) return { value, problems, isLoaded: false };
    const refusal = refusalOf(value);
    const found = violationsOf(value).map((problem) => (problem.pointer === refusal?.pointer ? refusal : problem));
    if (refusal && !found.includes(refusal)) found.push(refusal);
    return { value, problems: locate(draft, tree, found), isLoaded: !refusal };
  }

  /** @param {unknown} value */
  function violationsOf(value) {
    try {
      return explain(validator.validate(value).errors, schema);
    } catch {
      // Half of a surrogate pair in a name: it cannot be a part of a pointer.
      return [{ pointer: '', reason: 'a name in it is no text' }];
    }
  }

  /** @param {Located} problem */
  function listed({ line, column, pointer, reason, start: from, end }) {
    const jump = element('button', { type: 'button', class: 'jump' }, `Line ${line}`, element('span', { class: 'hidden' }, `, column ${column}`));
    jump.addEventListener('click', () => {
      text.focus({ preventScroll: true });
      text.setSelectionRange(from, end);
      text.scrollTop = Math.max(0, (line - 4) * lineHeight());
      text.scrollIntoView({ block: 'nearest' });
    });
    return element('li', {}, jump, element('span', {}, pointer && element('code', {}, pointer), pointer && ' ', reason));
  }

  /** @param {Located[]} problems */
  function number(problems) {
    const total = text.value.split('\n').length;
    const marks = [...new Set(problems.map(({ line }) => line))].slice(0, MAX_LISTED).map((line) => {
      const mark = element('i', {});
      mark.style.setProperty('--line', String(line - 1));
      return mark;
    });
    lines.replaceChildren(Array.from({ length: total }, (_, index) => index + 1).join('\n'), ...marks);
    scrollLines();
  }

  function scrollLines() {
    lines.style.setProperty('transform', `translateY(${-text.scrollTop}px)`);
  }

  function lineHeight() {
    return Number.parseFloat(getComputedStyle(text).lineHeight);
  }

  async function share() {
    const turn = (latestLink += 1);
    const packed = text.value.length > MAX_CHARACTERS ? null : await pack(text.value);
    if (turn !== latestLink) return;
    const fits = packed !== null && writeLink('apis', `dialect=${packed}`);
    say(notice, fits ? 'The address of this page holds it, so a link shares it.' : 'It is too long for a link.');
  }

  /**
   * @param {string} link
   * @returns {Promise<boolean>} Whether it held a dialect.
   */
  async function open(link) {
    const packed = new URLSearchParams(link).get('dialect');
    if (packed === null) return false;
    const turn = (latest += 1);
    const draft = await unpack(packed);
    if (turn !== latest) return true;
    if (typeof draft !== 'string' || draft.length > MAX_CHARACTERS) {
      notice.textContent = 'The dialect in the link is damaged.';
      return false;
    }
    replace(draft);
    notice.textContent = 'This dialect came with the link.';
    byId('own-dialect', HTMLHeadingElement).scrollIntoView();
    return true;
  }

  /** @param {string} id Empty: Acme; `own`: what was written before. */
  async function startFrom(id) {
    const turn = (latest += 1);
    notice.textContent = '';
    try {
      const draft = id === 'own' ? kept : id === '' ? ACME : await dialectText(id);
      if (turn === latest) replace(draft);
    } catch {
      if (turn === latest) notice.textContent = 'It could not be fetched. It is not kept for a visit without a network yet.';
    }
  }

  /** @param {string} draft */
  function replace(draft) {
    if (isEdited) {
      kept = text.value;
      if (!start.querySelector('[value=own]')) start.prepend(element('option', { value: 'own' }, 'What you wrote'));
    }
    isEdited = start.value === 'own';
    clearTimeout(pending);
    latestLink += 1;
    text.value = draft;
    text.scrollTop = 0;
    update();
  }
}

/** @returns {Promise<import('./violations.js').Schema>} */
async function fetchSchema() {
  const response = await fetch(new URL('../built/dialects/schema.json', import.meta.url));
  if (!response.ok) throw new Error(`schema.json: ${response.status}`);
  return response.json();
}

/**
 * Why the core does not load it.
 *
 * @param {unknown} value
 * @returns {import('./draft.js').Problem | null}
 */
function refusalOf(value) {
  try {
    classify({ status: 500 }, { dialects: [/** @type {Dialect} */ (value)] });
    return null;
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    return { pointer: error.pointer.replace(/^\/dialects\/0/, ''), reason: error.reason };
  }
}
