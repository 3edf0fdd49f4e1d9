import type { Fetch, Options } from '../index.js';

/** For the base query of RTK Query, in place of its `retry`: `fetchBaseQuery({ baseUrl: '/', ...reprieve() })`. */
export declare function reprieve(options?: Options): { fetchFn: Fetch };
