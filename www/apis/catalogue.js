// @ts-check
import { byId, element } from '../element.js';
import { onLink, readLink } from '../link.js';
import { count } from '../wording.js';
import { examplesOf } from './examples.js';
import { listApis } from './list.js';
import { matches } from './search.js';

/** @typedef {import('./search.js').Api} Api */

/** How far away a part of the page is when it is made ready. */
const AHEAD = '900px';

/**
 * "Supported APIs".
 *
 * @param {import('../paste/desk.js').Desk} desk
 */
export function mountApis(desk) {
  const problem = byId('api-problem', HTMLParagraphElement);
  const apis = listApis();
  apis.then((list) => showCatalogue(list, desk)).catch(() => {
    problem.textContent = 'The list of APIs could not be fetched. Reload the page when there is a network.';
  });

  let isWanted = false;
  const openEditor = () => {
    if (isWanted) return;
    isWanted = true;
    observer.disconnect();
    import('./editor.js')
      .then(({ mountEditor }) => mountEditor(desk, apis))
      .catch(() => {
        const state = byId('dialect-state', HTMLParagraphElement);
        state.dataset.state = 'failed';
        state.textContent = 'The editor could not be fetched. Reload the page when there is a network.';
      });
  };
  const observer = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && openEditor(), { rootMargin: AHEAD });
  observer.observe(byId('editor', HTMLDivElement));
  if (readLink('apis') !== null) openEditor();
  onLink('apis', openEditor);
}

/**
 * @param {Api[]} apis
 * @param {import('../paste/desk.js').Desk} desk
 */
function showCatalogue(apis, desk) {
  const search = byId('api-search', HTMLInputElement);
  const news = byId('api-count', HTMLParagraphElement);
  const list = byId('api-list', HTMLUListElement);
  const problem = byId('api-problem', HTMLParagraphElement);
  const entries = apis.map((api) => ({ api, ...entryOf(api) }));
  let shown = entries;
  /** What was chosen last: an answer that comes late is of no use. */
  let chosen = '';

  list.replaceChildren(...entries.map(({ item }) => item));
  for (const { api, button } of entries) button.addEventListener('click', () => void open(api));
  search.addEventListener('input', filter);
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && search.value !== '') {
      event.preventDefault();
      search.value = '';
      filter();
    } else if (event.key === 'ArrowDown' && shown.length > 0) {
      event.preventDefault();
      move(0);
    }
  });
  list.addEventListener('keydown', (event) => {
    const index = shown.findIndex(({ button }) => button === event.target);
    if (index < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const columns = getComputedStyle(list).gridTemplateColumns.split(' ').length;
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: index - 1, ArrowRight: index + 1, ArrowUp: index - columns, ArrowDown: index + columns, Home: 0, End: shown.length - 1 };
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    if (moves[event.key] >= 0 && moves[event.key] < shown.length) move(moves[event.key]);
  });
  list.addEventListener('focusin', ({ target }) => {
    const index = shown.findIndex(({ item }) => target instanceof Node && item.contains(target));
    if (index >= 0) hold(index);
  });
  filter();

  function filter() {
    const query = search.value.trim();
    shown = query === '' ? entries : entries.filter(({ api }) => matches(api, query));
    for (const entry of entries) entry.item.hidden = !shown.includes(entry);
    list.scrollTop = 0;
    hold(0);
    const examples = shown.reduce((sum, { api }) => sum + api.examples, 0);
    news.textContent = shown.length === 0 ? 'None has that name. Its errors are read by what errors have in common.' : `${query === '' ? '' : `${shown.length} of `}${apis.length}, with ${count(examples, 'example')}`;
  }

  /** One entry is in the order of the Tab key: the whole list is one stop. @param {number} index */
  function hold(index) {
    for (const [at, { button, link }] of shown.entries()) {
      for (const control of [button, link]) if (control) control.tabIndex = at === index ? 0 : -1;
    }
  }

  /** @param {number} index */
  function move(index) {
    hold(index);
    shown[index].button.focus();
  }

  /** @param {Api} api */
  async function open({ id, name }) {
    chosen = id;
    problem.textContent = '';
    try {
      const [example] = await examplesOf(id);
      if (chosen !== id) return;
      desk.open(example, { api: id });
      byId('paste', HTMLElement).focus({ preventScroll: true });
    } catch {
      if (chosen === id) problem.textContent = `The examples of ${name} could not be fetched. They are not kept for a visit without a network yet.`;
    }
  }
}

/** @param {Api} api */
function entryOf({ name, source, hosts, examples }) {
  const button = element(
    'button',
    { type: 'button', class: 'api', title: name },
    element('b', {}, name),
    element('span', { class: 'number', 'aria-hidden': 'true' }, String(examples)),
    element('small', {}, hosts.join(', ') || 'known by its shape'),
    element('span', { class: 'hidden' }, count(examples, 'example')),
  );
  const link = source && element('a', { href: source, class: 'docs', target: '_blank', rel: 'noopener noreferrer', 'aria-label': `Documentation of ${name}`, title: 'Documentation' }, '↗');
  return { item: element('li', {}, button, link), button, link };
}
