// @ts-check
import { copy } from './clipboard.js';
import { element } from './element.js';
import { clock, count, duration } from './wording.js';

/**
 * @typedef {object} Facts
 * @property {import('./built/reprieve.js').Failure} failure
 * @property {import('./built/reprieve.js').Reason | null} reason `null`: it is to be sent again.
 * @property {number | null} retryAt
 * @property {boolean} maybeApplied
 * @property {string} [under] The policy that decided.
 * @property {string | null} [api] The name of the API, where it was known.
 * @property {string} [wait] The wait before the next send, in words.
 * @property {import('./built/reprieve.js').Report | null} [report]
 */

/**
 * A failure as a person reads it. Whatever the server wrote is text.
 *
 * @param {Facts} facts
 * @returns {Node[]}
 */
export function describe({ failure, reason, under, retryAt, maybeApplied, api, wait, report }) {
  return [
    element(
      'p',
      { class: 'tags' },
      tag(failure.kind, 'kind'),
      failure.status === null ? null : tag(String(failure.status), 'status'),
      tag(failure.transient ? 'transient' : 'not transient', 'transient'),
    ),
    failure.message && element('blockquote', { class: 'message', title: 'In the server’s words', 'data-fact': 'message' }, element('bdi', {}, failure.message)),
    facts({ failure, reason, under, retryAt, api, wait }),
    maybeApplied && element('p', { class: 'caution' }, 'It may have taken effect although its answer was lost. Look before you repeat it.'),
    failure.fields.length > 0 && fieldTable(failure.fields),
    failure.advice.steps.length > 0 && advice(failure.advice.steps),
    report && support(report),
  ].filter((node) => node instanceof Node);
}

/**
 * @param {string} text
 * @param {string} role
 */
const tag = (text, role) => element('span', { class: 'tag', 'data-role': role }, text);

/** @param {Pick<Facts, 'failure' | 'reason' | 'under' | 'retryAt' | 'api' | 'wait'>} of */
function facts({ failure, reason, under, retryAt, api, wait }) {
  /** @type {[string, import('./element.js').Child, string?][]} */
  const rows = [
    ['Decision', element('span', {}, reason === null ? 'send again' : element('span', {}, 'stop, ', element('code', {}, reason)), under && element('span', { class: 'muted' }, ' under ', element('code', {}, under)))],
    ['Code', failure.code && element('code', {}, failure.code), 'code'],
    ['Request id', failure.requestId && element('code', {}, failure.requestId), 'requestId'],
    ['Limit', failure.bucket && element('code', {}, failure.bucket)],
    ['Server asks for', failure.retryAfterMs !== null && duration(failure.retryAfterMs)],
    ['Next send', wait],
    ['Try again at', retryAt !== null && element('time', { datetime: new Date(retryAt).toISOString() }, clock(retryAt))],
    ['Docs', failure.docsUrl && link(failure.docsUrl), 'docsUrl'],
    ['Read as', failure.dialect ? element('span', {}, api && api !== failure.dialect ? `${api} ` : '', element('code', {}, failure.dialect)) : 'plain HTTP', 'dialect'],
  ];
  return element('dl', { class: 'facts' }, ...rows.filter(([, value]) => value).flatMap(([name, value, fact]) => [element('dt', {}, name), element('dd', { 'data-fact': fact }, value)]));
}

/**
 * A link that leads to http or https and nowhere else; any other address is shown, not linked.
 *
 * @param {string} address
 */
function link(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return element('bdi', {}, address);
  return element('a', { href: url.href, rel: 'noopener noreferrer', target: '_blank' }, url.host + (url.pathname === '/' ? '' : url.pathname));
}

/** @param {import('./built/reprieve.js').FieldError[]} fields */
function fieldTable(fields) {
  const coded = fields.some(({ code }) => code !== null);
  return element(
    'table',
    { class: 'fields', 'data-fact': 'fields' },
    element('caption', {}, `${count(fields.length, 'field')} to correct`),
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Field'), element('th', { scope: 'col' }, 'Message'), coded && element('th', { scope: 'col' }, 'Code'))),
    element(
      'tbody',
      {},
      ...fields.map(({ path, message, code }) =>
        element('tr', {}, element('th', { scope: 'row' }, element('code', {}, path)), element('td', {}, element('bdi', {}, message ?? '')), coded && element('td', {}, element('code', {}, code ?? ''))),
      ),
    ),
  );
}

/** @param {import('./built/reprieve.js').Advice['steps']} steps */
function advice(steps) {
  return element('div', { class: 'advice' }, element('h4', {}, 'What to do'), element('ol', {}, ...steps.map(({ id, text }) => element('li', { 'data-step': id }, text))));
}

/** @param {import('./built/reprieve.js').Report} report */
function support(report) {
  const text = element('pre', { class: 'report', tabindex: 0, 'aria-label': 'Report' }, JSON.stringify(report, null, 2));
  const button = element('button', { type: 'button', class: 'quiet copy' }, 'Copy');
  button.addEventListener('click', () => void copy(text, button));
  return element(
    'details',
    { class: 'support' },
    element('summary', {}, 'Report for support'),
    element('p', { class: 'hint' }, 'What support asks for, without credentials, cookies and secrets.'),
    element('div', { class: 'copyable' }, text, button),
  );
}
