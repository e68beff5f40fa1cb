import { FleetError } from "../ports/failure.ts";
import type { LaunchAttempt } from "../ports/machine-provider.ts";

const printable = /^[\x21-\x7e]{1,64}$/u;

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same text for attempts with the same fields, in whatever order they were written. */
export function launchFingerprint(attempt: LaunchAttempt): string {
  return JSON.stringify(attempt, sortKeys);
}

/**
 * What every attempt must look like.
 *
 * @throws A {@link FleetError} `config` when the attempt is for another region, or has a bad count, token or no market.
 */
export function assertLaunch(attempt: LaunchAttempt, region: string): void {
  const problem =
    attempt.region !== region
      ? `is for region ${attempt.region}, this provider serves ${region}`
      : !Number.isSafeInteger(attempt.count) || attempt.count < 1
        ? `asks for ${attempt.count} machines`
        : !printable.test(attempt.token)
          ? "has a token that is not 1 to 64 ASCII characters"
          : attempt.markets.length === 0
            ? "names no market"
            : undefined;
  if (problem === undefined) return;
  throw new FleetError({ kind: "config", message: `Launch attempt ${attempt.id} ${problem}` });
}

/** The error of a token that was used with other fields. */
export function tokenReused(attempt: LaunchAttempt): FleetError {
  return new FleetError({
    kind: "config",
    message: `The token of launch attempt ${attempt.id} was used before with other fields`,
  });
}
