// @ts-check
/** An event in the words of OpenTelemetry's semantic conventions for HTTP. */

import { place } from './report.js';

/**
 * @param {{ url: string, method: string, attempt: number, failure?: import('./index.js').Failure | null, reason?: import('./index.js').Reason }} event
 * @param {number} status of the response that the event is about; 0 without one
 * @returns {import('./index.js').Attributes}
 */
export function attributes({ url, method, attempt, failure, reason }, status) {
  const { hostname, port, protocol, search } = new URL(url || 'about:blank');
  const error = failure ? (status < 400 ? failure.kind : String(status)) : reason;
  return {
    'http.request.method': /^(get|head|options|trace|post|patch|put|delete)$/i.test(method) ? method.toUpperCase() : '_OTHER',
    ...(hostname && {
      'server.address': hostname,
      'server.port': Number(port || (protocol === 'http:' ? 80 : 443)),
      // The names of parameters are kept, and no value.
      'url.full': place(url) + search.replace(/([?&]([^=&]*=)?)[^&]*/g, '$1REDACTED'),
    }),
    ...(attempt > 1 && { 'http.request.resend_count': attempt - 1 }),
    ...(status && { 'http.response.status_code': status }),
    ...(error && error !== 'success' && { 'error.type': error }),
  };
}
