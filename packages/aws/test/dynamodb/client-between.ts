import {
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandOutput,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";

/** An item of the index, as a query answers it. */
type Entry = NonNullable<QueryCommandOutput["Items"]>[number];

type Command = Parameters<DynamoDBClient["send"]>[0];

/** A client through which commands and answers go: what comes before a store, or is wrong about it. */
export function clientBetween(
  client: DynamoDBClient,
  between: {
    /** What is sent instead. */
    readonly command?: (command: Command) => Command;
    /** What is answered instead. */
    readonly answer?: (answer: unknown, command: Command) => unknown;
  },
): DynamoDBClient {
  const { command = (own) => own, answer = (own) => own } = between;
  const send = async (own: Command, options: object) =>
    answer(await client.send(command(own), options), own);
  return { send } as unknown as DynamoDBClient;
}

/** An index that answers something else than it has, to queries of one table. */
function withIndex(
  client: DynamoDBClient,
  entries: (found: readonly Entry[], table: string) => readonly Entry[],
): DynamoDBClient {
  return clientBetween(client, {
    answer: (answer, command) => {
      if (!(command instanceof QueryCommand) || command.input.IndexName === undefined)
        return answer;
      const { Items = [], ...rest } = answer as QueryCommandOutput;
      return { ...rest, Items: entries(Items, command.input.TableName ?? "") };
    },
  });
}

/** An index so far behind that it has nothing yet. */
export const blindIndex = (client: DynamoDBClient) => withIndex(client, () => []);

/** An index so far behind that it still has everything that it ever had. */
export function stickyIndex(client: DynamoDBClient): DynamoDBClient {
  const ever = new Map<string, Map<string, Entry>>();
  return withIndex(client, (found, table) => {
    const entries = ever.get(table) ?? new Map<string, Entry>();
    ever.set(table, entries);
    for (const entry of found) entries.set(entry["id"]?.S ?? "", entry);
    return [...entries.values()];
  });
}

/** The items of a transaction. */
export type TransactItems = NonNullable<TransactWriteItemsCommand["input"]["TransactItems"]>;

/** Transactions with their items changed, or left out. */
export function withItems(
  client: DynamoDBClient,
  change: (items: TransactItems) => TransactItems,
): DynamoDBClient {
  return clientBetween(client, {
    command: (own) => {
      if (!(own instanceof TransactWriteItemsCommand)) return own;
      // Another transaction under the same token would be refused.
      const { ClientRequestToken: _, ...input } = own.input;
      const TransactItems = change(input.TransactItems ?? []);
      return new TransactWriteItemsCommand({ ...input, TransactItems }) as unknown as Command;
    },
  });
}
