import { createMemoryMachineProvider } from "../src/embedded/memory-machine-provider.ts";
import type { MachineProvider } from "../src/ports/machine-provider.ts";
import { describeMachineProviderContract } from "../src/testing/contracts/machine-provider.ts";
import { type Defect, describeDefects } from "./defects.ts";

/** A provider with one defect. */
export interface ProviderDefect extends Defect {
  breakProvider(provider: MachineProvider): Partial<MachineProvider>;
}

/** What the providers under test serve, and how much of it. */
export const region = "us-east-1";
export const capacity = 4;

/** Proves a group of the contract of machine providers on broken ones. */
export function describeProviderDefects(group: string, defects: readonly ProviderDefect[]): void {
  describeDefects({
    noun: "a machine provider",
    group,
    defects,
    declare: (api, broken) =>
      describeMachineProviderContract({
        api,
        async create({ clock }) {
          const provider = createMemoryMachineProvider({
            clock,
            region,
            capacity,
            bootMs: 90_000,
            stopMs: 45_000,
          });
          return { ...provider, ...broken?.breakProvider(provider) };
        },
        traits: { capacity, spot: true, concurrent: true },
      }),
  });
}
