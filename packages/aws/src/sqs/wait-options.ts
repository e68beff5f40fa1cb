/** How much longer than the wait that it asks for a receive may take, milliseconds. */
const answerTimeoutMs = 5_000;

/** Handler options of a receive that waits: its answer is late by the wait, whatever the timeout of the client. */
export function waitOptions(waitSeconds: number): { readonly requestTimeout?: number } {
  return waitSeconds === 0 ? {} : { requestTimeout: waitSeconds * 1_000 + answerTimeoutMs };
}
