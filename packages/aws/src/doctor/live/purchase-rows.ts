import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateFleetCommand } from "@aws-sdk/client-ec2";
import type { Shape } from "@runs-fleet/core";
import { leaseKey, readLease } from "../../dynamodb/lease-item.ts";
import { tableNameOf } from "../../dynamodb/tables.ts";
import { fleetRequest } from "../../ec2/launch/purchase.ts";
import { type DoctorContext, known } from "../context.ts";
import { doctorAttempt, planPurchase, usualTemplates } from "../purchase/plan.ts";
import type { DoctorRow } from "../row.ts";
import { stackOf } from "../stack-of.ts";
import { listBought } from "./instance.ts";
import { pollFor } from "./poll.ts";

/** Nobody else may be at work: a controller ends machines that it does not know, and takes their reports. */
export const aloneRow: DoctorRow = {
  id: "alone",
  question: "Is no controller at work in this environment?",
  why: "It would take the reports of the doctor's machine, and end it: nobody has recorded it",
  isLive: true,
  after: ["identity"],
  unless: ["region", "tables"],
  async run(context) {
    const { clients, clock, options, region } = context;
    const shard = `${options.environment}/${region}`;
    const TableName = tableNameOf(stackOf(context).names.tablePrefix, "leases");
    const { Item } = await clients.dynamodb.send(
      new GetItemCommand({ TableName, Key: leaseKey(shard), ConsistentRead: true }),
    );
    const lease = Item === undefined ? undefined : readLease(Item, shard);
    if (lease === undefined || lease.expiresAtMs <= clock.now()) {
      return { verdict: "proven", detail: `nobody holds the lease of ${shard}` };
    }
    return {
      verdict: "disproven",
      detail: `${lease.owner} controls ${shard}`,
      advice:
        "make an environment for the doctor alone, by runs-fleet-aws stack apply --environment doctor",
    };
  },
};

/** What costs least and can run an agent: burstable, 2 processors, 2 to 4 GiB. */
function smallest(arch: "arm64" | "x64"): Shape {
  const families = arch === "arm64" ? ["t4g"] : ["t3a", "t3"];
  return {
    os: "linux",
    arch,
    cpu: { min: 2, max: 2 },
    ramGib: { min: 2, max: 4 },
    families,
    spot: false,
  };
}

/** Buys the machine of all that follows. */
export const boughtRow: DoctorRow = {
  id: "bought",
  question: "Does a fleet launch a machine?",
  why: "Everything below is asked of this machine",
  cost: "one t4g, t3a or t3 of 2 to 4 GiB on demand, for some 10 minutes: about a cent",
  onlyOnAws: "an emulator's machines are entries in a list",
  isLive: true,
  after: ["alone", "queues", "addresses"],
  unless: ["templates", "tags"],
  async run(context) {
    const { clients, clock, entropy, facts, probe } = context;
    const keys = facts.templates ?? usualTemplates;
    const arch = keys.includes("linux-arm64")
      ? "arm64"
      : keys.includes("linux-x64")
        ? "x64"
        : undefined;
    if (arch === undefined) {
      return { verdict: "skipped", detail: "because there is no launch template for Linux" };
    }
    const attempt = doctorAttempt(context, `doctor-${entropy.uuid()}`, smallest(arch), "on-demand");
    const purchase = await planPurchase(context, attempt);
    // Before it is sent: whatever the answer, a machine may be there.
    probe.purchase = purchase;
    const answer = await clients.ec2.send(new CreateFleetCommand(fleetRequest(purchase)));
    const errors = answer.Errors?.map(({ ErrorCode = "" }) => ErrorCode) ?? [];
    const named = answer.Instances?.flatMap(({ InstanceIds = [] }) => InstanceIds)[0];
    // An answer that was lost is asked for again by the SDK, and the second one need not name what the first has bought.
    const machineId = named ?? (errors.length === 0 ? await findBought(context) : undefined);
    if (machineId === undefined) {
      return {
        verdict: "disproven",
        detail: `the fleet launched nothing: ${[...new Set(errors)].join(", ") || "and did not say why"}`,
        advice:
          "capacity: name more subnets; a quota: ask for more; else correct what the code names",
      };
    }
    probe.machineId = machineId;
    probe.boughtAtMs = clock.now();
    if (answer.FleetId !== undefined) probe.fleetId = answer.FleetId;
    const type = answer.Instances?.[0]?.InstanceType ?? "";
    return {
      verdict: "proven",
      detail: `${machineId}, a ${type}`,
      evidence: { machineId, type, fleetId: answer.FleetId ?? "" },
    };
  },
};

const listingMs = 120_000;

async function findBought(context: DoctorContext): Promise<string | undefined> {
  return pollFor(context, { everyMs: 3_000, forMs: listingMs }, async () => {
    const [machine] = await listBought(context);
    return machine?.id;
  });
}

/** How late a listing is. */
export const listingRow: DoctorRow = {
  id: "listing",
  question: "How soon does a listing by the attempt's tag show the machine?",
  why: "Recovery goes by this listing; a machine that it does not show yet must not be bought again",
  onlyOnAws: "an emulator lists at once",
  isLive: true,
  after: ["bought"],
  async run(context) {
    const { clock, probe } = context;
    const found = await pollFor(context, { everyMs: 500, forMs: listingMs }, async () => {
      const machines = await listBought(context);
      return machines.some(({ id }) => id === probe.machineId) ? machines : undefined;
    });
    if (found === undefined) {
      return { verdict: "disproven", detail: `not within ${listingMs / 1_000} s` };
    }
    const listedMs = Math.max(0, clock.now() - known(probe.boughtAtMs, "the purchase"));
    return {
      verdict: "proven",
      detail: `at most ${listedMs} ms after the answer`,
      evidence: { listedMs },
    };
  },
};

/** How long a second machine would have to show, milliseconds. */
const secondMs = 20_000;

/** Whether a token buys once. */
export const replayRow: DoctorRow = {
  id: "replay",
  question: "Does the same request with the same token buy nothing more?",
  why: "A lost answer is asked for again by its token (EC2 guide, Ensuring idempotency)",
  onlyOnAws: "client tokens are kept by the proxy in front of the emulator",
  isLive: true,
  after: ["listing"],
  async run(context) {
    const { clients, probe } = context;
    const purchase = known(probe.purchase, "the purchase");
    const again = await clients.ec2.send(new CreateFleetCommand(fleetRequest(purchase)));
    const told = again.Instances?.flatMap(({ InstanceIds = [] }) => InstanceIds) ?? [];
    const second = await pollFor(context, { everyMs: 4_000, forMs: secondMs }, async () => {
      const others = (await listBought(context)).filter(({ id }) => id !== probe.machineId);
      return others.length > 0 ? others : undefined;
    });
    const isSameFleet = again.FleetId === probe.fleetId;
    const evidence = {
      sameFleet: String(isSameFleet),
      answerNames: told.length === 0 ? "no machine" : told.join(", "),
      others: second?.length ?? 0,
    };
    const foreign = told.filter((id) => id !== probe.machineId);
    if (second !== undefined || foreign.length > 0) {
      return { verdict: "disproven", detail: "the token has bought twice", evidence };
    }
    const answered =
      told.length === 0 ? "its answer names no machine" : "its answer names the machine";
    const fleet = isSameFleet ? "the same fleet" : "another fleet, without machines";
    return { verdict: "proven", detail: `${fleet}; ${answered}; the listing shows one`, evidence };
  },
};
