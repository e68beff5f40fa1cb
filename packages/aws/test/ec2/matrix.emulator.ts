import { DescribeTagsCommand, EC2Client } from "@aws-sdk/client-ec2";
import type {
  LaunchAttempt,
  LaunchResult,
  MachineProvider,
  ObservedMachine,
  Outcome,
} from "@runs-fleet/core";
import { expect } from "vitest";
import {
  describeFaultMatrix,
  type Ending,
  type Hit,
  type MatrixCase,
} from "../../testing/matrix/fault-matrix.ts";
import type { CallName } from "../../testing/matrix/faults.ts";
import { impatient } from "../../testing/matrix/impatient.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { attemptFor } from "./attempts.ts";
import { type MotoAccount, openProvider, prepareAccount, readMotoTypes } from "./moto-stage.ts";

/** Accounts by the harness that has them: the cells of a matrix share one. */
const accounts = new WeakMap<TestAws, Promise<MotoAccount>>();

function accountOf(aws: TestAws): Promise<MotoAccount> {
  const known = accounts.get(aws);
  if (known !== undefined) return known;
  const made = readMotoTypes(aws).then((types) => prepareAccount(aws, types));
  accounts.set(aws, made);
  return made;
}

const call = (action: string): CallName => ({ service: "ec2", action });

/** What one cell works with: a provider that gives up soon, and one that looks at what is really there. */
interface Context {
  readonly aws: TestAws;
  readonly hasty: MachineProvider;
  readonly patient: MachineProvider;
  readonly attempt: LaunchAttempt;
}

async function contextFor(aws: TestAws, parts: Partial<LaunchAttempt> = {}): Promise<Context> {
  const account = await accountOf(aws);
  const name = aws.name("cell");
  const attempt = attemptFor(name, { environment: name, count: 2, ...parts });
  return {
    aws,
    hasty: openProvider(account, { ...impatient, maxAttempts: 3 }),
    patient: openProvider(account),
    attempt,
  };
}

function bought({ patient, attempt }: Context): Promise<readonly ObservedMachine[]> {
  const { environment, region, id: attemptId } = attempt;
  return patient.list({ environment, region, attemptId });
}

/** How the controller recovers an attempt whose answer was lost: it lists, and asks again while machines are missing. */
async function recover(context: Context): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    const found = await bought(context);
    if (found.length >= context.attempt.count) return found.length;
    const { failures } = await context.patient.launch(context.attempt);
    if (failures.length > 0) break;
  }
  return (await bought(context)).length;
}

/** Kinds that a refusal of the whole call must have; what is not here may only be a connection that broke. */
const kinds: Readonly<Record<string, string>> = {
  throttled: "throttled",
  "throttled-always": "throttled",
  denied: "auth",
  "credentials-expired": "auth",
  "set-up-missing": "config",
  "no-capacity": "capacity",
  "no-quota": "quota",
  "no-spot-quota": "quota",
  "no-addresses": "capacity",
  "machine-gone": "not-found",
};

function launching(name: string, action: string, zone?: string): MatrixCase<Context, LaunchResult> {
  return {
    name,
    calls: [call(action)],
    prepare: (aws) => contextFor(aws, zone === undefined ? {} : { zone }),
    act: ({ hasty, attempt }) => hasty.launch(attempt),
    async judge(context, ending, { fault }: Hit) {
      const { count } = context.attempt;
      const before = await bought(context);
      expect(before.length).toBeLessThanOrEqual(count);
      if (!ending.ok) {
        // A busy machine may be late at any call: that is a broken connection too.
        expect([kinds[fault.name] ?? "unavailable", "unavailable"]).toContain(ending.error.kind);
        const after = await recover(context);
        expect(after).toBeLessThanOrEqual(count);
        if (ending.error.kind !== "auth" && ending.error.kind !== "config")
          expect(after).toBe(count);
        return `${before.length} bought, ${after} after recovery`;
      }
      const { machines, failures } = ending.value;
      expect(before.map(({ id }) => id).sort()).toEqual(machines.map(({ id }) => id).sort());
      if (machines.length < count) expect(failures.length).toBeGreaterThan(0);
      return `${machines.length} of ${count}${failures[0] === undefined ? "" : `, ${failures[0].kind}`}`;
    },
  };
}

describeFaultMatrix({ title: "EC2 purchases", open: () => openAws() }, [
  launching("launch", "CreateFleet"),
  launching("launch in a zone", "RunInstances", "us-east-1a"),
]);

/** Machines that run, or are stopped, for the operations that steer them. */
interface Steered extends Context {
  readonly ids: readonly string[];
}

type Verb = "start" | "stop" | "terminate";

