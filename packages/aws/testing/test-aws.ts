import { randomBytes, randomInt } from "node:crypto";
import type { Emulators } from "./emulators.ts";
import { type FaultProxy, startFaultProxy } from "./proxy/fault-proxy.ts";

/** Credentials as the SDKs take them. */
export interface TestCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An AWS account for tests: emulators behind a {@link FaultProxy}. */
export interface TestAws extends FaultProxy {
  /** 12 digits; nobody else has it. */
  readonly accountId: string;
  /** Those of the orchestrator. */
  readonly credentials: TestCredentials;
  /** The region of {@link TestAws.clientOptions} and {@link TestAws.environment}. Others work as well. */
  readonly region: string;
  /** What plays AWS here, and what it cannot. */
  readonly emulators: Emulators;
  /** Options of any SDK client: `new SQSClient(aws.clientOptions())`. `with` replaces some, or adds. */
  clientOptions<T extends object = object>(replace?: T): ClientOptions & T;
  /** Variables that point the SDKs of a process here. */
  environment(credentials?: TestCredentials): Readonly<Record<string, string>>;
  /** A name that no other test uses, such as `jobs-3f9a1c`: queues of fauxqs are in one account. */
  name(stem: string): string;
  /** Credentials of a machine: what it sends to queues is verified to come from this instance. */
  machine(instanceId: string, roleId?: string): TestCredentials;
}

/** What {@link TestAws.clientOptions} fills in. */
export interface ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: TestCredentials;
  /** Short, so that a black hole ends in a test: the SDK's own default is to wait for ever. */
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
}

/** How an account is made. */
export interface TestAwsOptions {
  /** The emulators that run. */
  readonly emulators: Emulators;
  /** @defaultValue `us-east-1` */
  readonly region?: string;
  /** What plays SQS: moto refuses FIFO queues here, fauxqs keeps their order. @defaultValue `moto` */
  readonly queues?: "moto" | "fauxqs";
  /** What plays DynamoDB. @defaultValue DynamoDB Local where there is one, else moto */
  readonly tables?: "moto" | "dynamodb-local";
}

/** An account with nothing in it. Throws an Error when an emulator that is asked for does not run. */
export async function startTestAws(options: TestAwsOptions): Promise<TestAws> {
  const { emulators, region = "us-east-1", queues = "moto", tables } = options;
  const { moto, dynamodbLocal, fauxqs } = emulators;
  if (tables === "dynamodb-local" && dynamodbLocal === undefined) {
    throw new Error(`There is no DynamoDB Local: ${emulators.missing.join("; ")}`);
  }
  const accountId = String(randomInt(100_000_000_000, 999_999_999_999));
  const proxy = await startFaultProxy({
    accountId,
    upstreams: {
      moto: moto.url,
      ...(dynamodbLocal === undefined || tables === "moto"
        ? {}
        : { dynamodbLocal: dynamodbLocal.url }),
      ...(queues === "moto" ? {} : { fauxqs: fauxqs.url }),
    },
  });
  const newCredentials = (): TestCredentials => ({
    accessKeyId: `AKIA${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString("hex"),
  });
  const own = newCredentials();
  return {
    ...proxy,
    accountId,
    credentials: own,
    region,
    emulators,
    clientOptions: <T extends object>(replace?: T) =>
      ({
        endpoint: proxy.url,
        region,
        credentials: own,
        requestHandler: {
          connectionTimeout: 1_000,
          requestTimeout: 5_000,
          throwOnRequestTimeout: true,
        },
        ...replace,
      }) as ClientOptions & T,
    environment: (credentials = own) => ({
      AWS_ENDPOINT_URL: proxy.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: "true",
    }),
    name: (stem) => `${stem}-${randomBytes(3).toString("hex")}`,
    machine(instanceId, roleId = "AROATESTROLE") {
      const credentials = newCredentials();
      proxy.senders.register(credentials.accessKeyId, { roleId, instanceId });
      return credentials;
    },
  };
}
