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
 * @property {string[]} problems Lines that were not understood, in words.
 */

const STATUS_LINE = /^(?:HTTP\/\d(?:\.\d)?\s+)?(\d{3})(?:\s+.*)?$/i;
const HTTP_LINE = /^HTTP\/\d(?:\.\d)?\s+\d{3}(?:\s|$)/i;
const REQUEST_LINE = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s+(\S+)\s+HTTP\/\d/i;
const COMMAND = /^\s*[$%]?\s*curl\s/;

/**
 * Reads what `curl -i` or `curl -v` printed, or an HTTP response as text. Of several heads (proxy, 100 Continue, redirects) the last counts.
 *
 * @param {string} text
 * @returns {Message}
 */
export function parseMessage(text) {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const request = readRequest(lines);
  const verbose = lines.some((line) => /^< HTTP\//i.test(line));
  const rest = verbose ? answerOf(lines) : lines;
  const start = startOf(rest);
  const match = start < 0 ? null : STATUS_LINE.exec(rest[start].trim());
  if (!match) {
    return { ...request, status: null, headers: [], body: text, problems: ['There is no status line. The first line should read like “HTTP/1.1 429 Too Many Requests”.'] };
  }
  const end = rest.findIndex((line, index) => index > start && line.trim() === '');
  const head = rest.slice(start + 1, end < 0 ? undefined : end);
  const body = end < 0 ? '' : rest.slice(end + 1).join('\n');
  return { ...request, status: Number(match[1]), ...parseHeaders(head.join('\n'), start + 2), body };
}

/** @param {string} text */
export const isMessage = (text) => text.split('\n').some((line) => HTTP_LINE.test(line.replace(/^< /, '')));

/**
 * @param {string} text `name: value` lines.
 * @param {number} [first] The number of the first line, for people.
 * @returns {{headers: [string, string][], problems: string[]}}
 */
export function parseHeaders(text, first = 1) {
  /** @type {[string, string][]} */
  const headers = [];
  const problems = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':', 1);
    const name = line.slice(0, Math.max(colon, 0)).trim();
    if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) headers.push([name, line.slice(colon + 1).trim()]);
    else problems.push(`Line ${first + index} is left out: it does not read “name: value”.`);
  }
  return { headers, problems };
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
 * The line on which the answer begins that counts: the last of those to CONNECT, 100 Continue, redirects and the request itself.
 *
 * @param {string[]} lines
 */
function startOf(lines) {
  const next = (/** @type {number} */ from) => lines.findIndex((line, index) => index >= from && HTTP_LINE.test(line));
  let start = next(0);
  if (start < 0) return lines.findIndex((line) => line.trim() !== '');
  for (;;) {
    const from = start;
    const end = lines.findIndex((line, index) => index > from && line.trim() === '');
    const following = end < 0 ? -1 : next(end);
    const preliminary = Number(STATUS_LINE.exec(lines[start].trim())?.[1]) < 400;
    if (following < 0 || !(preliminary || following === end + 1)) return start;
    start = following;
  }
}

/**
 * What curl -v says of the answer: `<` lines are its head, lines without a mark its body.
 *
 * @param {string[]} lines
 */
function answerOf(lines) {
  const rest = [];
  let heads = 0;
  for (const line of lines) {
    if (/^<( |$)/.test(line)) {
      heads += 1;
      rest.push(line.slice(2));
    } else if (heads > 0 && !/^([*>]( |$)|[{}] \[\d+ bytes data\])/.test(line)) rest.push(line);
  }
  return rest;
}

/**
 * @param {string[]} lines
 * @returns {{method: string | null, url: string | null}}
 */
function readRequest(lines) {
  const command = lines.find((line) => COMMAND.test(line));
  if (command) {
    const method = /\s(?:-X|--request)[ =]?["']?([A-Z]+)/.exec(command)?.[1] ?? (/\s(?:-d|--data\S*|--json)\s/.test(command) ? 'POST' : 'GET');
    return { method, url: /["']?(https?:\/\/[^\s"']+)/.exec(command)?.[1] ?? null };
  }
  const sent = lines.map((line) => line.replace(/^> /, ''));
  const line = sent.map((text) => REQUEST_LINE.exec(text)).find((match) => match);
  const host = sent.map((text) => /^host:\s*(\S+)/i.exec(text)?.[1]).find((name) => name);
  return { method: line?.[1].toUpperCase() ?? null, url: line && host && line[2].startsWith('/') ? `https://${host}${line[2]}` : null };
}
