import type { Dialects, PolicyOptions } from '../index.js';

/** For adapters of libraries that retry by themselves, or send without `fetch`. */
export interface RetryOptions {
  /**
   * Some defaults differ from those of `createFetch`, because nobody asks before a send or tells of a success: there is no gate and no breaker, and the
   * budget is 6 retries in 10 s for each origin.
   */
  policy?: PolicyOptions;
  /** For errors that show a response. */
  dialects?: Dialects;
}
