import { assertLaunch } from "../../embedded/launch-fingerprint.ts";
import type { MachineCall } from "../../embedded/memory-machine-options.ts";
import type { CallOptions } from "../../ports/call-options.ts";
import { type FailureKind, FleetError } from "../../ports/failure.ts";
import type {
  LaunchAttempt,
  LaunchFailure,
  MachineProvider,
  ObservedMachine,
} from "../../ports/machine-provider.ts";
import type { Market } from "../../routing/shape.ts";
import type { Ec2Instance } from "./api.ts";
import { isEc2Error } from "./ec2-error.ts";
import type { Ec2InstanceType } from "./instance-types.ts";
import { quotaCodes } from "./launch.ts";
import { eachOf } from "./provider-batches.ts";
import { kindOfCode, toFleetError } from "./provider-failures.ts";
import { fleetInput, runInput, tagKeys, typesFor } from "./provider-launch.ts";
import type { SimulatedEc2 } from "./simulated-ec2.ts";

/** Options of {@link createSimulatedEc2Provider}. */
export interface SimulatedEc2ProviderOptions {
  /** The region. */
  readonly ec2: SimulatedEc2;
  /** By one CreateFleet over all types and zones that fit, or by RunInstances of one type in one zone. @defaultValue `fleet` */
  readonly buy?: "fleet" | "instances";
  /** Answers the kind of failure of a call that is to fail; it then has no effect. Asked before EC2 is. */
  readonly refuse?: (call: MachineCall) => FailureKind | undefined;
}

/** The largest page of a listing. */
const pageSize = 1_000;

/** What one call bought. */
interface Bought {
  readonly ids: readonly string[];
  readonly failures: readonly LaunchFailure[];
  /** EC2 refused the call as a whole: its token is as good as new, and a repeated attempt may buy here after all. */
  readonly isRefused?: boolean;
}

/** How long a market that refused is passed over, milliseconds. */
const passOverMs = 180_000;

/** An instance as the port speaks of it. */
export function observeInstance(instance: Ec2Instance): ObservedMachine {
  const attemptId = instance.Tags.find(({ Key }) => Key === tagKeys.attempt)?.Value;
  return {
    id: instance.InstanceId,
    ...(attemptId === undefined ? {} : { attemptId }),
    state: instance.State.Name,
    market: instance.InstanceLifecycle === "spot" ? "spot" : "on-demand",
    zone: instance.Placement.AvailabilityZone,
    instanceType: instance.InstanceType,
    launchedAtMs: instance.LaunchTime,
  };
}

/**
 * Machines of a simulated region: the way of an adapter for EC2, without its SDK. Passes the contract of machine
 * providers.
 *
 * Of several markets the later ones get what the earlier could not have, in calls of their own, but only behind an answer: behind
 * a refusal nothing is bought, or a repeated attempt would buy in both. The next attempts pass the market that refused over. A
 * replayed fleet names no machines, so a repeated launch answers what the listing shows, and buys nothing more in any market.
 */
