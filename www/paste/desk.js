// @ts-check
import { examplesOf } from '../apis/examples.js';
import { classify, Policy } from '../built/reprieve.js';
import { byId, element } from '../element.js';
import { describe } from '../verdict.js';
import { count, duration, meaning, safety, stopping } from '../wording.js';
import { isMessage, parseHeaders, parseMessage, printMessage } from './message.js';

/** @typedef {import('../apis/examples.js').Example} Example */
/** @typedef {import('../built/reprieve.js').Failure} Failure */
/** @typedef {import('../built/reprieve.js').Dialect} Dialect */
/** @typedef {{status: number | null, headers: [string, string][], body: string, url: string, method: string, keyed: boolean, attempt: number}} Input */

const EXAMPLE = `HTTP/1.1 429 Too Many Requests
content-type: application/json; charset=utf-8

{
  "error": {
    "type": "rate_limit_error",
    "message": "You've made too many requests in a short space of time.",
    "more_info": "https://docs.rootplatform.com/docs/errors"
  }
}`;

/** What is on the desk, and what it means. @typedef {{input: Input, failure: Failure | null}} Reading */

/**
 * What other sections may do with it.
 *
 * @typedef {object} Desk
 * @property {(example: Example, of?: {api?: string}) => void} open Puts a response on the desk and shows it. `api`: the id of the dialect that it is an example of.
 * @property {(listener: (reading: Reading) => void) => void} watch Calls `listener` now and after every change.
 * @property {(dialects: Dialect[]) => void} read Reads responses with these dialects first. They must load.
 */

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

  /** @type {Dialect[]} */
  let dialects = [];
  /** @type {((reading: Reading) => void)[]} */
  const listeners = [];
  /** @type {Reading} */
  let reading;

  if (text.value === '') text.value = EXAMPLE;

  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', (event) => {
    if (event.target === whole || event.target === fields) switchMode();
    update();
  });
  text.addEventListener('input', () => readRequest(text.value));
  for (const box of [headers, body]) {
    box.addEventListener('paste', (event) => {
      const pasted = event.clipboardData?.getData('text/plain') ?? '';
      if (!isMessage(pasted)) return;
      event.preventDefault();
      readRequest(pasted);
      spread(pasted);
      update();
    });
  }
  switchMode();
  update();
  offerExamples(load);
  return {
    open(example) {
      load(example);
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
  }

  /** @param {Example} example */
  function load(example) {
    text.value = printMessage({ ...example, body: pretty(example.body) });
    url.value = example.url;
    method.value = 'GET';
    keyed.checked = false;
    attempt.value = '1';
    spread(text.value);
    update();
  }

  function update() {
    const { input, problems } = read();
    for (const [id, problem] of Object.entries(problems)) {
      const place = byId(id, HTMLParagraphElement);
      if (place.textContent !== problem) place.textContent = problem;
      document.querySelector(`[aria-describedby~="${id}"]`)?.setAttribute('aria-invalid', String(problem !== ''));
    }
    const { failure, state, line, nodes } = judge(input, dialects);
    sentence.dataset.state = state;
    if (sentence.textContent !== line) sentence.textContent = line;
    verdict.replaceChildren(...nodes);
    reading = { input, failure };
    for (const listener of listeners) listener(reading);
  }

  /** @returns {{input: Input, problems: Record<string, string>}} */
  function read() {
    const message = fields.checked ? { status: readStatus(status.value), body: body.value, ...parseHeaders(headers.value) } : parseMessage(text.value);
    const known = message.status !== null && message.status >= 100 && message.status <= 999;
    const outOfRange = 'A status is a number from 100 to 999.';
    const address = url.value.trim();
    const sends = Number(attempt.value);
    const sendsFit = Number.isInteger(sends) && sends >= 1 && sends <= 100;
    const wholeProblem = message.status !== null && !known ? outOfRange : message.problems.join(' ');
    return {
      input: {
        status: known ? message.status : null,
        headers: message.headers,
        body: message.body,
        url: URL.canParse(address) ? address : '',
        method: method.value,
        keyed: keyed.checked,
        attempt: sendsFit ? sends : 1,
      },
      problems: {
        'text-problem': fields.checked ? '' : wholeProblem,
        'status-problem': fields.checked && !known ? outOfRange : '',
        'headers-problem': fields.checked ? message.problems.join(' ') : '',
        'url-problem': address === '' || URL.canParse(address) ? '' : 'Left out: an address begins with https:// and a host.',
        'attempt-problem': sendsFit ? '' : 'A whole number from 1 to 100.',
      },
    };
  }
}

