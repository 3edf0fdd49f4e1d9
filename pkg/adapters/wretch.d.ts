import type { Options as All } from '../index.js';

/** A middleware of wretch: `wretch().middlewares([reprieve()])`. The last in the list is the nearest to `fetch`. */
export declare function reprieve(options?: Omit<All, 'fetch'>): <Next extends (url: string, options: any) => Promise<any>>(next: Next) => Next;
