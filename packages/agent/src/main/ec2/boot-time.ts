/** Longest time from the launch or start of an instance to its kernel, milliseconds. */
const longestPendingMs = 900_000;

/**
 * When this boot of the machine began, epoch milliseconds: when EC2 says that it began to launch or start it, if that fits the kernel's
 * own beginning, which is some seconds later.
 *
 * An identity document may be that of the launch after a later start; and in a container, the kernel may have run for months.
 */
export function bootTime(facts: {
  /** What the identity document says. */
  readonly pendingAtMs: number | undefined;
  /** When the kernel was started. */
  readonly kernelAtMs: number;
  readonly nowMs: number;
}): number {
  const { pendingAtMs, kernelAtMs, nowMs } = facts;
  return pendingAtMs !== undefined &&
    pendingAtMs >= kernelAtMs - longestPendingMs &&
    pendingAtMs <= nowMs
    ? pendingAtMs
    : Math.min(kernelAtMs, nowMs);
}
