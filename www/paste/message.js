// @ts-check

/**
 * A response as people copy it: status, headers, body, and what can be told of its request.
 *
 * @typedef {object} Message
 * @property {number | null} status
 * @property {[string, string][]} headers
 * @property {string} body
 * @property {string | null} method
 * @property {string | null} url
 * @property {boolean} keyed The request that was copied with it carries an idempotency key.
 * @property {string[]} problems Lines that were not understood, in words.
 * @property {Places} places
 */

/** From and to, in UTF-16 units of the text. @typedef {[number, number]} Range */

/** A line, and where it begins in the text. @typedef {{text: string, at: number}} Line */

/**
 * Where in the text it stands.
 *
 * @typedef {object} Places
 * @property {Range | null} status
 * @property {Range[]} headers The value of each.
 * @property {Line[]} body Its lines.
 */

const STATUS_LINE = /^(?:HTTP\/\d(?:\.\d)?\s+)?(\d{3})(?:\s+.*)?$/i;
const HTTP_LINE = /^HTTP\/\d(?:\.\d)?\s+\d{3}(?:\s|$)/i;
const REQUEST_LINE = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s+(\S+)\s+HTTP\/\d/i;
const COMMAND = /^\s*[$%>]?\s*curl\s/;
const KEY_HEADER = /idempotency-key\s*:/i;

/**
 * Reads what `curl -i` or `curl -v` printed, or an HTTP exchange as text. Of several heads (proxy, 100 Continue, redirects) the last counts.
 *
 * @param {string} text
 * @returns {Message}
 */
export function parseMessage(text) {
  const lines = splitLines(text);
  const verbose = lines.some((line) => /^< HTTP\//i.test(line.text));
  const rest = verbose ? answerOf(lines) : lines;
  const start = startOf(rest);
  const match = start < 0 ? null : STATUS_LINE.exec(rest[start].text.trim());
  const request = readRequest(match ? lines.slice(0, lines.findIndex(({ at }) => at >= rest[start].at)) : []);
  if (!match) {
    return { ...request, status: null, headers: [], body: text, problems: ['There is no status line, such as “HTTP/1.1 429 Too Many Requests”.'], places: { status: null, headers: [], body: lines } };
  }
  const end = rest.findIndex((line, index) => index > start && line.text.trim() === '');
  const head = rest.slice(start + 1, end < 0 ? undefined : end);
  const body = end < 0 ? [] : rest.slice(end + 1);
  const { headers, places, problems } = readHeaders(head, (line) => text.slice(0, line.at).split('\n').length);
  const statusAt = rest[start].at + rest[start].text.indexOf(match[1], /^\s*HTTP/i.test(rest[start].text) ? 6 : 0);
  return {
    ...request,
    status: Number(match[1]),
    headers,
    body: body.map((line) => line.text).join('\n'),
    problems,
    places: { status: [statusAt, statusAt + 3], headers: places, body },
  };
}

/** @param {string} text */
export const isMessage = (text) => text.split('\n').some((line) => HTTP_LINE.test(line.replace(/^< /, '')));

/** @param {string} line */
export const isHeader = (line) => /^[\w-]+:\s/.test(line) && !COMMAND.test(line);

/**
 * @param {string} text `name: value` lines.
 * @returns {{headers: [string, string][], problems: string[], places: Range[]}}
 */
export function parseHeaders(text) {
  const lines = splitLines(text);
  return readHeaders(lines, (line) => lines.indexOf(line) + 1);
}

/**
 * The ranges of the text in which a part of the body stands: one for each of its lines.
 *
 * @param {Line[]} lines
 * @param {Range} part Of the body.
 * @returns {Range[]}
 */
export function inText(lines, [from, to]) {
  const ranges = [];
  let begin = 0;
  for (const { text, at } of lines) {
    const first = Math.max(from, begin);
    const last = Math.min(to, begin + text.length);
    if (first < last) ranges.push(/** @type {Range} */ ([at + first - begin, at + last - begin]));
    begin += text.length + 1;
    if (begin > to) break;
  }
  return ranges;
}

/**
 * The reverse of `parseMessage`.
 *
 * @param {{status: number, headers: Iterable<readonly [string, string]>, body: string}} message
 */
export function printMessage({ status, headers, body }) {
  return [`HTTP/1.1 ${status}`, ...[...headers].map(([name, value]) => `${name}: ${value}`), '', body].join('\n');
}

/**
 * @param {string} text
 * @returns {Line[]}
 */
function splitLines(text) {
  const lines = [];
  let at = 0;
  for (const line of text.split('\n')) {
    lines.push({ text: line.endsWith('\r') ? line.slice(0, -1) : line, at });
    at += line.length + 1;
  }
  return lines;
}

/**
 * @param {Line[]} lines
 * @param {(line: Line) => number} numberOf The number of a line, for people.
 * @returns {{headers: [string, string][], problems: string[], places: Range[]}}
 */
function readHeaders(lines, numberOf) {
  /** @type {[string, string][]} */
  const headers = [];
  /** @type {Range[]} */
  const places = [];
  const problems = [];
  for (const line of lines) {
    if (line.text.trim() === '') continue;
    const colon = line.text.indexOf(':', 1);
    const name = line.text.slice(0, Math.max(colon, 0)).trim();
    if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      const value = line.text.slice(colon + 1);
      const from = line.at + colon + 1 + value.length - value.trimStart().length;
      headers.push([name, value.trim()]);
      places.push([from, from + value.trim().length]);
    } else problems.push(`Line ${numberOf(line)} is left out: it does not read “name: value”.`);
  }
  return { headers, problems, places };
}

