import type { Compiled } from "@runs-fleet/scheduling";
import type { JobEvent } from "../../ports/demand-event.ts";
import type { Catalog } from "../../routing/index.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { createGitHubModel } from "./github-model.ts";
import { groupNumbers } from "./groups.ts";
import type { JobLife } from "./lives.ts";
import { createLuck } from "./luck.ts";
import type { BootProfiles, DelayProfile } from "./options.ts";
import { createShardWorld, type ShardWorld } from "./shard-world.ts";
import { createWitness, type Witness } from "./witness.ts";

/** One run: what happened under one seed. */
export interface Lived {
  readonly seed: number;
  readonly witness: Witness;
  /** Schedules of the pools as their controllers used them: from these instants on. */
  readonly schedules: ReadonlyMap<
    string,
    readonly { readonly atMs: number; readonly compiled: Compiled }[]
  >;
}

const minutes = 60_000;
/** The fleet has this long to reach its targets before the first moment that counts. */
const warmUpMs: number = 30 * minutes;
/** Jobs that wait at the end of the horizon have this long to be started, or given up: longer than a job's deadline. */
const longestTailMs = 120 * minutes;
const stepMs = 60 * minutes;
const tailStepMs = 5 * minutes;

/** Every shard that the catalog or a job needs, `environment/region`, in the catalog's order. */
function shardsOf(catalog: Catalog, lives: readonly JobLife[]): readonly string[] {
  const wanted = new Set(lives.map(({ shard }) => shard));
  for (const { environment, regions } of catalog.pools) {
    for (const { name } of regions) wanted.add(`${environment}/${name}`);
  }
  return catalog.environments
    .flatMap(({ name, regions }) => regions.map((region) => `${name}/${region}`))
    .filter((shard) => wanted.has(shard));
}

/** Lives through the horizon once, with the real orchestrators. */
export async function live(options: {
  readonly catalog: Catalog;
  /** In order of time; written to. */
  readonly lives: readonly JobLife[];
  readonly horizon: { readonly fromMs: number; readonly toMs: number };
  readonly seed: number;
  readonly boots: BootProfiles | undefined;
  readonly delays: DelayProfile;
  readonly interruptionsPerHour: number;
  readonly onProgress: (part: number) => void;
  readonly signal: AbortSignal | undefined;
}): Promise<Lived> {
  const { catalog, lives, horizon, seed, onProgress, signal } = options;
  const clock = createVirtualClock(horizon.fromMs - warmUpMs);
  const witness = createWitness(lives, clock.now);
  const luck = createLuck(options);
  const shards = new Map<string, ShardWorld>();
  const github = createGitHubModel({
    clock,
    owners: new Set(lives.map(({ owner }) => owner)),
    groups: groupNumbers(catalog),
    tell: (life, event: JobEvent) => {
      const shard = shards.get(life.shard);
      // Word of starts and ends changes nothing for those who wait: it comes with the report of the machine.
      if (event.action !== "queued") shard?.deliver(event);
      else {
        void clock
          .sleep(luck.webhookMs(life.index))
          .then(() => shard?.deliver({ ...event, receivedAtMs: clock.now() }));
      }
    },
  });
  for (const [index, shard] of shardsOf(catalog, lives).entries()) {
    const [environment = "", region = ""] = shard.split("/");
    const world = { environment, region, catalog, clock, github, luck, witness };
    shards.set(shard, await createShardWorld({ ...world, seed: seed + index * 7_919 }));
  }

  const queueAll = async (): Promise<void> => {
    for (const life of lives) {
      const { job } = life;
      if (job.queuedAtMs > clock.now()) await clock.sleep(job.queuedAtMs - clock.now());
      witness.queued(life);
      github.queue(life);
      if (job.conclusion !== "cancelled" || job.startedAtMs !== undefined) continue;
      void clock.sleep(job.durationMs).then(() => {
        github.cancel(life);
        if (life.fate === "cancelled") witness.cancelled(life);
      });
    }
  };
  void queueAll();

  const schedules = new Map<string, { atMs: number; compiled: Compiled }[]>();
  const noteSchedules = async (): Promise<void> => {
    for (const { orchestrator } of shards.values()) {
      for (const { name, region, config, schedule } of await orchestrator.pools()) {
        // Each region learns a lead of its own; the first one's stands for all.
        if (schedule === undefined || config.regions[0]?.name !== region) continue;
        const list = schedules.get(name) ?? [];
        schedules.set(name, list);
        if (list.at(-1)?.compiled !== schedule) {
          list.push({ atMs: clock.now(), compiled: schedule });
        }
      }
    }
  };

  const wholeMs = horizon.toMs - horizon.fromMs + warmUpMs;
  const runTo = async (atMs: number): Promise<void> => {
    signal?.throwIfAborted();
    await clock.runUntil(atMs);
    await noteSchedules();
    onProgress(Math.min(1, (atMs - horizon.fromMs + warmUpMs) / wholeMs));
  };
  await runTo(clock.now());
  while (clock.now() < horizon.toMs) {
    await runTo(Math.min(horizon.toMs, clock.now() + stepMs));
  }
  while (witness.open() > 0 && clock.now() < horizon.toMs + longestTailMs) {
    await runTo(clock.now() + tailStepMs);
  }
  // The orchestrators are not stopped: without a clock that moves they are only memory to be freed.
  return { seed, witness, schedules };
}
