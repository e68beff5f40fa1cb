import { runnerPrefix } from "../../fleet/carry-out.ts";
import type { Clock, Entropy } from "../../ports/clock.ts";
import type { TableName } from "../../ports/state-store.ts";
import type { Truth } from "./truth.ts";

/** What another environment has in the same account, organisation and store. Nobody here may touch it. */
export interface Foreign {
  readonly environment: string;
  readonly machines: ReadonlySet<string>;
  readonly runners: ReadonlySet<string>;
  readonly records: readonly {
    readonly table: TableName;
    readonly id: string;
    readonly version: number;
  }[];
}

/** Nothing yet. */
export function noForeign(environment: string): Foreign {
  return { environment, machines: new Set(), runners: new Set(), records: [] };
}

const machineCount = 3;
const registeredAfterMs = 150 * 60_000;

/**
 * Gives the other environment its machines, runners at GitHub and records. It lies there like a fleet whose controller
 * is not looking: machines that nobody here bought, offline runners whose names look like ours, open records.
 */
export function settleForeign(
  truth: Truth,
  tools: {
    readonly clock: Clock;
    readonly entropy: Entropy;
    readonly note: (what: string) => void;
  },
): void {
  settle(truth, tools.clock, tools.entropy).catch((error: unknown) => {
    tools.note(`cannot settle: ${error instanceof Error ? error.message : String(error)}`);
  });
}

async function settle(truth: Truth, clock: Clock, entropy: Entropy): Promise<void> {
  const { provider, store, github, region } = truth;
  const { environment } = truth.foreign;
  const shard = `${environment}/${region}`;
  const id = entropy.uuid();
  const { machines } = await provider.launch({
    id,
    token: id,
    shard,
    environment,
    region,
    count: machineCount,
    shape: { os: "linux", cpu: { min: 2, max: 2 } },
    markets: ["on-demand"],
    pool: "prod-web",
    specHash: "prod",
    deadlineMs: clock.now() + 7 * 86_400_000,
  });
  const ids = machines.map((machine) => machine.id);
  const lease = await store.leases.acquire(shard, "prod-controller", 60_000);
  if (lease === undefined) throw new Error("Nobody else holds this lease");
  await store.commit(
    lease,
    ids.map((machineId) => ({
      table: "machines" as const,
      id: machineId,
      shard,
      open: true,
      expected: "absent" as const,
      value: { id: machineId, environment },
    })),
  );
  const records = await Promise.all(
    ids.map(async (machineId) => {
      const record = await store.get("machines", machineId);
      return { table: "machines" as const, id: machineId, version: record?.version ?? 0 };
    }),
  );
  const runners = new Set<string>();
  truth.foreign = { environment, machines: new Set(ids), runners, records };
  // GitHub forgets a registration that nobody uses after a day: these are to be there in the end.
  await clock.sleep(registeredAfterMs);
  for (const machineId of ids.slice(0, 2)) {
    const name = `${runnerPrefix(shard)}${machineId}-1`;
    await github.client.runners.mint("orgs/acme", { name, labels: ["prod"], groupId: 1 });
    runners.add(name);
  }
}
