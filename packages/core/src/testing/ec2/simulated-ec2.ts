import { assertInteger, assertName } from "../../embedded/limits.ts";
import type { Clock, Entropy } from "../../ports/clock.ts";
import type { Market } from "../../routing/shape.ts";
import { createDice } from "../simulation/dice.ts";
import type { Ec2Api, Ec2Instance } from "./api.ts";
import { end, halt, interrupt } from "./boot.ts";
import { createClientTokens } from "./client-tokens.ts";
import { type Ec2Conditions, soundConditions } from "./conditions.ts";
import { createFleet } from "./create-fleet.ts";
import { createTags } from "./create-tags.ts";
import { describeInstances } from "./describe-instances.ts";
import { describeOfferings, describeSpotPrices } from "./describe-offerings.ts";
import { ec2Error } from "./ec2-error.ts";
import { createImageBook, type Ec2Image, type ImageBook } from "./images.ts";
import { type Machine, showInstance, stateAt } from "./instance.ts";
import { defaultInstanceTypes, type Ec2InstanceType } from "./instance-types.ts";
import { withKnownParameters } from "./known-parameters.ts";
import { createMachineBook } from "./machine-book.ts";
import { createOfferings, type Ec2Offering, type Ec2OfferingMatch } from "./offerings.ts";
import { runInstances } from "./run-instances.ts";
import { startInstances, stopInstances, terminateInstances } from "./steer-instances.ts";
import { createThrottle, type Ec2Action, type Ec2Limit, type Ec2Usage } from "./throttle.ts";
import type { Ec2LaunchTemplate, Ec2Lid, Ec2News, Ec2Times, Ec2World } from "./world.ts";

/** Options of {@link createSimulatedEc2}. */
export interface SimulatedEc2Options {
  /** Source of time. */
  readonly clock: Clock;
  /** Source of chance: the same seed gives the same region. */
  readonly entropy: Entropy;
  /** Name of the region. @defaultValue `us-east-1` */
  readonly region?: string;
  /** Its zones; each has one subnet, `subnet-<zone>`. @defaultValue `a`, `b` and `c` of the region */
  readonly zones?: readonly string[];
  /** What is sold. @defaultValue four families, 1 to 64 vCPUs */
  readonly types?: readonly Ec2InstanceType[];
  /** Whether an offering is sold at all. @defaultValue all are */
  readonly isSold?: (offering: Ec2Offering) => boolean;
  /** What launches start from. @defaultValue one for each system and architecture, such as `linux-arm64` */
  readonly templates?: readonly Ec2LaunchTemplate[];
  /** What launches may name besides the images of the templates. @defaultValue none */
  readonly images?: readonly Ec2Image[];
  /** vCPUs that may be used at once. @defaultValue no limit */
  readonly quotas?: Partial<Readonly<Record<Market, number>>>;
  /** Buckets that differ from what every account has; `false`: none. */
  readonly limits?: Partial<Readonly<Record<Ec2Action, Ec2Limit>>> | false;
  /** How long things take, where it differs from the defaults. */
  readonly times?: Partial<Ec2Times>;
  /** Mean time until a spot instance gets its notice, milliseconds. @defaultValue never */
  readonly spotLifeMs?: number;
  /** How long a terminated instance can be seen, milliseconds. @defaultValue an hour */
  readonly terminatedVisibleMs?: number;
  /** What is wrong from the start. @defaultValue nothing */
  readonly conditions?: Partial<Ec2Conditions>;
  /** Told what happens to instances, synchronously and after it happened. */
  readonly onNews?: (news: Ec2News) => void;
}

