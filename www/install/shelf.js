// @ts-check

/**
 * "Copy this".
 *
 * @param {import('../paste/desk.js').Desk} desk
 */
export function mountInstall(desk) {
  void desk;
}
