import { systemClock } from "@runs-fleet/core";
import { createFakeInstanceMetadata } from "@runs-fleet/core/testing";
import { expect, it } from "vitest";
import { openMachine } from "./readme-example.ts";

it("makes the README's machine with what its metadata says", async () => {
  const identity = { instanceId: "i-0a1b", region: "eu-west-1", accountId: "123456789012" };
  await using metadata = createFakeInstanceMetadata({
    identity,
    tags: { "runs-fleet:environment": "ci", "runs-fleet:ring": "nonce" },
    clock: systemClock,
  });
  const machine = await openMachine((await metadata.listen()).url);
  expect(machine.machineId).toBe("i-0a1b");
  expect(Object.keys(machine.assignments).sort()).toEqual(["blank", "read", "rung"]);
  await machine.assignments.rung(new AbortController().signal);
});
