// @ts-check
/**
 * Which pages of other origins may read a script's responses (Fetch standard, "CORS protocol").
 *
 * @typedef {object} Cors
 * @property {string[]} [expose] response headers that scripts may read
 */

/** @param {import('node:http').IncomingMessage} request */
export const isPreflight = (request) => request.method === 'OPTIONS' && 'access-control-request-method' in request.headers;

/**
 * @param {import('node:http').ServerResponse} response
 * @param {Cors} cors
 */
export function permitOrigin(response, { expose = [] }) {
  response.setHeader('access-control-allow-origin', '*');
  if (expose.length) response.setHeader('access-control-expose-headers', expose.join(', '));
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
export function permitRequest(request, response) {
  response.setHeader('access-control-allow-methods', request.headers['access-control-request-method'] ?? '*');
  response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*');
}