/** A region as it really is, and as its callers see it. */
export interface SimulatedEc2 {
  /** Its name, such as `us-east-1`. */
  readonly region: string;
  /** Names of all its zones, such as `us-east-1a`. */
  readonly zones: readonly string[];
  /** Every type that exists, also those that are sold nowhere. */
  readonly types: readonly Ec2InstanceType[];
  /** Everything that launches can start from. */
  readonly templates: readonly Ec2LaunchTemplate[];
  /** What instances boot from; changes what launches find. */
  readonly images: ImageBook;
  /** The account's buckets; an operation without any is absent. */
  readonly limits: Partial<Readonly<Record<Ec2Action, Ec2Limit>>>;
  /** What callers see. */
  readonly api: Ec2Api;
  /** The present instant, epoch milliseconds. */
  nowMs(): number;
  /** All instances as they are, terminated ones for as long as they can be seen; counts as no call. */
  instances(): readonly Ec2Instance[];
  /** The value of a tag; counts as no call. */
  tagOf(id: string, key: string): string | undefined;
  /** Calls by operation. */
  usage(): Readonly<Record<string, Ec2Usage>>;
  /** Changes what is wrong; what is not named stays. */
  change(conditions: Partial<Ec2Conditions>): void;
  /** From now on each matching offering holds so many instances. What runs goes on running. */
  setCapacity(match: Ec2OfferingMatch, count: number): void;
  /**
   * Makes one call that launches at most so many, as if there were no more room; a token that is known answers as ever.
   */
  withLid<T>(most: Ec2Lid, call: () => Promise<T>): Promise<T>;
  /** Gives spot instances their notice; they are gone two minutes later. Others are left alone. */
  interrupt(ids: readonly string[]): void;
  /** Ends instances without notice, as broken hardware does. */
  destroy(ids: readonly string[]): void;
  /** The operating system of an instance shuts down. */
  shutDown(id: string): void;
}

const seconds = 1_000;

/** Orders of magnitude of what others measured; a host that has measured its own images says so. */
export const defaultEc2Times: Ec2Times = Object.freeze({
  pendingMs: { medianMs: 8 * seconds, spread: 0.3 },
  bootMs: {
    linux: { medianMs: 40 * seconds, spread: 0.3 },
    windows: { medianMs: 300 * seconds, spread: 0.25 },
  },
  startMs: {
    linux: { medianMs: 18 * seconds, spread: 0.3 },
    windows: { medianMs: 75 * seconds, spread: 0.3 },
  },
  stopMs: { medianMs: 25 * seconds, spread: 0.4 },
  shutdownMs: { medianMs: 20 * seconds, spread: 0.4 },
});

const defaultTemplates: readonly Ec2LaunchTemplate[] = (["linux", "windows"] as const).flatMap(
  (os) =>
    (os === "linux" ? ["arm64", "x64"] : ["x64"]).map((arch, index) => ({
      id: `lt-0${os === "linux" ? index + 1 : 3}`,
      name: `${os}-${arch}`,
      imageId: `ami-${os}-${arch}`,
      os,
    })),
);

/**
 * One region of EC2, strict: it refuses what EC2 refuses, with EC2's codes, and its instances have states over time, on
 * the given clock. Several regions are several of these.
 *
 * What it does not model: networks, volumes, searches for images, fleets that are not `instant`, termination protection, hibernation.
 *
 * @throws A RangeError when a number is out of range or a name is empty.
 */
