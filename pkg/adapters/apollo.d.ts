import type { RetryOptions } from './retry.js';

/** The options of Apollo's RetryLink: `new RetryLink(reprieve())`. A query is sent again as a read; a mutation only where the server did nothing. */
export declare function reprieve(options?: RetryOptions): {
  attempts: (attempt: number, operation: { operationType?: string }, error: object) => boolean;
  delay: (attempt: number, operation: { operationType?: string }, error: object) => number;
};
