import type {
  LaunchAttempt,
  LaunchResult,
  MachineProvider,
  ObservedMachine,
  ObservedState,
} from "../../ports/machine-provider.ts";
import type { TestApi } from "../test-api.ts";
import type { ContractTime, Stage } from "./stage.ts";

/** What a provider can and cannot do. */
export interface MachineProviderTraits {
  /** Whether the provider lives by the virtual clock of the suite or by real time. @defaultValue `virtual` */
  readonly time?: ContractTime;
  /** Lets machines come closer to what they were told; called until they are there. @defaultValue 60 s of virtual or 100 ms of real time pass */
  readonly settle?: () => Promise<void>;
  /** The region that the provider under test serves. @defaultValue `us-east-1` */
  readonly region?: string;
  /** Exactly as many machines fit: adds the cases of partial success. At least 3. @defaultValue unknown */
  readonly capacity?: number;
  /** Sells spot machines, which cannot be stopped. @defaultValue false */
  readonly spot?: boolean;
  /** Adds the cases of many callers at once. @defaultValue false */
  readonly concurrent?: boolean;
}

/** What the parts of the suite share. */
export interface MachineProviderSuite {
  readonly api: TestApi;
  readonly traits: MachineProviderTraits;
  readonly region: string;
  check(
    name: string,
    body: (provider: MachineProvider, world: MachineWorld) => Promise<void>,
  ): void;
}

/** The means of one case. */
export interface MachineWorld {
  readonly stage: Stage;
  /** An attempt to buy on-demand machines; each name has a token of its own. */
  attempt(name: string, parts?: Partial<LaunchAttempt>): LaunchAttempt;
  /** Launches and waits until all that was bought runs. */
  running(provider: MachineProvider, attempt: LaunchAttempt): Promise<LaunchResult>;
  /** Every machine of an environment, as listed. */
  list(provider: MachineProvider, environment?: string): Promise<readonly ObservedMachine[]>;
  /** Waits until all these machines are listed in one of the states (`gone`: not listed); answers whether they are. */
  become(
    provider: MachineProvider,
    ids: readonly string[],
    ...states: readonly (ObservedState | "gone")[]
  ): Promise<boolean>;
}

/** How often machines are given time before a case gives up on them. */
const patience = 200;

/** The environment of most cases. */
const environment = "ci";

/** The means of one case, for a provider of this region. */
export function createWorld(
  stage: Stage,
  region: string,
  settle: () => Promise<void>,
): MachineWorld {
  function list(provider: MachineProvider, of = environment) {
    return provider.list({ environment: of, region });
  }

  async function become(
    provider: MachineProvider,
    ids: readonly string[],
    ...states: readonly (ObservedState | "gone")[]
  ): Promise<boolean> {
    for (let round = 0; round < patience; round += 1) {
      const listed = new Map((await list(provider)).map(({ id, state }) => [id, state]));
      if (ids.every((id) => states.includes(listed.get(id) ?? "gone"))) return true;
      await settle();
    }
    return false;
  }

  return {
    stage,
    list,
    become,
    attempt: (name, parts = {}) => ({
      id: `attempt-${name}`,
      token: `token-${name}`,
      shard: `${environment}/${region}`,
      environment,
      region,
      count: 1,
      shape: { os: "linux", cpu: { min: 2, max: 2 }, spot: false },
      markets: ["on-demand"],
      specHash: "spec-1",
      deadlineMs: stage.clock.now() + 86_400_000,
      ...parts,
    }),
    async running(provider, attempt) {
      const result = await provider.launch(attempt);
      const ids = result.machines.map(({ id }) => id);
      if (!(await become(provider, ids, "running"))) {
        throw new Error(`The machines of ${attempt.id} never ran`);
      }
      return result;
    },
  };
}
