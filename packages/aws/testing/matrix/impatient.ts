/** How long its clients wait, milliseconds. */
export const patienceMs = 800;

/**
 * Client options for a fault matrix: an answer that never comes costs less than a second. Pass them to `clientOptions`, with
 * other things if need be; whoever prepares a cell, or looks at what is really there, had better be patient.
 */
export const impatient = {
  requestHandler: {
    connectionTimeout: patienceMs,
    requestTimeout: patienceMs,
    throwOnRequestTimeout: true,
  },
} as const;
