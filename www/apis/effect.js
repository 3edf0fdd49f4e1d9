// @ts-check
import { classify } from '../built/reprieve.js';
import { byId, element } from '../element.js';
import { highlight } from '../install/highlight.js';
import { duration } from '../wording.js';
import { judge, withoutExamples } from './evidence.js';
import { readExample } from './examples.js';
import { usage } from './usage.js';

/** @typedef {import('../built/reprieve.js').Dialect} Dialect */
/** @typedef {import('../built/reprieve.js').Failure} Failure */

/** A pause in typing above. */
const PAUSE_MS = 150;
const MAX_EXAMPLES = 40;

/**
 * What a dialect does: to a response, to its own examples, and, if the visitor wants it, above.
 *
 * @param {import('../paste/desk.js').Desk} desk
 */
export function mountEffect(desk) {
  const table = byId('effect', HTMLTableElement);
  const note = byId('effect-note', HTMLParagraphElement);
  const which = byId('effect-of', HTMLSelectElement);
  const use = byId('dialect-use', HTMLInputElement);
  const evidence = byId('evidence', HTMLUListElement);
  const code = byId('dialect-code', HTMLPreElement);

  /** The last one that loads, as the core takes it. @type {Dialect | null} */
  let dialect = null;
  /** What came of its examples. @type {ReturnType<typeof judge>} */
  let results = [];
  /** @type {import('../paste/desk.js').Reading | null} */
  let reading = null;
  let hasChosen = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pending;

  use.addEventListener('change', hand);
  which.addEventListener('change', () => {
    hasChosen = true;
    compare();
  });
  desk.watch((now) => {
    reading = now;
    clearTimeout(pending);
    pending = setTimeout(compare, PAUSE_MS);
  });

  return {
    /** @param {Dialect} own One that loads. */
    show(own) {
      const isNew = JSON.stringify(dialect) !== JSON.stringify(withoutExamples(own));
      dialect = withoutExamples(own);
      results = judge(own);
      if (isNew) hand();
      evidence.replaceChildren(...results.slice(0, MAX_EXAMPLES).map((result) => shown(result, desk)));
      if (results.length === 0) evidence.append(element('li', { class: 'muted' }, 'It has none yet.'));
      code.replaceChildren(element('code', {}, ...highlight(usage(own.id))));
      const chosen = which.value;
      which.replaceChildren(which.options[0], ...results.slice(0, MAX_EXAMPLES).map(({ example }, index) => element('option', { value: index }, `Example: ${brief(example.name)}`)));
      which.value = results[Number(chosen)] ? chosen : '';
      compare();
      return results;
    },
    /** The text does not load just now. */
    keep() {
      if (dialect) note.textContent = 'As of the last version that loads.';
    },
  };

  function hand() {
    desk.read(use.checked && dialect ? [dialect] : []);
  }

  /** What a response is with the dialect, and without. */
  function compare() {
    const above = reading?.input;
    const own = dialect;
    if (!own || !above) {
      table.replaceChildren();
      note.textContent = 'The dialect has to load first.';
      return;
    }
    const isOwn = above.status !== null && classify({ ...above, status: above.status }, { dialects: [own] })?.dialect === own.id;
    if (!hasChosen) which.value = isOwn || results.length === 0 ? '' : '0';
    const chosen = which.value === '' ? null : readExample(results[Number(which.value)].example);
    const { status, headers, body, url } = chosen ?? above;
    if (status === null) {
      table.replaceChildren();
      note.textContent = 'There is none yet.';
      return;
    }
    const nowMs = Date.now();
    const [before, after] = [[], [own]].map((dialects) => rowsOf(classify({ status, headers, body, url }, { dialects, nowMs })));
    note.textContent = isOwn || (chosen && hasChosen) ? '' : chosen ? 'The response above is not this API’s: this is one of its examples.' : 'It is not this API’s: nothing in “match” fits it.';
    table.replaceChildren(
      element('thead', {}, element('tr', {}, element('td', {}), element('th', { scope: 'col' }, 'Without'), element('th', { scope: 'col' }, 'With'))),
      element('tbody', {}, ...before.map(([name, text], index) => {
        const [, other] = after[index];
        return element('tr', { 'data-changed': text !== other }, element('th', { scope: 'row' }, name), element('td', {}, element('bdi', {}, text)), element('td', {}, element('bdi', {}, other)));
      })),
    );
  }
}

const NAMES = ['Kind', 'Code', 'Message', 'Wait', 'Transient', 'Read as'];
const NONE = '–';

/**
 * @param {Failure | null} failure
 * @returns {string[][]} Names and values.
 */
function rowsOf(failure) {
  const values = failure
    ? [failure.kind, failure.code, failure.message && brief(failure.message), failure.retryAfterMs === null ? null : duration(failure.retryAfterMs), failure.transient ? 'yes' : 'no', failure.dialect ?? 'plain HTTP']
    : ['no failure'];
  return NAMES.map((name, index) => [name, values[index] ?? NONE]);
}

/** @param {string} text */
const brief = (text) => (text.length > 120 ? `${text.slice(0, 119)}…` : text);

/**
 * @param {{example: import('./evidence.js').Evidence, differences: import('./evidence.js').Difference[]}} result
 * @param {import('../paste/desk.js').Desk} desk
 */
function shown({ example, differences }, desk) {
  const button = element('button', { type: 'button', class: 'quiet', 'aria-label': `Open ${brief(example.name)}` }, 'Open');
  button.addEventListener('click', () => {
    desk.open(readExample(example));
    byId('paste', HTMLElement).focus({ preventScroll: true });
  });
  const passes = differences.length === 0;
  return element(
    'li',
    { 'data-state': passes ? 'ok' : 'failed' },
    element('span', { class: 'result' }, passes ? 'as expected' : 'differs'),
    element('span', { class: 'name' }, element('b', {}, String(example.status)), ` ${brief(example.name)}`),
    button,
    !passes && element('dl', {}, ...differences.flatMap(({ member, expected, got }) => [element('dt', {}, element('code', {}, member || 'result')), element('dd', {}, 'expected ', element('code', {}, print(expected)), ', got ', element('code', {}, print(got)))])),
  );
}

/** @param {unknown} value */
const print = (value) => brief(value === undefined ? 'nothing' : JSON.stringify(value));
