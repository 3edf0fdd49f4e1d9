// @ts-check
import { element } from '../element.js';

/**
 * Tabs with their panels. Arrow keys, Home and End move; a tab that has the focus is chosen.
 *
 * @param {HTMLElement} list Gets the tabs.
 * @param {HTMLElement} panels Gets the panels; all but the chosen one are marked `data-idle`.
 * @param {{id: string, name: string, content: Node[]}[]} pages
 */
export function makeTabs(list, panels, pages) {
  const tabs = pages.map(({ id, name }) => element('button', { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` }, name));
  const sheets = pages.map(({ id, content }) => element('div', { role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `tab-${id}` }, ...content));

  /** @param {number} chosen */
  function choose(chosen) {
    for (const [index, tab] of tabs.entries()) {
      tab.setAttribute('aria-selected', String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
      sheets[index].toggleAttribute('data-idle', index !== chosen);
    }
  }

  /** @param {number} index */
  function reveal(index) {
    const { offsetLeft, offsetWidth } = tabs[index];
    list.scrollLeft = offsetLeft - (list.clientWidth - offsetWidth) / 2;
  }

  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener('click', () => {
      choose(index);
      reveal(index);
    });
  }
  list.addEventListener('keydown', (event) => {
    const index = tabs.findIndex((tab) => tab === event.target);
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: tabs.length - 1 };
    if (index < 0 || !Object.hasOwn(moves, event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = (moves[event.key] + tabs.length) % tabs.length;
    choose(next);
    tabs[next].focus({ preventScroll: true });
    reveal(next);
  });
  list.replaceChildren(...tabs);
  panels.replaceChildren(...sheets);
  choose(0);
}
