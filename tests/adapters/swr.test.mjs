// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cases, count, createFetch, DOWN, FAST, load, OK, owned } from './cases.mjs';

// SWR takes what has no window for a server, where nothing is fetched.
const { error } = console;
console.error = (/** @type {unknown[]} */ ...all) => String(all[0]).includes('react-test-renderer is deprecated') || error(...all);
Object.assign(globalThis, { window: globalThis, IS_REACT_ACT_ENVIRONMENT: true });

const { default: React, act } = await load('react');
const { default: renderer } = await load('react-test-renderer');
const { default: useSWR, SWRConfig } = await load('swr');
const { reprieve } = await load('reprieve/swr');

/** How long nothing may happen before a failure counts as final. */
const QUIET_MS = 1200;

/**
 * Mounts a component that fetches; resolves with its data, rejects with its error when that is not followed by more.
 * @param {(url: string, init: RequestInit) => Promise<unknown>} send
 * @param {any} [config]
 */
const client = (send, config = reprieve({ policy: FAST })) => ({
  send: async (/** @type {string} */ url, /** @type {string} */ method) => {
    /** @type {any} */
    let last;
    let changed = performance.now();
    const View = () => {
      const { data, error } = useSWR(url, () => {
        changed = performance.now();
        return send(url, { method }).finally(() => (changed = performance.now()));
      });
      last = { data, error };
      return null;
    };
    const quiet = { revalidateOnFocus: false, revalidateOnReconnect: false, provider: () => new Map() };
    /** @type {any} */
    let root;
    await act(async () => {
      root = renderer.create(React.createElement(SWRConfig, { value: { ...quiet, ...config } }, React.createElement(View)));
    });
    while (!last.data && performance.now() - changed < (last.error ? QUIET_MS : 5000)) {
      await act(() => new Promise((resolve) => setTimeout(resolve, 20)));
    }
    await act(async () => root.unmount());
    if (!last.data) throw last.error;
  },
});

const once = createFetch({ policy: 'none', throwOnFailure: true });
const sendOnce = (/** @type {string} */ url, /** @type {RequestInit} */ init) => once(url, init).then((/** @type {Response} */ response) => response.json());
cases('SWR', () => client(sendOnce));
owned('SWR', (fetch) => client((url) => fetch(url).then((response) => response.json())), { throwOnFailure: true });

test('SWR: its own errorRetryCount is kept', async () => {
  assert.equal((await count(client(sendOnce, { ...reprieve({ policy: FAST }), errorRetryCount: 1 }), [DOWN, DOWN, OK])).sends, 2);
});
