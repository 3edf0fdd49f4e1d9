import type { Fetch, Options } from '../index.js';

/** The options of ky: `ky.create(reprieve())`. ky's limit of 10 s for one send is kept, as `attemptTimeoutMs`. */
export declare function reprieve(options?: Options): { fetch: Fetch; retry: number; timeout: false };
