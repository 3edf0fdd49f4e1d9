import type { RetryOptions } from './retry.js';

/** `retry` and `retryDelay` of TanStack Query: `new QueryClient({ defaultOptions: { queries: reprieve() } })`. Make it once. */
export declare function reprieve(options?: RetryOptions): {
  retry: (failureCount: number, error: unknown) => boolean;
  retryDelay: (failureCount: number, error: unknown) => number;
};