export function createSimulatedEc2Provider(options: SimulatedEc2ProviderOptions): MachineProvider {
  const { ec2, buy = "fleet", refuse = () => undefined } = options;
  const { api, region } = ec2;

  async function listWith(
    tags: Readonly<Record<string, string>>,
    options: CallOptions | undefined,
  ): Promise<readonly ObservedMachine[]> {
    const Filters = Object.entries(tags).map(([key, value]) => ({
      Name: `tag:${key}`,
      Values: [value.replace(/[*?\\]/gu, "\\$&")],
    }));
    const machines: ObservedMachine[] = [];
    let token: string | undefined;
    do {
      options?.signal?.throwIfAborted();
      const page = await api.describeInstances({
        Filters,
        MaxResults: pageSize,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      for (const { Instances } of page.Reservations) {
        machines.push(...Instances.map(observeInstance));
      }
      token = page.NextToken;
    } while (token !== undefined);
    return machines;
  }

  async function buyFleet(
    attempt: LaunchAttempt,
    types: readonly Ec2InstanceType[],
    market: Market,
    count: number,
  ): Promise<Bought | undefined> {
    const { Instances, Errors } = await api.createFleet(
      fleetInput(ec2, attempt, types, market, count),
    );
    if (Instances.length === 0 && Errors.length === 0) return undefined;
    return {
      ids: Instances.flatMap(({ InstanceIds }) => InstanceIds),
      failures: Errors.map(({ ErrorCode, ErrorMessage, LaunchTemplateAndOverrides }) => {
        const { InstanceType, SubnetId } = LaunchTemplateAndOverrides.Overrides;
        return {
          kind: kindOfCode(ErrorCode),
          offering: `${InstanceType}:${SubnetId}:${market}`,
          message: ErrorMessage,
        };
      }),
    };
  }

  async function buyInstances(
    attempt: LaunchAttempt,
    [type]: readonly Ec2InstanceType[],
    market: Market,
    count: number,
  ): Promise<Bought> {
    if (type === undefined) return { ids: [], failures: [] };
    const offering = `${type.name}:${attempt.zone ?? ec2.zones[0]}:${market}`;
    const lacking = (kind: FailureKind, message: string): LaunchFailure => ({
      kind,
      offering,
      message,
    });
    try {
      const { Instances } = await api.runInstances(runInput(ec2, attempt, type, market, count));
      const ids = Instances.map(({ InstanceId }) => InstanceId);
      const few = lacking("capacity", `${ids.length} of ${count} in ${offering}`);
      return { ids, failures: ids.length < count ? [few] : [] };
    } catch (error) {
      const kind = isEc2Error(error) ? kindOfCode(error.name) : "unknown";
      if (!isEc2Error(error) || (kind !== "capacity" && kind !== "quota")) throw error;
      return { ids: [], failures: [lacking(kind, error.message)], isRefused: true };
    }
  }

  const refusedUntilMs = new Map<string, number>();
  /** What was refused in a market, a short while ago or now. */
  const refusalKey = (attempt: LaunchAttempt, market: Market, [type]: readonly Ec2InstanceType[]) =>
    `${type?.name}:${attempt.zone ?? ""}:${market}`;

  /** The markets in which an attempt is tried: all of them when all refused. */
  function marketsOf(attempt: LaunchAttempt, types: readonly Ec2InstanceType[]): readonly Market[] {
    const fresh = attempt.markets.filter(
      (market) => (refusedUntilMs.get(refusalKey(attempt, market, types)) ?? 0) <= ec2.nowMs(),
    );
    return fresh.length > 0 ? fresh : attempt.markets;
  }

  /** How many machines of this market are not refused, and why the next one is. */
  function allowed(attempt: LaunchAttempt, market: Market, count: number) {
    for (let index = 0; index < count; index += 1) {
      const kind = refuse({ kind: "launch", attempt, market });
      if (kind !== undefined) return { count: index, kind };
    }
    return { count, kind: undefined };
  }

  /**
   * Buys in one market. Lack of room is played inside EC2, so that a token that is known still answers what it bought;
   * other refusals never get there.
   */
  async function buyIn(
    attempt: LaunchAttempt,
    types: readonly Ec2InstanceType[],
    market: Market,
    count: number,
  ): Promise<Bought | undefined> {
    const most = allowed(attempt, market, count);
    const way = buy === "fleet" ? buyFleet : buyInstances;
    if (most.kind === undefined) return way(attempt, types, market, count);
    if (most.count === 0 && most.kind !== "capacity" && most.kind !== "quota") {
      const offering = `${attempt.zone ?? region}:${market}`;
      const message = `${most.kind} in ${offering}`;
      return { ids: [], failures: [{ kind: most.kind, offering, message }] };
    }
    const code = most.kind === "quota" ? quotaCodes[market] : "InsufficientInstanceCapacity";
    return ec2.withLid({ count: most.count, code }, () => way(attempt, types, market, count));
  }

  async function launch(attempt: LaunchAttempt, options: CallOptions | undefined) {
    const types = typesFor(ec2.types, attempt.shape);
    if (types.length === 0) {
      const message = `No instance type fits launch attempt ${attempt.id}`;
      throw new FleetError({ kind: "config", message });
    }
    const bought: ObservedMachine[] = [];
    const failures: LaunchFailure[] = [];
    for (const market of marketsOf(attempt, types)) {
      const count = attempt.count - bought.length;
      if (count === 0) break;
      options?.signal?.throwIfAborted();
      const made = await buyIn(attempt, types, market, count);
      if (made === undefined)
        return { machines: await listAttempt(attempt, options), failures: [] };
      const launchedAtMs = ec2.nowMs();
      for (const id of made.ids) {
        bought.push({ id, attemptId: attempt.id, state: "pending", market, launchedAtMs });
      }
      failures.push(...made.failures);
      if (made.isRefused) {
        refusedUntilMs.set(refusalKey(attempt, market, types), ec2.nowMs() + passOverMs);
        break;
      }
    }
    return { machines: bought, failures: bought.length < attempt.count ? failures : [] };
  }

  async function listAttempt(attempt: LaunchAttempt, options: CallOptions | undefined) {
    const { environment, id } = attempt;
    return listWith({ [tagKeys.environment]: environment, [tagKeys.attempt]: id }, options);
  }

  /** EC2 says "wrong state" of one that has ended and of one that is on its way. */
  async function whyNot(id: string, kind: FailureKind): Promise<FailureKind> {
    if (kind !== "conflict") return kind;
    const found = await api.describeInstances({ InstanceIds: [id] }).catch(() => undefined);
    const state = found?.Reservations[0]?.Instances[0]?.State.Name;
    return state === "terminated" || state === "shutting-down" ? "not-found" : "conflict";
  }

  async function steer(
    kind: "start" | "stop" | "terminate" | "ring",
    ids: readonly string[],
    options: CallOptions | undefined,
    call: (ids: readonly string[]) => Promise<unknown>,
    explain: Parameters<typeof eachOf>[2],
  ) {
    options?.signal?.throwIfAborted();
    const refused = new Map(ids.map((id) => [id, refuse({ kind, id })]));
    const asked = ids.filter((id) => refused.get(id) === undefined);
    const outcomes = new Map((await eachOf(asked, call, explain)).map((own) => [own.id, own]));
    return ids.map((id) => {
      const failure = refused.get(id);
      return outcomes.get(id) ?? { id, ok: false, ...(failure ? { failure } : {}) };
    });
  }

  /** Tags say nothing about whether anybody can read them: those that are off are told apart first. */
  async function ringAll(ids: readonly string[], nonce: string, off: Map<string, FailureKind>) {
    const { Reservations } = await api.describeInstances({ InstanceIds: ids });
    for (const { InstanceId, State } of Reservations.flatMap(({ Instances }) => Instances)) {
      if (State.Name === "terminated" || State.Name === "shutting-down") {
        off.set(InstanceId, "not-found");
      } else if (State.Name === "stopped" || State.Name === "stopping") {
        off.set(InstanceId, "conflict");
      }
    }
    const Resources = ids.filter((id) => !off.has(id));
    if (Resources.length === 0) return;
    await api.createTags({ Resources, Tags: [{ Key: tagKeys.ring, Value: nonce }] });
  }

  const ownLimit = ec2.limits[buy === "fleet" ? "CreateFleet" : "RunInstances"];
  return {
    name: "simulated-ec2",
    // An attempt in two markets may be two calls; the second is rare, and what is refused is tried again.
    ...(ownLimit === undefined ? {} : { pace: { launch: ownLimit.request } }),
    async launch(attempt, options) {
      options?.signal?.throwIfAborted();
      assertLaunch(attempt, region);
      try {
        return await launch(attempt, options);
      } catch (error) {
        throw toFleetError(error);
      }
    },
    start: (ids, options) =>
      steer("start", ids, options, (InstanceIds) => api.startInstances({ InstanceIds }), whyNot),
    stop: (ids, options) =>
      steer("stop", ids, options, (InstanceIds) => api.stopInstances({ InstanceIds }), whyNot),
    terminate: (ids, options) =>
      steer(
        "terminate",
        ids,
        options,
        (InstanceIds) => api.terminateInstances({ InstanceIds }),
        (_id, kind) => (kind === "not-found" ? undefined : kind),
      ),
    async ring(ids, nonce, options) {
      const off = new Map<string, FailureKind>();
      const outcomes = await steer("ring", ids, options, (own) => ringAll(own, nonce, off), whyNot);
      return outcomes.map((outcome) => {
        const failure = off.get(outcome.id);
        return failure === undefined ? outcome : { id: outcome.id, ok: false, failure };
      });
    },
    async list(filter, options) {
      options?.signal?.throwIfAborted();
      const kind = refuse({ kind: "list" });
      if (kind !== undefined) {
        throw new FleetError({ kind, message: `The machines of ${region} cannot be listed` });
      }
      if (filter.region !== region) return [];
      const { environment, attemptId } = filter;
      try {
        return await listWith(
          {
            [tagKeys.environment]: environment,
            ...(attemptId === undefined ? {} : { [tagKeys.attempt]: attemptId }),
          },
          options,
        );
      } catch (error) {
        throw toFleetError(error);
      }
    },
  };
}
