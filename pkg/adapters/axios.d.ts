import type { Fetch, Options } from '../index.js';
import type { RetryOptions } from './retry.js';

/** The config that sends by our fetch: `axios.create(reprieve())`. */
export declare function reprieve(options?: Options): { adapter: 'fetch'; env: { fetch: Fetch } };

/**
 * The same rules for a client that sends in its own way, such as XMLHttpRequest for the progress of an upload.
 * @returns the interceptor's number, for `client.interceptors.response.eject`
 */
export declare function intercept(
  client: { interceptors: { response: { use(fulfilled: undefined, rejected: (error: any) => any): number } }; request(config: any): Promise<any>; getUri(config?: any): string },
  options?: RetryOptions,
): number;
