// @ts-check
/** Tells the other tabs of this origin what was learnt of a server, and hears it from them. */

/** @typedef {{ hear(message: unknown): void, leave(): void }} Member */

/** Changes within this time are told at once. A page that is left tells nothing of what broke off with it: by then it is gone. */
const DELAY_MS = 50;

/** @type {Set<WeakRef<Member>>} */
const members = new Set();
/** What is to be told. @type {Map<string, () => unknown>} */
const news = new Map();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {BroadcastChannel | null | undefined} */
let channel;

/** @param {(member: Member) => void} act */
function each(act) {
  for (const reference of members) {
    const member = reference.deref();
    if (member) act(member);
    else members.delete(reference);
  }
}

function flush() {
  clearTimeout(timer);
  timer = undefined;
  for (const message of news.values()) channel?.postMessage(message());
  news.clear();
}

function open() {
  // A page or its worker has a place; the channel of Node would join threads that have nothing to do with each other.
  if (!globalThis.location || !globalThis.BroadcastChannel || 'unref' in BroadcastChannel.prototype) return null;
  try {
    const made = new BroadcastChannel('reprieve-1');
    made.onmessage = ({ data }) => each((member) => member.hear(data));
    globalThis.addEventListener('pagehide', () => {
      each((member) => member.leave());
      flush();
    });
    return made;
  } catch {
    // A sandboxed frame has no others.
    return null;
  }
}

/** @param {Member} member is forgotten when nobody else holds it */
export function join(member) {
  channel ??= open();
  if (channel) members.add(new WeakRef(member));
}

/**
 * @param {string} key of what it is about
 * @param {() => unknown} message as it is when it is told
 */
export function tell(key, message) {
  if (!channel) return;
  news.set(key, message);
  timer ??= setTimeout(flush, DELAY_MS);
}
