/** For a Service Worker: gives every `fetch` of its pages the same policy, without a change in their code. */
import type { Options } from './index.js';

export interface ServeOptions extends Omit<Options, 'throwOnFailure'> {
  /**
   * Which requests it answers; the others go as if there were no worker. Default: those of `fetch` and `XMLHttpRequest` (`!request.destination`). Never
   * asked, and never answered: navigations, ranges, `cache: 'only-if-cached'`, `keepalive`, what accepts `text/event-stream`, schemes other than http(s).
   */
  when?: (request: Request) => boolean;
}

/**
 * Answers the requests of the pages of this worker. To be called once, when the worker starts. A page gets the final `Response`, or the network error; for a
 * request that the policy does not let go it gets a 503 with `Retry-After`, made here. Who asks for the same again within a minute after it failed
 * for good has a loop of its own, and each of its requests is sent once.
 * @throws {OptionsError} for options that do not load. @throws outside a Service Worker.
 */
export function serve(options?: ServeOptions): void;
