// @ts-check
import { copyText } from '../clipboard.js';
import { byId, element, say } from '../element.js';
import { linkTo, onLink, pack, readLink, unpack, writeLink } from '../link.js';
import { mountPolicyForm } from '../policy/form.js';
import { describe } from '../verdict.js';
import { count, duration, meaning, safety, stopping } from '../wording.js';
import { because, deciders } from './because.js';
import { Chips, nameOf } from './chips.js';
import { judgeBy } from './judge.js';
import { Marks } from './marks.js';
import { inText, isHeader, isMessage, parseHeaders, parseMessage, printMessage } from './message.js';
import { readState } from './state.js';
import { whyOf } from './why.js';

/** @typedef {import('../apis/examples.js').Example} Example */
/** @typedef {import('../built/reprieve.js').Dialect} Dialect */
/** @typedef {import('../built/reprieve.js').Failure} Failure */
/** @typedef {import('./judge.js').Verdict} Verdict */
/** @typedef {import('./message.js').Range} Range */
/** @typedef {import('./state.js').State} State */
/** @typedef {import('./why.js').Part} Part */

/** `status` is `null` while none can be read. @typedef {Omit<import('./judge.js').Given, 'status'> & {status: number | null}} Input */
/** What is on the desk, and what it means. @typedef {{input: Input, failure: Failure | null}} Reading */

/**
 * What other sections may do with it.
 *
 * @typedef {object} Desk
 * @property {(example: Example, of?: {api?: string}) => void} open Puts a response on the desk and shows it, with the other examples of its API.
 * @property {(listener: (reading: Reading) => void) => void} watch Calls `listener` now and after every change.
 * @property {(dialects: Dialect[]) => void} read Reads responses with these dialects first. They must load.
 */

/** @type {State} */
const FIRST = {
  mode: 'whole',
  text: `HTTP/2 429
content-type: application/json
retry-after: 3
x-request-id: req_81f2c0

{
  "error": {
    "code": "rate_limit_exceeded",
    "message": "Rate limit exceeded. Try again later."
  }
}`,
  status: '',
  headers: '',
  body: '',
  url: 'https://api.rooom.com/v1/spaces',
  method: 'GET',
  keyed: false,
  attempt: '1',
  api: 'rooom',
  policy: 'default',
};

/** Where a response came without its status. */
const STATUSES = [400, 401, 403, 404, 409, 422, 429, 500, 502, 503];

/** A screen reader is told when the visitor pauses, not at every key. */
const PAUSE_MS = 500;

/**
 * "Paste a failed response": a verdict on every keystroke.
 *
 * @returns {Desk}
 */
