import { createDynamodbClient, createDynamodbStore } from "@runs-fleet/aws/dynamodb";
import { createEc2Clients, createEc2MachineProvider } from "@runs-fleet/aws/ec2";
import { createS3Client, createS3Objects } from "@runs-fleet/aws/s3";
import {
  createMachineSenders,
  createSqsClients,
  createSqsQueue,
  parseEc2Notice,
  readSqsBacklog,
  type SqsPoison,
  withHeartbeat,
} from "@runs-fleet/aws/sqs";
import { type ConfigReader, createConfigReader } from "@runs-fleet/config";
import {
  type Catalog,
  type DeliveryLog,
  type DemandEvent,
  FleetError,
  type MachineNotice,
  type MachineProvider,
  type MessageQueue,
  parseDemandEvent,
  type StateStore,
} from "@runs-fleet/core";
import { createMemoryDeliveries } from "@runs-fleet/core/embedded";
import { type AgentEvent, parseAgentEvent } from "@runs-fleet/core/wire";
import { createCatalogReader } from "./catalog.ts";
import type { Log } from "./log.ts";
import type { CommonSettings, ControllerSettings } from "./settings.ts";

/** What every role has of AWS. */
export interface SharedAdapters extends AsyncDisposable {
  readonly catalog: () => Promise<Catalog>;
  readonly store: StateStore;
  /** In memory: a table of deliveries would cost more than all else that a job writes, to save what does no harm. */
  readonly deliveries: DeliveryLog;
  readonly demand: MessageQueue<DemandEvent>;
  /** Rejects when the queue of jobs cannot be used. Takes nothing from it. */
  lookAtDemand(): Promise<unknown>;
}

/** What the controller has besides. */
export interface ControllerAdapters extends AsyncDisposable {
  readonly reports: MessageQueue<AgentEvent>;
  readonly notices: MessageQueue<MachineNotice>;
  readonly provider: MachineProvider;
  /** Rejects when the queue of reports cannot be used. Takes nothing from it. */
  lookAtReports(): Promise<unknown>;
  /** The same of the queue of notices. */
  lookAtNotices(): Promise<unknown>;
}

const poisonTold = (queue: string, log: Log) => {
  return ({ cause, sender }: SqsPoison): void =>
    log({ code: cause.code, message: `${queue}, from ${sender ?? "nobody"}: ${cause.message}` });
};

/** What a controller applied last, by the store: whoever takes webhooks needs no credential of GitHub's for it. */
function readInForce(
  reader: ConfigReader,
  { repository, path }: { readonly repository: string; readonly path: string },
): () => Promise<Catalog> {
  return async () => {
    const current = await reader.current();
    if (current) return current.config.catalog;
    const message = `No configuration is in force yet: ${path} of ${repository} was never sound, or never there, when a controller looked`;
    throw new FleetError({ kind: "config", message });
  };
}

/** Opens what every role needs. Nothing is called yet. */
export function openShared(
  settings: CommonSettings & Partial<Pick<ControllerSettings, "assignmentKeyPrefix">>,
  owner: string,
  log: Log,
): SharedAdapters {
  const { region, tablePrefix, demandQueueUrl, assignmentKeyPrefix } = settings;
  const dynamodb = createDynamodbClient({ region });
  const sqs = createSqsClients({ region });
  const s3 = createS3Client({ region });
  const store = createDynamodbStore({
    client: dynamodb,
    tablePrefix,
    owner,
    ...(assignmentKeyPrefix === undefined ? {} : { assignmentKeyPrefix }),
  });
  const { configuration } = settings;
  return {
    catalog:
      "catalog" in configuration
        ? createCatalogReader(configuration.catalog, (bucket) =>
            createS3Objects({ client: s3, bucket }),
          )
        : readInForce(createConfigReader({ store, ...configuration }), configuration),
    store,
    deliveries: createMemoryDeliveries(),
    demand: withHeartbeat(
      createSqsQueue({
        client: sqs.client,
        longPollClient: sqs.longPollClient,
        queueUrl: demandQueueUrl,
        parse: parseDemandEvent,
        onPoison: poisonTold("demand", log),
      }),
    ),
    lookAtDemand: () => readSqsBacklog({ client: sqs.client, queueUrl: demandQueueUrl }),
    async [Symbol.asyncDispose]() {
      dynamodb.destroy();
      s3.destroy();
      await sqs[Symbol.asyncDispose]();
    },
  };
}

/** Opens what the controller needs besides. Nothing is called yet. */
export function openController(settings: ControllerSettings, log: Log): ControllerAdapters {
  const { region, accountId, reportsQueueUrl, noticesQueueUrl, machineRoleIds } = settings;
  const { launchTemplates, subnetIds, tags } = settings;
  const ec2 = createEc2Clients({ region });
  const sqs = createSqsClients({ region });
  return {
    reports: createSqsQueue({
      client: sqs.client,
      longPollClient: sqs.longPollClient,
      queueUrl: reportsQueueUrl,
      parse: parseAgentEvent,
      senderOf: createMachineSenders({ roleIds: machineRoleIds }),
      onPoison: poisonTold("reports", log),
    }),
    notices: createSqsQueue({
      client: sqs.client,
      longPollClient: sqs.longPollClient,
      queueUrl: noticesQueueUrl,
      parse: (body) => parseEc2Notice(body, { region, accountId }),
      onPoison: poisonTold("notices", log),
    }),
    provider: createEc2MachineProvider({
      client: ec2.client,
      launchClient: ec2.launchClient,
      region,
      launchTemplates,
      subnetIds,
      tags,
    }),
    lookAtReports: () => readSqsBacklog({ client: sqs.client, queueUrl: reportsQueueUrl }),
    lookAtNotices: () => readSqsBacklog({ client: sqs.client, queueUrl: noticesQueueUrl }),
    async [Symbol.asyncDispose]() {
      await ec2[Symbol.asyncDispose]();
      await sqs[Symbol.asyncDispose]();
    },
  };
}