export function createSimulatedEc2(options: SimulatedEc2Options): SimulatedEc2 {
  const { clock, entropy, region = "us-east-1", terminatedVisibleMs = 3_600_000 } = options;
  const { zones = ["a", "b", "c"].map((letter) => `${region}${letter}`) } = options;
  const { types = defaultInstanceTypes, templates = defaultTemplates } = options;
  assertName(region, "region");
  assertInteger(terminatedVisibleMs, "terminatedVisibleMs", 0);
  if (zones.length === 0) throw new RangeError("A region has at least one zone");
  const dice = createDice(entropy);
  let conditions: Ec2Conditions = { ...soundConditions, ...options.conditions };
  let lastNumber = 0;
  let lid: Ec2Lid | undefined;
  const world: Ec2World = {
    clock,
    dice,
    region,
    zones,
    types: new Map(types.map((type) => [type.name, type])),
    templates: new Map(
      templates.flatMap((own) => [
        [own.id, own],
        [own.name, own],
      ]),
    ),
    images: createImageBook(templates, options.images),
    machines: createMachineBook(terminatedVisibleMs),
    offerings: createOfferings(options.isSold),
    throttle: createThrottle(options.limits),
    quotas: {
      spot: options.quotas?.spot ?? Number.POSITIVE_INFINITY,
      "on-demand": options.quotas?.["on-demand"] ?? Number.POSITIVE_INFINITY,
    },
    times: { ...defaultEc2Times, ...options.times },
    conditions: () => conditions,
    lid: () => lid,
    emit: (news) => {
      options.onNews?.(news);
      if (news.kind === "booting") reclaimLater(news.id);
    },
    next: () => {
      lastNumber += 1;
      return lastNumber;
    },
  };
  const { spotLifeMs = Number.POSITIVE_INFINITY } = options;

  /** Spot instances do not live for ever. */
  function reclaimLater(id: string): void {
    if (spotLifeMs === Number.POSITIVE_INFINITY) return;
    void clock.sleep(dice.wait(spotLifeMs)).then(() => {
      const machine = world.machines.find(id);
      if (machine !== undefined) interrupt(world, machine);
    });
  }

  /** One call: it arrives, is counted, and has its effect at once; the latency is whoever's who calls. */
  async function call<T>(action: Ec2Action, resources: number, work: () => T): Promise<T> {
    if (conditions.isDown) throw ec2Error("Unavailable", `EC2 in ${region} is unavailable`);
    world.throttle.admit(action, resources, clock.now());
    return work();
  }

  const runTokens = createClientTokens<readonly Machine[]>();
  const fleetTokens = createClientTokens<string>();
  const operations: Ec2Api = {
    runInstances: (input) =>
      call("RunInstances", input.MaxCount, () => runInstances(world, runTokens, input)),
    createFleet: (input) => call("CreateFleet", 0, () => createFleet(world, fleetTokens, input)),
    startInstances: (input) =>
      call("StartInstances", input.InstanceIds.length, () => startInstances(world, input)),
    stopInstances: (input) =>
      call("StopInstances", input.InstanceIds.length, () => stopInstances(world, input)),
    terminateInstances: (input) =>
      call("TerminateInstances", input.InstanceIds.length, () => terminateInstances(world, input)),
    createTags: ({ Resources, Tags }) =>
      call("CreateTags", 0, () => createTags(world, Resources, Tags)),
    describeInstances: (input = {}) =>
      call(
        input.Filters || input.InstanceIds || input.MaxResults
          ? "DescribeInstances"
          : "DescribeInstancesAll",
        0,
        () => describeInstances(world, input),
      ),
    describeInstanceTypeOfferings: (input = {}) =>
      call("DescribeInstanceTypeOfferings", 0, () => describeOfferings(world, input)),
    describeSpotPriceHistory: (input = {}) =>
      call("DescribeSpotPriceHistory", 0, () => describeSpotPrices(world, input)),
  };

  const each = (ids: readonly string[], act: (machine: Machine) => void): void => {
    for (const id of ids) {
      const machine = world.machines.find(id);
      if (machine !== undefined) act(machine);
    }
  };

  return {
    region,
    zones,
    types,
    templates,
    images: world.images,
    limits: world.throttle.limits,
    api: withKnownParameters(operations),
    nowMs: clock.now,
    instances: () => {
      const nowMs = clock.now();
      return [...world.machines.all(nowMs)].map((machine) => showInstance(machine, nowMs, true));
    },
    tagOf: (id, key) => world.machines.find(id)?.tags.get(key),
    usage: world.throttle.usage,
    change: (changed) => {
      conditions = { ...conditions, ...changed };
    },
    setCapacity: world.offerings.setCapacity,
    withLid: (most, work) => {
      lid = most;
      // The call has had its effect when it returns, before its answer is awaited.
      try {
        return work();
      } finally {
        lid = undefined;
      }
    },
    interrupt: (ids) => each(ids, (machine) => interrupt(world, machine)),
    destroy: (ids) => each(ids, (machine) => end(world, machine, "Server.InternalError")),
    shutDown: (id) =>
      each([id], (machine) => {
        if (stateAt(machine, clock.now()) !== "running") return;
        if (machine.onShutdown === "terminate") {
          end(world, machine, "Client.InstanceInitiatedShutdown");
        } else halt(world, machine, "Client.InstanceInitiatedShutdown");
      }),
  };
}
