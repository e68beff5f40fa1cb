import {
  CreateTagsCommand,
  type EC2Client,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  type CallOptions,
  type FailureKind,
  FleetError,
  type MachineProvider,
  type Outcome,
} from "@runs-fleet/core";
import { type BatchCall, eachOf, type Grouping } from "./batches.ts";
import { callEc2 } from "./call.ts";
import { listByIds } from "./list-machines.ts";
import { ec2TagKeys } from "./tag-rules.ts";

/** Most values of a filter. Source: EC2 API, Filter, read 2026-11-24. */
const mostFiltered = 200;

/** Starts, stops, ends and rings machines of one region. */
export function createSteering(clients: {
  /** Tries again what EC2 could not do. */
  readonly client: EC2Client;
  /** Tries each call once: a start may find no room, and trying again at once finds none either. */
  readonly launchClient: EC2Client;
}): Pick<MachineProvider, "start" | "stop" | "terminate" | "ring"> {
  const { client, launchClient } = clients;
  return {
    async start(ids, options) {
      const outcomes = await inBatches(
        ids,
        "start",
        options,
        (InstanceIds, http) => launchClient.send(new StartInstancesCommand({ InstanceIds }), http),
        (batch) => byOffering(client, batch, options),
      );
      return withEnded(client, outcomes, options);
    },
    async stop(ids, options) {
      const outcomes = await inBatches(ids, "stop", options, (InstanceIds, http) =>
        client.send(new StopInstancesCommand({ InstanceIds }), http),
      );
      return withEnded(client, outcomes, options);
    },
    async terminate(ids, options) {
      const outcomes = await inBatches(ids, "terminate", options, (InstanceIds, http) =>
        client.send(new TerminateInstancesCommand({ InstanceIds }), http),
      );
      // One that EC2 no longer knows has ended.
      return outcomes.map(({ id, ok, failure }) =>
        failure === "not-found" ? { id, ok: true } : { id, ok, ...(failure && { failure }) },
      );
    },
    async ring(ids, nonce, options) {
      const Tags = [{ Key: ec2TagKeys.ring, Value: nonce }];
      const [outcomes, deaf] = await Promise.all([
        inBatches(ids, "ring", options, (Resources, http) =>
          client.send(new CreateTagsCommand({ Resources, Tags }), http),
        ),
        whyDeaf(client, ids, options),
      ]);
      return outcomes.map((outcome) => replaced(outcome, deaf.get(outcome.id)));
    },
  };
}

function inBatches(
  ids: readonly string[],
  verb: string,
  options: CallOptions | undefined,
  send: (ids: string[], http: { readonly abortSignal?: AbortSignal }) => Promise<unknown>,
  groupsOf?: Grouping,
): Promise<readonly Outcome[]> {
  const call: BatchCall = (batch) => {
    const what = batch.length === 1 ? batch[0] : `${batch.length} machines`;
    return callEc2(`${verb} ${what}`, options, (http) => send([...batch], http));
  };
  return eachOf(ids, call, groupsOf);
}

/** Machines of one type, zone and market each: they need the same room. Those that nobody shows are in a group of their own. */
async function byOffering(
  client: EC2Client,
  ids: readonly string[],
  options: CallOptions | undefined,
): Promise<readonly (readonly string[])[]> {
  const listed = await told(listByIds(client, ids, options));
  const keys = new Map(
    listed?.map(({ id, instanceType, zone, market }) => [id, `${instanceType} ${zone} ${market}`]),
  );
  const groups = new Map<string | undefined, string[]>();
  for (const id of ids) {
    const key = keys.get(id);
    const own = groups.get(key) ?? [];
    groups.set(key, own);
    own.push(id);
  }
  return [...groups.values()];
}

function replaced({ id, ok, failure }: Outcome, by: FailureKind | undefined): Outcome {
  if (by !== undefined) return { id, ok: false, failure: by };
  return { id, ok, ...(failure === undefined ? {} : { failure }) };
}

/** States of these machines, as far as the listing shows them. */
async function statesOf(
  client: EC2Client,
  ids: readonly string[],
  options: CallOptions | undefined,
): Promise<ReadonlyMap<string, string>> {
  const states = new Map<string, string>();
  for (let start = 0; start < ids.length; start += mostFiltered) {
    const part = ids.slice(start, start + mostFiltered);
    for (const { id, state } of await listByIds(client, part, options)) states.set(id, state);
  }
  return states;
}

function hasEnded(state: string | undefined): boolean {
  return state === "terminated" || state === "shutting-down";
}

/**
 * EC2 says "wrong state" of a machine that has ended, and of one that is on its way. When nobody says which, it stays
 * `conflict`, which is tried again.
 */
async function withEnded(
  client: EC2Client,
  outcomes: readonly Outcome[],
  options: CallOptions | undefined,
): Promise<readonly Outcome[]> {
  const unclear = outcomes.filter(({ failure }) => failure === "conflict").map(({ id }) => id);
  if (unclear.length === 0) return outcomes;
  const states = await told(statesOf(client, unclear, options));
  return outcomes.map((outcome) =>
    outcome.failure === "conflict" && hasEnded(states?.get(outcome.id))
      ? { id: outcome.id, ok: false, failure: "not-found" }
      : outcome,
  );
}

/**
 * Why machines cannot hear a ring. EC2 tags machines in any state, so their states are asked for at the same time; when that
 * fails, what EC2 said of the tags is the answer.
 */
async function whyDeaf(
  client: EC2Client,
  ids: readonly string[],
  options: CallOptions | undefined,
): Promise<ReadonlyMap<string, FailureKind>> {
  const states = await told(statesOf(client, ids, options));
  const deaf = new Map<string, FailureKind>();
  for (const id of states === undefined ? [] : ids) {
    const state = states?.get(id);
    if (state === undefined || hasEnded(state)) deaf.set(id, "not-found");
    else if (state === "stopped" || state === "stopping") deaf.set(id, "conflict");
  }
  return deaf;
}

/** What a call comes to; `undefined` when EC2 does not tell. */
async function told<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (FleetError.isInstance(error)) return undefined;
    throw error;
  }
}
