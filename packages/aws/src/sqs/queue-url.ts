/** FIFO queues are told by their name. */
export function isFifoUrl(queueUrl: string): boolean {
  return queueUrl.endsWith(".fifo");
}

/**
 * What every URL of a queue must be.
 *
 * @param what - Names it in the error: `queueUrl`.
 * @throws A TypeError when it is none.
 */
export function assertQueueUrl(queueUrl: unknown, what: string): asserts queueUrl is string {
  const isUrl =
    typeof queueUrl === "string" &&
    queueUrl.length <= 2_048 &&
    URL.canParse(queueUrl) &&
    /^https?:$/u.test(new URL(queueUrl).protocol);
  if (!isUrl) throw new TypeError(`${what} must be the URL of a queue`);
}
