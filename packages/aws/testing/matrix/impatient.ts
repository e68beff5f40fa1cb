/**
 * Client options for a fault matrix: an answer that never comes costs a third of a second. Pass them to `clientOptions`, with
 * other things if need be.
 */
export const impatient = {
  requestHandler: { connectionTimeout: 300, requestTimeout: 300, throwOnRequestTimeout: true },
} as const;
