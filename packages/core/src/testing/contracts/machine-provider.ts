import type { MachineProvider } from "../../ports/machine-provider.ts";
import type { TestApi } from "../test-api.ts";
import { describeLaunching } from "./machine-provider-launching.ts";
import { describeSteering } from "./machine-provider-steering.ts";
import {
  createWorld,
  type MachineProviderSuite,
  type MachineProviderTraits,
} from "./machine-provider-suite.ts";
import { type ContractEnvironment, createCases } from "./stage.ts";

/** Options of {@link describeMachineProviderContract}. */
export interface MachineProviderContractOptions {
  /** The test runner's functions. */
  readonly api: TestApi;
  /** A provider without machines, for one case. Disposed of after the case when it can be. */
  create(environment: ContractEnvironment): Promise<MachineProvider>;
  /** What is special about the provider. */
  readonly traits?: MachineProviderTraits;
}

/** Declares the cases that every {@link MachineProvider} must pass. */
export function describeMachineProviderContract(options: MachineProviderContractOptions): void {
  const { api, traits = {} } = options;
  const { region = "us-east-1" } = traits;
  const check = createCases(api, options.create, traits.time);
  const suite: MachineProviderSuite = {
    api,
    traits,
    region,
    check: (name, body) =>
      check(name, (provider, stage) => {
        const settle = traits.settle ?? (() => stage.pass(traits.time === "real" ? 100 : 60_000));
        return body(provider, createWorld(stage, region, settle));
      }),
  };
  api.describe("MachineProvider contract", () => {
    api.describe("launching", () => describeLaunching(suite));
    api.describe("steering", () => describeSteering(suite));
  });
}
