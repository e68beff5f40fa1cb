import { FleetError, type LaunchAttempt } from "@runs-fleet/core";

/** A client token of EC2. */
const token = /^[\x21-\x7e]{1,64}$/u;

/**
 * What every attempt must look like.
 *
 * @throws A {@link FleetError} `config` when it is for another region, or has a bad count, token or no market.
 */
export function assertAttempt(attempt: LaunchAttempt, region: string): void {
  const problem =
    attempt.region !== region
      ? `is for region ${attempt.region}, this provider serves ${region}`
      : !Number.isSafeInteger(attempt.count) || attempt.count < 1
        ? `asks for ${attempt.count} machines`
        : !token.test(attempt.token)
          ? "has a token that is not 1 to 64 printable ASCII characters"
          : attempt.markets.length === 0
            ? "names no market"
            : undefined;
  if (problem === undefined) return;
  throw new FleetError({ kind: "config", message: `Launch attempt ${attempt.id} ${problem}` });
}
