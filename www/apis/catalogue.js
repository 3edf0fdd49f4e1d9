// @ts-check

/**
 * "Supported APIs".
 *
 * @param {import('../paste/desk.js').Desk} desk
 */
export function mountApis(desk) {
  void desk;
}
