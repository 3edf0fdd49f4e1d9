// @ts-check
/**
 * A `fetch` that passes on to the real one and keeps what went in and what came out.
 *
 * @returns {{fetch: typeof fetch, sent: Parameters<typeof fetch>[], responses: Response[], errors: unknown[]}}
 */
export function record(underneath = globalThis.fetch) {
  /** @type {ReturnType<typeof record>} */
  const log = {
    sent: [],
    responses: [],
    errors: [],
    async fetch(...input) {
      log.sent.push(input);
      try {
        const response = await underneath(...input);
        log.responses.push(response);
        return response;
      } catch (error) {
        log.errors.push(error);
        throw error;
      }
    },
  };
  return log;
}
