import type { Fetch, Options } from '../index.js';

/** The global options of ofetch: `createFetch(reprieve())`, or `ofetch.create({}, reprieve())`. */
export declare function reprieve(options?: Options): { fetch: Fetch; defaults: { retry: false } };
