import {
  createRunnerMirror,
  createS3Client,
  createS3Log,
  createS3Objects,
  type S3Objects,
} from "@runs-fleet/aws/s3";

const client = createS3Client({ region: "eu-west-1" });
const objects = createS3Objects({ client, bucket: "acme-runs-fleet", prefix: "ci/" });

/** Archives of the runner, by their SHA-256. */
export const runners = createRunnerMirror(objects);

/** The log of one machine. */
export const logOf = (machineId: string) => createS3Log(objects, `logs/${machineId}/agent`);

/** Stores a configuration, unless somebody else has stored one since `etag` was read. */
export async function replaceSnapshot(
  snapshots: S3Objects,
  text: string,
  etag?: string,
): Promise<boolean> {
  const when = etag === undefined ? "absent" : { etag };
  const { outcome } = await snapshots.put("configuration/current.json", text, { when });
  return outcome === "stored";
}
