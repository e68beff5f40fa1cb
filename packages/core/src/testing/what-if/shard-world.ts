import { createOrchestrator } from "../../orchestrator.ts";
import type { Orchestrator } from "../../orchestrator-port.ts";
import type { Clock } from "../../ports/clock.ts";
import type { DemandEvent, JobEvent } from "../../ports/demand-event.ts";
import type { StateStore, Write } from "../../ports/state-store.ts";
import type { Catalog } from "../../routing/index.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import { createAssignmentBoard } from "../machines/index.ts";
import { createSeededEntropy } from "../seeded-entropy.ts";
import { createDirectQueue } from "./direct-queue.ts";
import { createDirectStore } from "./direct-store.ts";
import type { GitHubModel } from "./github-model.ts";
import type { Luck } from "./luck.ts";
import { createMachinesModel } from "./machines-model.ts";
import type { Witness } from "./witness.ts";

/** One orchestrator with its machines. */
export interface ShardWorld {
  readonly orchestrator: Orchestrator;
  /** Puts what GitHub tells on the shard's queue. */
  deliver(event: JobEvent): void;
}

const minutes = 60_000;
const hours = 60 * minutes;

/**
 * What differs from the product's own timings: leases are never contested here and no webhook is lost, so that renewals and
 * sweeps change nothing but the time that a simulation takes.
 */
const relaxedTimings = {
  leaseMs: 48 * hours,
  leaseRenewMs: 12 * hours,
  sweepMs: 30 * minutes,
} as const;

function observed(store: StateStore, stored: (writes: readonly Write[]) => void): StateStore {
  return {
    ...store,
    commit: async (lease, writes, options) => {
      await store.commit(lease, writes, options);
      stored(writes);
    },
  };
}

/** Assembles a shard and starts its orchestrator. */
export async function createShardWorld(options: {
  readonly environment: string;
  readonly region: string;
  readonly catalog: Catalog;
  readonly seed: number;
  readonly clock: Clock;
  readonly github: GitHubModel;
  readonly luck: Luck;
  readonly witness: Witness;
}): Promise<ShardWorld> {
  const { environment, region, catalog, seed, clock, github, luck, witness } = options;
  // Jobs that lost their machine count as lost: a trace says nothing about runs that were never run again.
  const withoutReruns: Catalog = {
    ...catalog,
    policies: catalog.policies.map((policy) => ({ ...policy, rerun: { attempts: 0 } })),
  };
  const board = createAssignmentBoard(createDirectStore(clock));
  const demand = createDirectQueue<DemandEvent>(clock);
  const reports = createDirectQueue<AgentEvent>(clock);
  const shard = `${environment}/${region}`;
  const tools = { clock, board, reports, github, luck, witness };
  const machines = createMachinesModel({ shard, region, ...tools });
  const orchestrator = createOrchestrator({
    environment,
    owner: "what-if",
    catalog: async () => withoutReruns,
    store: observed(board.store, (writes) => {
      witness.stored(shard, writes);
      for (const { table, id, value } of writes) {
        if (table === "assignments" && value !== undefined) machines.assigned(id);
      }
    }),
    demand,
    reports,
    providers: { [region]: machines.provider },
    github: github.client,
    webhookSecrets: ["not used: no webhook is signed here"],
    timings: relaxedTimings,
    clock,
    entropy: createSeededEntropy(seed),
    onDecision: witness.decided,
  });
  await orchestrator.start();
  return {
    orchestrator,
    deliver: (event) => void demand.send([{ body: event, group: event.repository }]),
  };
}