/** @param {string} text */
const readStatus = (text) => (/^\d{3}$/.test(text.trim()) ? Number(text) : null);

/**
 * @param {Input} input
 * @param {Dialect[]} dialects
 * @returns {{failure: Failure | null, state: string, line: string, nodes: Node[]}}
 */
function judge({ status, headers, body, url, method, keyed, attempt }, dialects) {
  if (status === null) return { failure: null, state: 'empty', line: 'Waiting for a status.', nodes: [] };
  const failure = classify({ status, headers, body, url }, { dialects });
  const isRead = status >= 200 && status < 300;
  if (!failure) return { failure, state: 'ok', line: `Nothing failed: ${status}${isRead ? ', and no error in the body' : ' is not an error'}.`, nodes: [] };

  const situation = { method, keyed, attempt };
  // The two ends of the random wait, each from a policy that has spent nothing yet.
  const [soonest, latest] = [0, 1 - Number.EPSILON].map((random) => new Policy().decide(failure, { ...situation, random }));
  if (soonest.retry && latest.retry) {
    const wait = waiting(soonest.delayMs, latest.delayMs);
    return {
      failure,
      state: 'wait',
      line: `${meaning(failure)} Wait ${wait}, then send it again: ${safety(situation)}.`,
      nodes: describe({ failure, reason: null, retryAt: null, maybeApplied: false, wait: `after ${wait}` }),
    };
  }
  const { reason, retryAt, maybeApplied } = soonest.retry ? latest : soonest;
  const fields = failure.fields.length > 0 && !failure.transient ? ` Correct ${count(failure.fields.length, 'field')} first.` : '';
  return {
    failure,
    state: 'failed',
    line: `${meaning(failure)} ${stopping(reason ?? 'not_transient', { failure, keyed, attempt })}${fields}`,
    nodes: describe({ failure, reason: reason ?? 'not_transient', retryAt, maybeApplied }),
  };
}

/**
 * @param {number} least
 * @param {number} most
 */
function waiting(least, most) {
  const [low, high] = [duration(least), duration(most)];
  if (low === high) return low;
  return least < 1 ? `up to ${high} (at random)` : `${low} to ${high}`;
}

/** @param {string} body */
function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** Whose errors to begin with. */
const APIS = { rooom: 'rooom', root: 'Root', stripe: 'Stripe', openai: 'OpenAI', anthropic: 'Anthropic', github: 'GitHub', 'aws-json': 'AWS', 'google-rpc': 'Google', shopify: 'Shopify', slack: 'Slack', discord: 'Discord', twilio: 'Twilio', paypal: 'PayPal', 'cloudflare-edge': 'Cloudflare' };

/**
 * @param {(example: Example) => void} load
 */
function offerExamples(load) {
  const place = byId('samples', HTMLDivElement);
  const apis = byId('sample-apis', HTMLDivElement);
  apis.replaceChildren(
    ...Object.entries(APIS).map(([id, name]) => {
      const chip = element('button', { type: 'button', class: 'chip' }, name);
      chip.addEventListener('click', () => void show(id));
      return chip;
    }),
  );

  /** @param {string} id */
  async function show(id) {
    const examples = await examplesOf(id);
    load(examples[0]);
    place.replaceChildren(
      ...examples.map((example) => {
        const chip = element('button', { type: 'button', class: 'chip' }, element('b', {}, String(example.status)), ' ', example.name.replace(new RegExp(`^${example.status} `), ''));
        chip.addEventListener('click', () => load(example));
        return chip;
      }),
    );
  }
}
