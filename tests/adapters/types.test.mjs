// @ts-check
/** The types of the adapters fit those of the libraries, strictly, and refuse what is wrong. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { at } from '../../tasks/paths.mjs';
import { FOLDER } from './install.mjs';

const SOURCE = `
import { QueryClient } from '@tanstack/query-core';
import { provideHttpClient, withInterceptors, type HttpInterceptorFn } from '@angular/common/http';
import { HttpLink } from '@apollo/client';
import { RetryLink } from '@apollo/client/link/retry';
import { fetchBaseQuery } from '@reduxjs/toolkit/query';
import axios from 'axios';
import ky from 'ky';
import { createFetch as createOfetch, ofetch } from 'ofetch';
import createClient, { type Middleware } from 'openapi-fetch';
import { createFetch } from 'reprieve';
import * as angular from 'reprieve/angular';
import * as apollo from 'reprieve/apollo';
import * as axiosAdapter from 'reprieve/axios';
import * as kyAdapter from 'reprieve/ky';
import * as ofetchAdapter from 'reprieve/ofetch';
import * as openapi from 'reprieve/openapi-fetch';
import * as rtk from 'reprieve/rtk';
import * as swr from 'reprieve/swr';
import * as tanstack from 'reprieve/tanstack';
import * as wretchAdapter from 'reprieve/wretch';
import type { SWRConfiguration } from 'swr';
import wretch, { type ConfiguredMiddleware } from 'wretch';

new QueryClient({ defaultOptions: { queries: tanstack.reprieve(), mutations: tanstack.reprieve({ policy: { preset: 'brisk', maxAttempts: 2 } }) } });
export const configuration: SWRConfiguration = swr.reprieve({ dialects: { 'https://shop.example/api': 'root' } });
export const interceptor: HttpInterceptorFn = angular.reprieve();
provideHttpClient(withInterceptors([angular.reprieve({ policy: { maxAttempts: 2 } })]));
new RetryLink(apollo.reprieve());
new HttpLink({ uri: '/', fetch: createFetch() });
const client = axios.create(axiosAdapter.reprieve({ idempotencyKey: true }));
client.interceptors.response.eject(axiosAdapter.intercept(client, { policy: { maxAttempts: 2 } }));
axiosAdapter.intercept(axios);
void ky.create(kyAdapter.reprieve({ policy: 'patient' })).get('/').json<{ id: string }>();
void createOfetch(ofetchAdapter.reprieve())('/');
void ofetch.create({}, ofetchAdapter.reprieve())('/');
fetchBaseQuery({ baseUrl: '/', ...rtk.reprieve() });
const middleware: Middleware = openapi.reprieve({ policy: { maxAttempts: 2 } });
createClient({ baseUrl: '/' }).use(middleware, openapi.reprieve());
createClient({ fetch: createFetch() });
export const configured: ConfiguredMiddleware = wretchAdapter.reprieve()((url, options) => fetch(url, options)) && wretchAdapter.reprieve();
wretch().middlewares([wretchAdapter.reprieve({ timeoutMs: 8000 })]);

// @ts-expect-error the retries are told, not a policy of their own
tanstack.reprieve({ maxAttempts: 2 });
// @ts-expect-error no such option
kyAdapter.reprieve({ retry: 3 });
// @ts-expect-error the fetch is that of the client
openapi.reprieve({ fetch });
// @ts-expect-error it is the interceptor that is wanted, not the function that makes it
provideHttpClient(withInterceptors([angular.reprieve]));
// @ts-expect-error no client
axiosAdapter.intercept({});
`;

const modes = /** @type {const} */ ([['nodenext', 'nodenext'], ['esnext', 'bundler']]);
for (const [module, moduleResolution] of modes) {
  test(`the types fit, ${moduleResolution}`, async () => {
    await writeFile(join(FOLDER, 'types.mts'), SOURCE);
    await writeFile(join(FOLDER, 'tsconfig.json'), JSON.stringify({
      // The libraries' own declarations are theirs.
      compilerOptions: { target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], module, moduleResolution, types: [], strict: true, skipLibCheck: true, noEmit: true },
      files: ['types.mts'],
    }));
    const { status, stdout } = spawnSync(process.execPath, [at('node_modules', 'typescript', 'bin', 'tsc'), '--project', FOLDER], { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });
}

test('the adapter for Angular fits its own types', async () => {
  await writeFile(join(FOLDER, 'tsconfig.source.json'), JSON.stringify({
    extends: '../../tsconfig.json',
    compilerOptions: { paths: { rxjs: ['./node_modules/rxjs/dist/types/index.d.ts'] } },
    files: ['../../pkg/adapters/angular.js'],
    include: [],
    exclude: [],
  }));
  const { status, stdout } = spawnSync(process.execPath, [at('node_modules', 'typescript', 'bin', 'tsc'), '--project', join(FOLDER, 'tsconfig.source.json')], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});
