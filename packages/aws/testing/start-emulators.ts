import { findDynamodbLocal, startDynamodbLocal } from "../../../scripts/lib/dynamodb-local.mjs";
import { findFauxqs, startFauxqs } from "../../../scripts/lib/fauxqs.mjs";
import { findMoto, startMoto } from "../../../scripts/lib/moto.mjs";
import type { Emulators } from "./emulators.ts";

/** Emulators that run until they are closed. */
export interface StartedEmulators extends AsyncDisposable {
  /** What they are. */
  readonly emulators: Emulators;
  /** Ends them. */
  close(): Promise<void>;
}

/** Starts the emulators on free ports of the loopback interface, and wakes them. */
export async function startEmulators(): Promise<StartedEmulators> {
  const { python, version } = await findMoto();
  const local = await findDynamodbLocal();
  const fauxqs = findFauxqs();
  const started = await Promise.all([
    startMoto(python),
    startFauxqs(fauxqs.folder),
    ...("missing" in local ? [] : [startDynamodbLocal(local.folder)]),
  ]);
  const [moto, queues, tables] = started;
  await Promise.all([
    wakeMoto(moto.url),
    tables === undefined ? undefined : wakeTables(tables.url),
  ]);
  const missing =
    "missing" in local
      ? [
          `conditional writes and transactions under concurrency: no DynamoDB Local, ${local.missing}`,
        ]
      : [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map(({ stop }) => stop()));
  };
  return {
    emulators: {
      moto: { url: moto.url, version, binary: `${python} -m moto.server` },
      fauxqs: { url: queues.url, version: fauxqs.version, binary: fauxqs.folder },
      dynamodbLocal:
        tables === undefined || "missing" in local
          ? undefined
          : {
              url: tables.url,
              version: local.version,
              binary: `${local.folder}/DynamoDBLocal.jar`,
            },
      missing,
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const scope = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=wake/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

/** EC2's first call loads its tables, which takes longer than a client waits. */
async function wakeMoto(url: string): Promise<void> {
  const body = new URLSearchParams({ Action: "DescribeSubnets", Version: "2016-11-15" });
  await fetch(url, { method: "POST", headers: { authorization: scope("ec2") }, body });
}

/** The first table lets Java load half of its classes. */
async function wakeTables(url: string): Promise<void> {
  const body = JSON.stringify({
    TableName: "wake",
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  const headers = {
    authorization: scope("dynamodb"),
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "DynamoDB_20120810.CreateTable",
  };
  await fetch(url, { method: "POST", headers, body });
}
