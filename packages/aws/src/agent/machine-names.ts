import { stackNames } from "../stack/names.ts";
import { placeOf } from "../stack/place.ts";
import type { MachineIdentity } from "./metadata/documents.ts";

/** What a machine's environment is called in AWS. */
export interface MachineNames {
  /** Begins the names of the tables. */
  readonly tablePrefix: string;
  /** Begins the keys of assignments: with the machine's id behind it, its ARN. */
  readonly assignmentKeyPrefix: string;
  /** Where the machine reports. */
  readonly reportsQueueUrl: string;
  /** Where its log goes. */
  readonly bucket: string;
  /** Key of its log in the bucket; the machine may write below it and nowhere else. */
  readonly logKey: string;
}

/**
 * The names of a stack that was made with none of its own, as one of its machines uses them.
 *
 * @param environment - What the machine's tag `runs-fleet:environment` says.
 * @throws A TypeError when no environment can be called so.
 * @example
 * machineNames("ci", identity).reportsQueueUrl; // "https://sqs.eu-west-1.amazonaws.com/123456789012/runs-fleet-ci-reports"
 */
export function machineNames(
  environment: string,
  identity: Pick<MachineIdentity, "accountId" | "instanceId" | "region">,
): MachineNames {
  const { accountId, instanceId, region } = identity;
  const place = placeOf(region, accountId);
  const { tablePrefix, queues, bucket, instanceArnPrefix } = stackNames(environment, place);
  return {
    tablePrefix,
    assignmentKeyPrefix: instanceArnPrefix,
    reportsQueueUrl: `https://sqs.${region}.${place.urlSuffix}/${accountId}/${queues.reports}`,
    bucket,
    logKey: `logs/${instanceArnPrefix}${instanceId}/agent`,
  };
}
