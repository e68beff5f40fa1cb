import { CreateFleetCommand, type EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import {
  type CallOptions,
  type Clock,
  FleetError,
  type LaunchAttempt,
  type LaunchFailure,
  type LaunchResult,
  type ObservedMachine,
} from "@runs-fleet/core";
import { callEc2, ec2CodeOf } from "../call.ts";
import type { LaunchTags } from "../tags.ts";
import type { OfferingPlan } from "./plan-offerings.ts";
import { fleetRequest, type Purchase, runRequest, tokenOf } from "./purchase.ts";
import { type Bought, mayBeHadElsewhere, readFleet, readRun } from "./read-purchase.ts";
import { planTries, type Refusals, refusalKey } from "./refusals.ts";

/** What a launch works with. */
export interface LaunchMeans {
  /** Tries each call once. */
  readonly client: EC2Client;
  readonly clock: Clock;
  readonly refusals: Refusals;
  /** The machines of the attempt as the listing shows them. */
  readonly listAttempt: () => Promise<readonly ObservedMachine[]>;
}

/**
 * Buys an attempt: with a zone by RunInstances, else by a fleet. Which of the two it is stands in the attempt, so it is the
 * same in every process, and so is the token.
 *
 * What one market lacks is bought in the next, by a call with a token of its own, and only after EC2 has answered the first
 * with success: a repeated attempt then finds the first token used, learns no more, and buys nothing. A call that is refused
 * as a whole leaves its token unused, so nothing is bought behind it: the next attempt passes that market over.
 */
export async function launchMachines(
  means: LaunchMeans,
  attempt: LaunchAttempt,
  plan: OfferingPlan,
  tags: LaunchTags,
  options: CallOptions | undefined,
): Promise<LaunchResult> {
  const machines: ObservedMachine[] = [];
  const failures: LaunchFailure[] = [];
  const tries = planTries(plan, attempt.zone, means.refusals);
  for (const [place, own] of tries.entries()) {
    const count = attempt.count - machines.length;
    const purchase = { attempt, ...own, count, token: tokenOf(attempt.token, place), tags };
    let bought: Bought | undefined;
    try {
      bought = await buy(means, purchase, options);
    } catch (error) {
      if (hasBeenUsed(error, place)) return { machines: await means.listAttempt(), failures: [] };
      const failure = refusalOf(error, purchase);
      if (failure === undefined) throw error;
      if (failure.kind === "capacity" || failure.kind === "quota") {
        means.refusals.note(refusalKey(own, attempt.zone));
      } else if (place === 0) throw error;
      failures.push(failure);
      break;
    }
    if (bought === undefined) return { machines: await means.listAttempt(), failures: [] };
    machines.push(...bought.machines);
    failures.push(...bought.failures);
    if (machines.length >= attempt.count || !mayBeHadElsewhere(bought.failures)) break;
  }
  return { machines, failures: machines.length < attempt.count ? failures : [] };
}

async function buy(
  { client, clock }: LaunchMeans,
  purchase: Purchase,
  options: CallOptions | undefined,
): Promise<Bought | undefined> {
  const { attempt, market, count } = purchase;
  const purpose = `launch ${count} (${market}) for launch attempt ${attempt.id}`;
  if (attempt.zone !== undefined) {
    const answer = await callEc2(purpose, options, (http) =>
      client.send(new RunInstancesCommand(runRequest(purchase)), http),
    );
    return readRun(purchase, answer);
  }
  const answer = await callEc2(purpose, options, (http) =>
    client.send(new CreateFleetCommand(fleetRequest(purchase)), http),
  );
  return readFleet(purchase, answer, clock.now());
}

/**
 * Whether EC2 says that a token has bought before, and no more: its machines have ended, or a later call of this attempt was
 * made with other numbers. The first token with another request is the caller's mistake, which is told.
 */
function hasBeenUsed(error: unknown, place: number): boolean {
  const code = ec2CodeOf(error);
  return (
    code === "IdempotentInstanceTerminated" || (place > 0 && code === "IdempotentParameterMismatch")
  );
}

/** Kinds of which nobody can say whether the call had its effect. */
const unsure: ReadonlySet<string> = new Set(["unavailable", "unknown"]);

/** The error as the reason why nothing was bought; `undefined` when that is not sure. */
function refusalOf(error: unknown, { attempt, market }: Purchase): LaunchFailure | undefined {
  if (!FleetError.isInstance(error) || unsure.has(error.kind)) return undefined;
  // A client that tries again may have bought with the attempt before the one that was throttled.
  if (error.kind === "throttled" && attemptsOf(error) > 1) return undefined;
  const offering = `any:${attempt.zone ?? attempt.region}:${market}`;
  return { kind: error.kind, offering, message: error.message };
}

/** How often the SDK sent the call. */
function attemptsOf({ cause }: FleetError): number {
  const metadata: unknown =
    typeof cause === "object" && cause !== null ? Reflect.get(cause, "$metadata") : undefined;
  const attempts: unknown =
    typeof metadata === "object" && metadata !== null
      ? Reflect.get(metadata, "attempts")
      : undefined;
  return typeof attempts === "number" ? attempts : 1;
}
