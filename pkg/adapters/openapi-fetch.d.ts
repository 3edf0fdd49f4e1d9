import type { Options as All, PolicyOptions } from '../index.js';

/** The defaults of `policy` differ from those of `createFetch`: no gate, no breaker, and a budget of 6 retries in 10 s for each origin. */
export interface Options extends Omit<All, 'fetch' | 'policy'> {
  policy?: PolicyOptions;
}

interface Call {
  request: Request;
  options: object;
}

/** A middleware of openapi-fetch, for a client that you have: `client.use(reprieve())`, after the others. */
export declare function reprieve(options?: Options): {
  onRequest: (call: Call) => undefined;
  onResponse: (call: Call & { response: Response }) => Promise<Response> | undefined;
  onError: (call: Call & { error: unknown }) => Promise<Response> | undefined;
};
