import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";

/** How long a connection may take to come about, milliseconds. */
const connectionTimeoutMs = 3_000;
/** How long a connection may be silent, milliseconds. A whole answer may take as long as its size needs. */
const silenceMs = 30_000;

/**
 * Makes a client of S3 that does not wait for ever, which is the SDK's default.
 *
 * @param config - As for the SDK's client, such as `{ region: "eu-west-1" }`; it wins.
 * @example
 * const objects = createS3Objects({ client: createS3Client({ region: "eu-west-1" }), bucket: "acme-runs-fleet" });
 */
export function createS3Client(config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    requestHandler: { connectionTimeout: connectionTimeoutMs, socketTimeout: silenceMs },
    ...config,
  });
}
