import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describeStateStoreContract, type TestApi } from "@runs-fleet/core/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { blindIndex, stickyIndex } from "./client-between.ts";
import { openStage } from "./stage.ts";

let aws: TestAws;
let client: DynamoDBClient;
beforeAll(async () => {
  aws = await openAws();
  client = new DynamoDBClient(aws.clientOptions());
});
afterAll(async () => {
  client.destroy();
  await aws.close();
});

const api: TestApi = { describe, it, expect };

describeStateStoreContract({
  api,
  create: async ({ clock }) => (await openStage(aws, { client })).store({ clock }),
  // Without DynamoDB Local moto plays it, which lets several of many writers win.
  traits: { concurrent: inject("emulators").dynamodbLocal !== undefined },
});

/** Declares one group of the suite only. */
const readingOnly: TestApi = {
  ...api,
  describe: (name, body) => {
    if (name === "StateStore contract" || name === "reading") describe(name, body);
  },
};

describe.each([
  ["has nothing yet", blindIndex],
  ["still has what was closed and deleted", stickyIndex],
] as const)("with an index that %s", (_, through) => {
  describeStateStoreContract({
    api: readingOnly,
    create: async ({ clock }) =>
      (await openStage(aws, { client })).store({ clock, client: through(client) }),
  });
});
