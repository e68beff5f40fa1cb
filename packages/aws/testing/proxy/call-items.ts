import { type AwsRequest, formOf, jsonOf } from "./exchange.ts";

const lists: Readonly<Record<string, string>> = {
  TransactWriteItems: "TransactItems",
  TransactGetItems: "TransactItems",
  SendMessageBatch: "Entries",
  DeleteMessageBatch: "Entries",
  ChangeMessageVisibilityBatch: "Entries",
};

/**
 * How many things a call is about: the items of a transaction or a batch, the entries of a batch of messages, the machines of
 * an EC2 call. 1 when it does not say.
 */
export function itemsOf(request: AwsRequest): number {
  if (request.service === "ec2") return machinesOf(request);
  const list = lists[request.action];
  const json = list === undefined && !request.action.startsWith("Batch") ? {} : jsonOf(request);
  const entries = list === undefined ? undefined : json?.[list];
  if (Array.isArray(entries)) return entries.length;
  const tables = Object.values((json?.["RequestItems"] ?? {}) as Record<string, unknown>);
  return tables.reduce<number>((sum, table) => sum + lengthOf(table), 0) || 1;
}

/** A BatchWriteItem has a list per table, a BatchGetItem a list of keys in an object. */
function lengthOf(table: unknown): number {
  if (Array.isArray(table)) return table.length;
  const keys = (table as { readonly Keys?: unknown } | null)?.Keys;
  return Array.isArray(keys) ? keys.length : 0;
}

function machinesOf(request: AwsRequest): number {
  const form = formOf(request);
  const wanted =
    form.get("MaxCount") ?? form.get("TargetCapacitySpecification.TotalTargetCapacity");
  if (wanted !== null) return Number(wanted);
  const ids = [...form.keys()].filter((key) => /^(?:InstanceId|ResourceId)\.\d+$/u.test(key));
  return ids.length || 1;
}
