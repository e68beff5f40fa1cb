import type { SQSClient } from "@aws-sdk/client-sqs";

type Command = Parameters<SQSClient["send"]>[0];

/** The name of the operation that a command is, such as `SendMessageBatch`. */
function operationOf(command: object): string {
  return command.constructor.name.replace(/Command$/u, "");
}

/** A client through which commands and answers go: what is wrong about a queue. */
export function clientBetween(
  client: SQSClient,
  between: {
    /** What is asked instead. */
    readonly input?: (operation: string, input: object) => object;
    /** What is answered instead. */
    readonly output?: (operation: string, output: object, input: object) => object;
    /** Options that are passed on. */
    readonly options?: (options: object) => object;
    /** Operations that are not sent, but answered as if all were done. */
    readonly swallows?: (operation: string, input: object) => boolean;
  },
): SQSClient {
  const { input = (_, own) => own, output = (_, own) => own, options = (own) => own } = between;
  const send = async (own: Command, http: object) => {
    const operation = operationOf(own);
    if (between.swallows?.(operation, own.input)) {
      return { Successful: entriesOf(own.input).map(({ Id }) => ({ Id })) };
    }
    const Changed = own.constructor as new (input: object) => Command;
    const command = new Changed(input(operation, own.input));
    return output(operation, (await client.send(command, options(http))) as object, own.input);
  };
  return { send } as unknown as SQSClient;
}

/** The entries of a batch. */
export function entriesOf(input: object): readonly { readonly Id: string }[] {
  return "Entries" in input ? (input.Entries as readonly { readonly Id: string }[]) : [];
}
