import type { LaunchAttempt, MachineProvider } from "@runs-fleet/core";
import { describeMachineProviderContract } from "@runs-fleet/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import { type MotoTypes, openProvider, prepareAccount, readMotoTypes } from "./moto-stage.ts";

/** Cases that moto is known to fail: what it does instead, and how that shows. */
const lies: Readonly<Record<string, { readonly why: string; readonly shows: RegExp }>> = {
  "ends a machine for good": {
    why: "it brings a terminated machine back to life",
    shows: /to deeply equal/u,
  },
  "does not stop a spot machine": {
    why: "it stops one-time spot machines",
    shows: /to deeply equal/u,
  },
};

/** `it`, where a known lie has to show: a moto that has learnt is noticed. */
function declare(name: string, body: () => Promise<void> | void): void {
  const lie = lies[name];
  if (lie === undefined) it(name, body);
  else {
    it(`deviates: ${name} (${lie.why})`, async () => {
      await expect(async () => body()).rejects.toThrow(lie.shows);
    });
  }
}

let types: MotoTypes;
beforeAll(async () => {
  await using aws = await openAws();
  types = await readMotoTypes(aws);
});

/** A provider in an account of its own, which it closes. */
async function openAlone(): Promise<MachineProvider & AsyncDisposable> {
  const aws = await openAws();
  const account = await prepareAccount(aws, types);
  const provider = openProvider(account);
  return {
    ...provider,
    async [Symbol.asyncDispose]() {
      await provider[Symbol.asyncDispose]();
      await aws.close();
    },
  };
}

/** Lets every attempt name its zone, which makes it RunInstances. */
function inZone(provider: MachineProvider & AsyncDisposable): MachineProvider & AsyncDisposable {
  const named = (attempt: LaunchAttempt) => ({ ...attempt, zone: "us-east-1a" });
  return { ...provider, launch: (attempt, options) => provider.launch(named(attempt), options) };
}

for (const way of ["fleet", "zone"] as const) {
  describe(`the EC2 provider on moto, by ${way}`, () => {
    describeMachineProviderContract({
      api: { describe, it: declare, expect },
      create: async () => (way === "fleet" ? openAlone() : inZone(await openAlone())),
      traits: { time: "real", spot: true, concurrent: true },
    });
  });
}
