import {
  DescribeInstancesCommand,
  type EC2Client,
  type Filter,
  type Instance,
} from "@aws-sdk/client-ec2";
import type { CallOptions, ObservedMachine } from "@runs-fleet/core";
import { callEc2, everyPage } from "./call.ts";
import { observeInstance } from "./observe-instance.ts";

/** The largest page. Source: EC2 API, DescribeInstances, read 2026-11-24. */
const pageSize = 1_000;

/** A filter for this very value: `*`, `?` and `\` mean themselves. */
function exactly(name: string, values: readonly string[]): Filter {
  return { Name: name, Values: values.map((value) => value.replace(/[*?\\]/gu, "\\$&")) };
}

async function listWhere(
  client: EC2Client,
  Filters: Filter[],
  options: CallOptions | undefined,
): Promise<readonly Instance[]> {
  const pages = await everyPage((NextToken) =>
    callEc2("list the machines", options, (http) =>
      client.send(new DescribeInstancesCommand({ Filters, MaxResults: pageSize, NextToken }), http),
    ),
  );
  return pages
    .flatMap(({ Reservations = [] }) => Reservations)
    .flatMap(({ Instances = [] }) => Instances);
}

/** Every instance that has all these tags, as EC2 shows it: all pages, or it rejects. */
export function instancesByTags(
  client: EC2Client,
  tags: Readonly<Record<string, string>>,
  options?: CallOptions,
): Promise<readonly Instance[]> {
  const filters = Object.entries(tags).map(([key, value]) => exactly(`tag:${key}`, [value]));
  return listWhere(client, filters, options);
}

/** {@link instancesByTags} as the port speaks of them. */
export async function listByTags(
  client: EC2Client,
  tags: Readonly<Record<string, string>>,
  options?: CallOptions,
): Promise<readonly ObservedMachine[]> {
  return (await instancesByTags(client, tags, options)).map(observeInstance);
}

/** Those of these machines that the listing shows; unlike a question for ids, it does not fail for one that is not there. */
export async function listByIds(
  client: EC2Client,
  ids: readonly string[],
  options?: CallOptions,
): Promise<readonly ObservedMachine[]> {
  const instances = await listWhere(client, [exactly("instance-id", ids)], options);
  return instances.map(observeInstance);
}