async function machinesFor(aws: TestAws, verb: string): Promise<Steered> {
  const context = await contextFor(aws, { markets: ["on-demand"] });
  const { machines } = await context.patient.launch(context.attempt);
  const ids = machines.map(({ id }) => id);
  if (verb === "start") await context.patient.stop(ids);
  return { ...context, ids };
}

/** One outcome for each id, and none that lies: what is said to be done is done. */
async function judgeOutcomes(
  ending: Ending<readonly Outcome[]>,
  ids: readonly string[],
  fault: string,
  isDone: (id: string) => boolean,
): Promise<string> {
  if (!ending.ok)
    throw new Error("It rejects, though each machine has an outcome", { cause: ending.error });
  expect(ending.value.map(({ id }) => id)).toEqual(ids);
  for (const { id, ok, failure } of ending.value) {
    if (ok) expect(isDone(id)).toBe(true);
    else expect([kinds[fault] ?? "unavailable", "unavailable"]).toContain(failure);
  }
  return [...new Set(ending.value.map(({ ok, failure }) => (ok ? "all" : failure)))].join(" ");
}

function steering(
  verb: Verb,
  action: string,
  states: readonly string[],
): MatrixCase<Steered, readonly Outcome[]> {
  return {
    name: verb,
    calls: [call(action)],
    prepare: (aws) => machinesFor(aws, verb),
    act: ({ hasty, ids }) => hasty[verb](ids),
    async judge(context, ending, { fault }) {
      const listed = new Map((await bought(context)).map(({ id, state }) => [id, state]));
      // What EC2 does not know has ended, also when it only says so.
      const isDone = (id: string) =>
        states.includes(listed.get(id) ?? "terminated") ||
        (verb === "terminate" && fault.name === "machine-gone");
      const note = await judgeOutcomes(ending, context.ids, fault.name, isDone);
      expect(await context.patient[verb](context.ids)).toEqual(
        context.ids.map((id) => ({ id, ok: true })),
      );
      return note;
    },
  };
}

const ringing: MatrixCase<Steered, readonly Outcome[]> = {
  name: "ring",
  calls: [call("CreateTags"), call("DescribeInstances")],
  prepare: (aws) => machinesFor(aws, "ring"),
  act: ({ hasty, ids }) => hasty.ring(ids, "nonce-1"),
  async judge({ aws, ids }, ending, { fault }) {
    const client = new EC2Client(aws.clientOptions());
    const filter = { Name: "resource-id", Values: [...ids] };
    const { Tags = [] } = await client.send(new DescribeTagsCommand({ Filters: [filter] }));
    client.destroy();
    const rung = new Set(
      Tags.flatMap(({ Key, Value, ResourceId }) =>
        Key === "runs-fleet:ring" && Value === "nonce-1" ? ResourceId : [],
      ),
    );
    return judgeOutcomes(ending, ids, fault.name, (id) => rung.has(id));
  },
};

describeFaultMatrix({ title: "EC2 machines", open: () => openAws() }, [
  steering("start", "StartInstances", ["pending", "running"]),
  steering("stop", "StopInstances", ["stopping", "stopped"]),
  steering("terminate", "TerminateInstances", ["shutting-down", "terminated"]),
  ringing,
]);

const listing: MatrixCase<Steered, readonly ObservedMachine[]> = {
  name: "list",
  calls: [call("DescribeInstances")],
  prepare: (aws) => machinesFor(aws, "list"),
  act: ({ hasty, attempt }) =>
    hasty.list({ environment: attempt.environment, region: attempt.region }),
  async judge({ ids }, ending, { fault }) {
    if (ending.ok) {
      expect(ending.value.map(({ id }) => id).sort()).toEqual([...ids].sort());
      return "all";
    }
    expect([kinds[fault.name] ?? "unavailable", "unavailable"]).toContain(ending.error.kind);
    return undefined;
  },
};

/** A provider that knows nothing yet asks where its subnets are; when EC2 does not say, it buys nothing. */
const subnets: MatrixCase<Context, LaunchResult> = {
  name: "launch",
  calls: [call("DescribeSubnets")],
  prepare: (aws) => contextFor(aws),
  act: ({ hasty, attempt }) => hasty.launch(attempt),
  async judge(context, ending, { fault }) {
    const { count } = context.attempt;
    const before = await bought(context);
    if (ending.ok) expect(before).toHaveLength(count);
    else {
      expect([kinds[fault.name] ?? "unavailable", "unavailable"]).toContain(ending.error.kind);
      expect(before).toEqual([]);
      expect((await context.hasty.launch(context.attempt)).machines).toHaveLength(count);
    }
    return `${before.length} bought`;
  },
};

describeFaultMatrix({ title: "EC2 reads", open: () => openAws() }, [listing]);
describeFaultMatrix({ title: "EC2 set-up", open: () => openAws() }, [subnets]);
