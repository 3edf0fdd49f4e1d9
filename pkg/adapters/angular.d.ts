import type { Observable } from 'rxjs';
import type { RetryOptions } from './retry.js';

/** An interceptor for Angular's HttpClient: `provideHttpClient(withInterceptors([reprieve()]))`. */
export declare function reprieve(options?: RetryOptions): <Request extends { readonly method: string }, Event>(
  request: Request,
  next: (request: Request) => Observable<Event>,
) => Observable<Event>;