export function mountDesk() {
  const form = byId('paste-form', HTMLFormElement);
  const text = byId('paste-text', HTMLTextAreaElement);
  const status = byId('paste-status', HTMLInputElement);
  const headers = byId('paste-headers', HTMLTextAreaElement);
  const body = byId('paste-body', HTMLTextAreaElement);
  const url = byId('paste-url', HTMLInputElement);
  const method = byId('paste-method', HTMLSelectElement);
  const keyed = byId('paste-keyed', HTMLInputElement);
  const attempt = byId('paste-attempt', HTMLInputElement);
  const whole = byId('mode-whole', HTMLInputElement);
  const fields = byId('mode-fields', HTMLInputElement);
  const verdict = byId('paste-verdict', HTMLDivElement);
  const sentence = byId('paste-sentence', HTMLParagraphElement);
  const spoken = byId('paste-spoken', HTMLParagraphElement);
  const statuses = byId('paste-statuses', HTMLDivElement);
  const share = byId('paste-share', HTMLButtonElement);
  const marks = { text: new Marks(text), headers: new Marks(headers), body: new Marks(body) };
  const chips = new Chips((example) => {
    load(example);
    void changed();
  });

  /** The response that was put here last. */
  let sample = { text: '', url: '' };
  const policy = mountPolicyForm(byId('paste-policy', HTMLDivElement), { onChange: () => void changed() });
  /** @type {Dialect[]} */
  let dialects = [];
  /** @type {((reading: Reading) => void)[]} */
  const listeners = [];
  /** @type {Reading} */
  let reading;
  let asking = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let speaking;

  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', (event) => {
    if (event.target === whole || event.target === fields) switchMode();
    if (event.target === text) {
      if (isOther(text.value, sample.text) && url.value === sample.url) leaveSample();
      readRequest(text.value);
    }
    void changed();
  });
  for (const box of [headers, body]) {
    box.addEventListener('paste', (event) => {
      const pasted = event.clipboardData?.getData('text/plain') ?? '';
      if (!isMessage(pasted)) return;
      event.preventDefault();
      readRequest(pasted);
      spread(pasted);
      void changed();
    });
  }
  byId('paste-clear', HTMLButtonElement).addEventListener('click', () => {
    show({ ...FIRST, mode: fields.checked ? 'fields' : 'whole', text: '', api: null, policy: policy.value() });
    leaveSample();
    void changed();
    (fields.checked ? status : text).focus();
  });
  statuses.replaceChildren(
    ...STATUSES.map((code) => {
      const button = element('button', { type: 'button', class: 'chip' }, String(code));
      button.addEventListener('click', () => {
        // What begins with a header is a head without its first line, as some tools copy it.
        const rest = text.value.trimStart();
        text.value = `HTTP/1.1 ${code}\n${isHeader(rest.split('\n')[0]) ? '' : '\n'}${rest}`;
        void changed();
        text.focus();
      });
      return button;
    }),
  );
  share.addEventListener('click', async () => void copyText(linkTo('paste', await pack(state())), share));
  verdict.addEventListener('pointerover', (event) => point(event.target));
  verdict.addEventListener('pointerleave', () => point(null));

  show(FIRST);
  const linked = readLink('paste');
  if (linked !== null) void open(linked);
  onLink('paste', (packed) => void open(packed));
  update();

  return {
    open(example, { api } = {}) {
      load(example);
      void chips.choose(api ?? null);
      void changed();
      byId('paste', HTMLElement).scrollIntoView();
    },
    watch(listener) {
      listeners.push(listener);
      listener(reading);
    },
    read(own) {
      dialects = own;
      update();
    },
  };

  /** @param {string} packed */
  async function open(packed) {
    const linked = readState(await unpack(packed));
    if (!linked) return;
    show(linked);
    update();
  }

  /** @param {State} to */
  function show(to) {
    whole.checked = to.mode === 'whole';
    fields.checked = to.mode === 'fields';
    form.dataset.mode = to.mode;
    [text.value, status.value, headers.value, body.value] = [to.text, to.status, to.headers, to.body];
    [url.value, method.value, keyed.checked, attempt.value] = [to.url, to.method, to.keyed, to.attempt];
    policy.set(to.policy);
    void chips.choose(to.api);
    sample = { text: to.text, url: to.url };
  }

  /** What is in the box now did not come from the sample's address. */
  function leaveSample() {
    url.value = '';
    sample = { text: '', url: '' };
    void chips.choose(null);
  }

  /** @returns {State} */
  function state() {
    const shared = { url: url.value, method: method.value, keyed: keyed.checked, attempt: attempt.value, api: chips.chosen, policy: policy.value() };
    if (fields.checked) return { ...shared, mode: 'fields', text: '', status: status.value, headers: headers.value, body: body.value };
    return { ...shared, mode: 'whole', text: text.value, status: '', headers: '', body: '' };
  }

  /** The visitor did something: the address says so, too. */
  async function changed() {
    update();
    const packed = await pack(state());
    byId('paste-long', HTMLElement).hidden = writeLink('paste', packed);
  }

  /** Brings the other form of the same response up to date, and shows it. */
  function switchMode() {
    if (fields.checked && form.dataset.mode === 'whole') spread(text.value);
    if (whole.checked && form.dataset.mode === 'fields') {
      text.value = printMessage({ status: Number(status.value) || 0, headers: parseHeaders(headers.value).headers, body: body.value });
    }
    form.dataset.mode = fields.checked ? 'fields' : 'whole';
  }

  /** @param {string} pasted */
  function spread(pasted) {
    const message = parseMessage(pasted);
    status.value = message.status === null ? '' : String(message.status);
    headers.value = message.headers.map(([name, value]) => `${name}: ${value}`).join('\n');
    body.value = message.body;
  }

  /**
   * What a pasted `curl` session tells of the request.
   *
   * @param {string} pasted
   */
  function readRequest(pasted) {
    const message = parseMessage(pasted);
    if (message.url) url.value = message.url;
    if (message.method && [...method.options].some(({ value }) => value === message.method)) method.value = message.method;
    if (message.keyed) keyed.checked = true;
  }

  /** @param {Example} example */
  function load(example) {
    text.value = printMessage({ ...example, body: pretty(example.body) });
    url.value = example.url;
    method.value = 'GET';
    keyed.checked = false;
    attempt.value = '1';
    sample = { text: text.value, url: url.value };
    spread(text.value);
  }

  function update() {
    const { input, problems, locate } = read();
    for (const [id, problem] of Object.entries(problems)) {
      say(byId(id, HTMLParagraphElement), problem);
      document.querySelector(`[aria-describedby~="${id}"]`)?.setAttribute('aria-invalid', String(problem !== ''));
    }
    const start = text.value.trimStart().split('\n')[0];
    statuses.hidden = !whole.checked || input.status !== null || !(/^[{[<]/.test(start) || isHeader(start));

    asking.abort();
    asking = new AbortController();
    const { status: code } = input;
    /** @type {Failure | null} */
    let failure = null;
    if (code === null) answer('empty', 'Waiting for a status.', []);
    else {
      const given = { ...input, status: code };
      const judge = judgeBy({ policy: policy.value(), dialects, nowMs: Date.now() });
      const judged = judge(given);
      failure = judged.failure;
      if (!judged.failure || !judged.decision) {
        answer('ok', `Nothing failed: ${code}${code >= 200 && code < 300 ? ', and no error in the body' : ' is not an error'}.`, []);
      } else {
        const { failure, decision } = judged;
        const api = nameOf(failure.dialect);
        const wait = decision.retry ? waiting(decision) : undefined;
        const reasons = because({ given, failure, decision, api });
        const fields = failure.fields.length > 0 && !failure.transient ? ` Correct ${count(failure.fields.length, 'field')} first.` : '';
        const line = wait
          ? `${meaning(failure)} Wait ${wait}, then send it again: ${safety(given)}.`
          : `${meaning(failure)} ${stopping(decision.reason ?? 'not_transient', { failure, keyed: input.keyed, attempt: input.attempt })}${fields}`;
        answer(wait ? 'wait' : 'failed', line, [...describe({ ...decision, failure, api, under: nameOfPolicy(policy.value()), wait: wait && `after ${wait}` }), reasons]);
        const { signal } = asking;
        // The verdict is shown before its reasons are looked for.
        setTimeout(async () => {
          const parts = signal.aborted ? [] : await whyOf(given, judge, signal);
          if (signal.aborted) return;
          highlight(parts.flatMap((part) => locate(part).map(({ box, range }) => ({ box, range, role: part.role }))));
          const names = deciders(parts, given);
          if (names) reasons.append(element('p', { class: 'hint' }, element('mark', { 'data-role': 'decides' }, 'Decided'), ' by ', element('bdi', {}, names), '.'));
        });
      }
    }
    if (!failure) highlight([]);
    reading = { input, failure };
    for (const listener of listeners) listener(reading);
  }

  /**
   * @param {string} to
   * @param {string} line
   * @param {Node[]} nodes
   */
  function answer(to, line, nodes) {
    sentence.dataset.state = to;
    say(sentence, line);
    verdict.replaceChildren(...nodes);
    clearTimeout(speaking);
    speaking = setTimeout(() => say(spoken, line), PAUSE_MS);
  }

  /** @param {{box: Box, range: Range, role: string}[]} found */
  function highlight(found) {
    for (const [name, area] of /** @type {[Box, Marks][]} */ (Object.entries(marks))) area.show(found.filter(({ box }) => box === name));
    status.classList.toggle('decides', found.some(({ box, role }) => box === 'status' && role === 'decides'));
  }

  /** Brings out the bytes behind the fact under the pointer. @param {EventTarget | null} target */
  function point(target) {
    const fact = target instanceof Element ? target.closest('[data-fact]')?.getAttribute('data-fact') : null;
    form.dataset.fact = fact ?? '';
  }

  /** @typedef {'text' | 'status' | 'headers' | 'body'} Box */

  /** @returns {{input: Input, problems: Record<string, string>, locate: (part: Part) => {box: Box, range: Range}[]}} */
  function read() {
    const message = fields.checked ? null : parseMessage(text.value);
    const separate = parseHeaders(headers.value);
    const code = message ? message.status : readStatus(status.value);
    const known = code !== null && code >= 100 && code <= 999;
    const outOfRange = 'A status is a number from 100 to 999.';
    const address = url.value.trim();
    const sends = Number(attempt.value);
    const sendsFit = Number.isInteger(sends) && sends >= 1 && sends <= 100;
    return {
      input: {
        status: known ? code : null,
        headers: message ? message.headers : separate.headers,
        body: message ? message.body : body.value,
        url: URL.canParse(address) ? address : '',
        method: method.value,
        keyed: keyed.checked,
        attempt: sendsFit ? sends : 1,
      },
      problems: {
        'text-problem': !message ? '' : code !== null && !known ? outOfRange : message.problems.join(' '),
        'status-problem': !message && !known ? outOfRange : '',
        'headers-problem': message ? '' : separate.problems.join(' '),
        'url-problem': address === '' || URL.canParse(address) ? '' : 'Left out: an address begins with https:// and a host.',
        'attempt-problem': sendsFit ? '' : 'A whole number from 1 to 100.',
      },
      locate({ where, index, range }) {
        if (!message) {
          if (where === 'status') return [{ box: 'status', range: [0, 3] }];
          return [where === 'header' ? { box: 'headers', range: separate.places[index] } : { box: 'body', range }];
        }
        const { places } = message;
        const ranges = where === 'body' ? inText(places.body, range) : [where === 'header' ? places.headers[index] : places.status];
        return ranges.flatMap((found) => (found ? { box: /** @type {const} */ ('text'), range: found } : []));
      },
    };
  }
}

/**
 * Whether it is another response, and not the same one edited: less than half of it is left.
 *
 * @param {string} text
 * @param {string} before
 */
function isOther(text, before) {
  const least = Math.min(text.length, before.length);
  let first = 0;
  while (first < least && text[first] === before[first]) first += 1;
  let last = 0;
  while (last < least - first && text.at(-1 - last) === before.at(-1 - last)) last += 1;
  return first + last < before.length / 2;
}

/** @param {string} text */
const readStatus = (text) => (/^\d{3}$/.test(text.trim()) ? Number(text) : null);

/** @param {State['policy']} policy */
const nameOfPolicy = (policy) => (typeof policy === 'string' ? policy : `${policy.preset ?? 'default'}, changed`);

/** @param {Verdict} decision */
function waiting({ least, most }) {
  const [low, high] = [duration(least ?? 0), duration(most ?? 0)];
  if (low === high) return low;
  return (least ?? 0) < 1 ? `up to ${high} (at random)` : `${low} to ${high}`;
}

/** @param {string} body */
function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
