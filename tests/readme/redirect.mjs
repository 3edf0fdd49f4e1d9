// @ts-check
/** Loaded before an example: its addresses lead to the server of the test, and to nothing else. */

/** @type {Record<string, string>} */
const routes = JSON.parse(process.env.ROUTES ?? '{}');
const { fetch } = globalThis;

globalThis.fetch = (input, init) => {
  const [address, query] = String(input).split('?');
  if (!Object.hasOwn(routes, address)) {
    console.error(`the test has no answer for ${address}`);
    process.exit(1);
  }
  return fetch(query === undefined ? routes[address] : `${routes[address]}?${query}`, init);
};
