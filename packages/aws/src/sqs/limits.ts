/**
 * What SQS allows of a message and of a batch, read in November 2026.
 * Sources: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html and the service
 * model, 2012-11-05.
 */

/** Most entries of a batch, and most messages of a receive. */
export const mostEntries = 10;

/** Largest batch, bytes of its bodies and attributes; also the largest message that a queue can be made to take. */
export const mostBatchBytes = 1_048_576;

/** Largest message by default, bytes: what the other queues of runs-fleet take, and queues that were made before August 2025. */
export const defaultMessageBytes = 262_144;

/** Smallest limit that a queue can have, bytes. */
export const leastMessageBytes = 1_024;

/** Longest wait of one receive, seconds. */
export const longestWaitSeconds = 20;

/** Longest visibility, milliseconds. */
export const longestVisibilityMs = 43_200_000;

/** Longest group and deduplication id, characters. */
export const longestName = 128;
