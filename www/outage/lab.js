// @ts-check

/** "The outage": simulated tabs against a server of fixed capacity. */
export function mountOutage() {}
