// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cases, count, createFetch, DOWN, FAST, load, OK } from './cases.mjs';

await load('@angular/compiler');
const { createEnvironmentInjector, Injector, NgZone, ɵChangeDetectionScheduler, ɵINJECTOR_SCOPE, ɵNoopNgZone } = await load('@angular/core');
const { HttpClient, provideHttpClient, withInterceptors } = await load('@angular/common/http');
const { firstValueFrom } = await load('rxjs');
const { reprieve } = await load('reprieve/angular');

/** An injector as an application has it, without a page to draw. @param {any[]} interceptors */
const clientOf = (interceptors) => {
  const parent = Injector.create({ providers: [
    { provide: NgZone, useClass: ɵNoopNgZone, deps: [] },
    { provide: ɵChangeDetectionScheduler, useValue: { notify: () => {} } },
  ] });
  const root = { provide: ɵINJECTOR_SCOPE, useValue: 'root' };
  return createEnvironmentInjector([root, provideHttpClient(withInterceptors(interceptors))], parent).get(HttpClient);
};

/** @param {any} client */
const sending = (client) => ({ send: (/** @type {string} */ url, /** @type {string} */ method) => firstValueFrom(client.request(method, url)) });

cases('Angular', () => sending(clientOf([reprieve({ policy: FAST })])));

/** @param {typeof globalThis.fetch} fetch @param {() => Promise<void>} work */
async function patched(fetch, work) {
  const native = globalThis.fetch;
  globalThis.fetch = fetch;
  await work().finally(() => {
    globalThis.fetch = native;
  });
}

test('Angular: our fetch in place of the global one, a connection that is lost: 2, not 4', () =>
  patched(createFetch({ policy: FAST, fetch: globalThis.fetch }), async () => {
    assert.equal((await count(sending(clientOf([reprieve({ policy: FAST })])), [{ fault: 'reset' }])).sends, 2);
  }));

test('Angular: a write has its body each time', async () => {
  const client = clientOf([reprieve({ policy: FAST })]);
  const put = await count({ send: (url) => firstValueFrom(client.put(url, { name: 'Ada' })) }, [DOWN, DOWN, OK]);
  assert.deepEqual(put.requests.map(({ body }) => body), Array(3).fill('{"name":"Ada"}'));
});

test('Angular: who unsubscribes while it waits sends nothing more', async () => {
  const client = clientOf([reprieve()]);
  const found = await count({
    send: (url) => new Promise((resolve) => {
      const subscription = client.get(url).subscribe({ error: () => {} });
      setTimeout(() => resolve(subscription.unsubscribe()), 200);
    }),
  }, [{ ...DOWN, headers: { 'retry-after': '1' } }]);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.equal(found.requests.length, 1);
});
