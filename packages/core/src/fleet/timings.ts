/** Every span of time that the controller goes by, milliseconds. */
export type Timings = Readonly<
  Record<
    | "leaseMs"
    | "leaseRenewMs"
    | "reconcileMs"
    | "sweepMs"
    | "bootGraceMs"
    | "readyDwellMs"
    | "bootDeadlineMs"
    | "acknowledgeMs"
    | "jobDeadlineMs"
    | "maxRuntimeMs",
    number
  >
>;

const seconds = 1_000;
const minutes = 60 * seconds;

/** The timings that production systems arrived at; a host overrides what it must. */
export const defaultTimings: Timings = Object.freeze({
  leaseMs: 15 * seconds,
  leaseRenewMs: 5 * seconds,
  reconcileMs: 60 * seconds,
  sweepMs: 2 * minutes,
  bootGraceMs: 3 * minutes,
  readyDwellMs: 90 * seconds,
  bootDeadlineMs: 10 * minutes,
  acknowledgeMs: 45 * seconds,
  jobDeadlineMs: 60 * minutes,
  maxRuntimeMs: 6 * 60 * minutes,
});

/** A provider's listing may omit machines younger than this. Source: DESIGN 4, EC2's eventual consistency. */
export const listingLagMs = 5 * minutes;

/** Added to boot and runtime to make a machine's hard deadline. */
export const deadlineSlackMs = 10 * minutes;

/** A registered runner that gets no job ends itself after 5 minutes; this is when we stop waiting for word of it. */
export const idleRunnerMs = 6 * minutes;

/** How long a machine that reported its end, or whose job GitHub has concluded, may take to switch off by itself. */
export const endingGraceMs = 90 * seconds;

/** How long the store keeps ended jobs and machines for those who ask why. */
export const keepEndedMs = 7 * 24 * 60 * minutes;

/**
 * Checks the timings of a host.
 *
 * @throws A `RangeError` naming the first that is not a positive finite number, or a lease that renewals cannot hold.
 */
export function resolveTimings(overrides: Partial<Timings> = {}): Timings {
  const timings = { ...defaultTimings, ...overrides };
  for (const [name, value] of Object.entries(timings)) {
    if (!Number.isFinite(value) || value <= 0) {
      throw new RangeError(`timings.${name} must be a positive number of milliseconds: ${value}`);
    }
  }
  if (timings.leaseRenewMs * 2 > timings.leaseMs) {
    throw new RangeError("timings.leaseMs must be at least twice leaseRenewMs");
  }
  return timings;
}
