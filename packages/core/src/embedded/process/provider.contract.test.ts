import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeMachineProviderContract } from "../../testing/contracts/machine-provider.ts";
import { createProcessMachineProvider } from "./provider.ts";

const region = "us-east-1";
let parent: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "runs-fleet-process-contract-"));
});

afterAll(() => rm(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 }));

describeMachineProviderContract({
  api: { describe, it, expect },
  create: async ({ clock }) => {
    const provider = createProcessMachineProvider({
      directory: await mkdtemp(join(parent, "case-")),
      command: ["sleep", "30"],
      region,
      capacity: 4,
      clock,
    });
    return {
      ...provider,
      [Symbol.asyncDispose]: async () => {
        for (const environment of ["ci", "staging"]) {
          const machines = await provider.list({ environment, region });
          await provider.terminate(machines.map(({ id }) => id));
        }
        await provider[Symbol.asyncDispose]();
      },
    };
  },
  traits: { region, capacity: 4, spot: true, concurrent: true, settle: () => delay(5) },
});
