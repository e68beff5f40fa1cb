import { DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import type { DoctorContext } from "../context.ts";
import { known } from "../context.ts";
import type { DoctorRow } from "../row.ts";
import { stackOf } from "../stack-of.ts";

/** Whether the region is there and enabled, and whether it is the one in which the environment is. */
export const regionRow: DoctorRow = {
  id: "region",
  question: "Is the region enabled, and the environment in it?",
  why: "In another region everything looks as if it were missing",
  onlyOnAws: "an emulator has every region enabled",
  after: ["identity"],
  async run(context) {
    const { clients, region } = context;
    const { Regions = [] } = await clients.ec2.send(
      new DescribeRegionsCommand({ AllRegions: true }),
    );
    const found = Regions.find(({ RegionName }) => RegionName === region);
    const status = found?.OptInStatus ?? "unknown to EC2";
    if (found === undefined || status === "not-opted-in") {
      return {
        verdict: "disproven",
        detail: `${region} is ${status}`,
        advice: "name another region, or enable this one for the account",
      };
    }
    const elsewhere = await otherRegions(context);
    const evidence = { region, optIn: status };
    if (elsewhere === undefined)
      return { verdict: "proven", detail: `${region} is enabled`, evidence };
    return {
      verdict: "disproven",
      detail: `${region} is enabled, but the bucket of ${context.options.environment} is in ${elsewhere.join(" and ")}`,
      evidence,
      advice: `say --region ${elsewhere[0]}`,
    };
  },
};

/** Where the environment's bucket is, when it is not here; `undefined` when it is here, nowhere, or may not be looked for. */
async function otherRegions(context: DoctorContext): Promise<readonly string[] | undefined> {
  const { clients, region, facts } = context;
  const { accountId } = known(facts.identity, "the account");
  const Prefix = `${stackOf(context).names.prefix}${accountId}-`;
  try {
    const { Buckets = [] } = await clients.s3.send(new ListBucketsCommand({ Prefix }));
    return regionsOf(
      Buckets.flatMap(({ Name }) => Name ?? []),
      Prefix,
      region,
    );
  } catch {
    // A hint only: who may not list buckets still learns which tables are missing.
    return undefined;
  }
}

/** The regions that names of buckets end with; `undefined` when the one that is meant is among them, or there are none. */
export function regionsOf(
  buckets: readonly string[],
  prefix: string,
  region: string,
): readonly string[] | undefined {
  const regions = buckets
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  return regions.length === 0 || regions.includes(region) ? undefined : regions.sort();
}
