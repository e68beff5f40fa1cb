/**
 * Client options for a fault matrix: an answer that never comes costs less than a second. Pass them to `clientOptions`, with
 * other things if need be; whoever prepares a cell, or looks at what is really there, had better be patient.
 */
export const impatient = {
  requestHandler: { connectionTimeout: 800, requestTimeout: 800, throwOnRequestTimeout: true },
} as const;
