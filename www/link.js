// @ts-check

/**
 * The state of a section in the page's address, behind the `#`: `#watch:fault=hang`. The address never leaves the browser with it, and a copied one shows
 * another visitor the same. One section at a time: the one that was touched last.
 */

/** Safari refuses more than 100 changes of the address in 30 s. */
const PAUSE_MS = 400;
/** Longer addresses do not survive mail and chat. */
const MAX_CHARACTERS = 16_000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let pending;

/**
 * @param {string} section
 * @returns {string | null} What `writeLink` wrote for it, if the address is about this section.
 */
export function readLink(section) {
  const hash = location.hash.slice(1);
  return hash.startsWith(`${section}:`) ? hash.slice(section.length + 1) : null;
}

/** The section that the address is about. */
export const linkedSection = () => /^#([a-z]+)(?::|$)/.exec(location.hash)?.[1] ?? null;

/**
 * Writes the state soon, in place of the one before; no entry of the history is added.
 *
 * @param {string} section
 * @param {string} state Characters that may stand in an address.
 * @returns {boolean} `false`: too long to be shared; the address stays as it was.
 */
export function writeLink(section, state) {
  clearTimeout(pending);
  if (state.length > MAX_CHARACTERS) return false;
  pending = setTimeout(() => history.replaceState(history.state, '', linkTo(section, state)), PAUSE_MS);
  return true;
}

/**
 * @param {string} section
 * @param {string} state
 * @returns {string} The address of this page that shows the state.
 */
export const linkTo = (section, state) => `${location.href.split('#')[0]}#${section}:${state}`;

/**
 * Calls `open` whenever the address is changed by hand, or by a link, to another state of the section.
 *
 * @param {string} section
 * @param {(state: string) => void} open
 */
export function onLink(section, open) {
  addEventListener('hashchange', () => {
    const state = readLink(section);
    if (state === null) return;
    clearTimeout(pending);
    open(state);
  });
}

/**
 * @param {unknown} value Anything that JSON can say.
 * @returns {Promise<string>} Letters, digits, `-` and `_`.
 */
export async function pack(value) {
  const bytes = new Uint8Array(await new Response(through(JSON.stringify(value), new CompressionStream('deflate-raw'))).arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** No state is so long; a small one that unfolds into a huge one is none of ours. */
const MAX_UNPACKED = 1_000_000;

/**
 * @param {string} text
 * @returns {Promise<unknown>} What was packed; `null` where it is damaged.
 */
export async function unpack(text) {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    const reader = through(bytes, new DecompressionStream('deflate-raw')).getReader();
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let json = '';
    for (;;) {
      const { done, value } = await reader.read();
      json += decoder.decode(value, { stream: !done });
      if (json.length > MAX_UNPACKED) {
        await reader.cancel();
        return null;
      }
      if (done) return JSON.parse(json);
    }
  } catch {
    return null;
  }
}

/**
 * @param {string | Uint8Array<ArrayBuffer>} content
 * @param {{readable: ReadableStream<Uint8Array>, writable: WritableStream}} transform
 * @returns {ReadableStream<Uint8Array>}
 */
const through = (content, transform) => new Blob([content]).stream().pipeThrough(transform);