/**
 * The line on which the answer begins that counts: the last of those to CONNECT, 100 Continue, redirects and the request itself.
 *
 * @param {Line[]} lines
 */
function startOf(lines) {
  const next = (/** @type {number} */ from) => lines.findIndex(({ text }, index) => index >= from && HTTP_LINE.test(text));
  let start = next(0);
  if (start < 0) return lines.findIndex(({ text }) => text.trim() !== '');
  for (;;) {
    const from = start;
    const end = lines.findIndex(({ text }, index) => index > from && text.trim() === '');
    const following = end < 0 ? -1 : next(end);
    const preliminary = Number(STATUS_LINE.exec(lines[start].text.trim())?.[1]) < 400;
    if (following < 0 || !(preliminary || following === end + 1)) return start;
    start = following;
  }
}

/**
 * What curl -v says of the answer: `<` lines are its head, lines without a mark its body.
 *
 * @param {Line[]} lines
 * @returns {Line[]}
 */
function answerOf(lines) {
  const rest = [];
  let heads = 0;
  for (const { text, at } of lines) {
    if (/^<( |$)/.test(text)) {
      heads += 1;
      rest.push({ text: text.slice(2), at: at + Math.min(2, text.length) });
    } else if (heads > 0 && !/^([*>]( |$)|[{}] \[\d+ bytes data\])/.test(text)) rest.push({ text, at });
  }
  return rest;
}

/**
 * @param {Line[]} lines What stands before the answer.
 * @returns {{method: string | null, url: string | null, keyed: boolean}}
 */
function readRequest(lines) {
  const texts = lines.map(({ text }) => text);
  const keyed = texts.some((text) => KEY_HEADER.test(text));
  const from = texts.findIndex((text) => COMMAND.test(text));
  if (from >= 0) {
    // A command goes on after a backslash.
    let to = from + 1;
    while (texts[to - 1].endsWith('\\') && to < texts.length) to += 1;
    const command = texts.slice(from, to).join(' ');
    const method = /\s(?:-X|--request)[ =]?["']?([A-Z]+)/.exec(command)?.[1] ?? (/\s(?:-d|--data\S*|--json)\s/.test(command) ? 'POST' : 'GET');
    return { method, url: /["']?(https?:\/\/[^\s"']+)/.exec(command)?.[1] ?? null, keyed };
  }
  const sent = texts.map((text) => text.replace(/^> /, ''));
  const line = sent.map((text) => REQUEST_LINE.exec(text)).find((match) => match);
  const host = sent.map((text) => /^host:\s*(\S+)/i.exec(text)?.[1]).find((name) => name);
  const path = line?.[2] ?? '';
  return { method: line?.[1].toUpperCase() ?? null, url: /^https?:/.test(path) ? path : host && path.startsWith('/') ? `https://${host}${path}` : null, keyed };
}
