import type { RetryOptions } from './retry.js';

/** `onErrorRetry` of SWR: `<SWRConfig value={reprieve()}>`. Make it once, outside of the component. */
export declare function reprieve(options?: RetryOptions): {
  onErrorRetry: (
    error: unknown,
    key: string,
    config: { errorRetryCount?: number },
    revalidate: (options: { retryCount: number; dedupe: boolean }) => unknown,
    options: { retryCount: number; dedupe: boolean },
  ) => void;
};
