import { type AwsAnswer, type Handle, type JsonBody, jsonOf, withJson } from "./exchange.ts";

/** Who a machine is to AWS. */
export interface MachineIdentity {
  /** The unique id of its role, such as `AROAEXAMPLE`. */
  readonly roleId: string;
  /** Its instance id. */
  readonly instanceId: string;
}

/** The verified senders of messages. */
export interface Senders {
  /** From now on calls with this access key are a machine's. Its metadata service gives each machine a key of its own. */
  register(accessKey: string, machine: MachineIdentity): void;
}

/** Messages whose sender is remembered; the oldest are forgotten. */
const mostMessages = 100_000;

/**
 * Plays the sender that SQS verifies: emulators answer one constant. What a message says about itself counts for nothing; who
 * signed the call that sent it does. A key that belongs to no machine is a user's.
 */
export function withSenders(next: Handle): Senders & { readonly handle: Handle } {
  const machines = new Map<string, MachineIdentity>();
  const keys = new Map<string, string>();
  const remember = (id: unknown, accessKey: string) => {
    // A FIFO queue answers a repeated message with the id of the first one, whose sender it stays.
    if (typeof id !== "string" || keys.has(id)) return;
    keys.set(id, accessKey);
    if (keys.size > mostMessages) keys.delete(keys.keys().next().value ?? "");
  };
  const senderOf = (accessKey: string) => {
    const machine = machines.get(accessKey);
    return machine === undefined ? `AIDA${accessKey}` : `${machine.roleId}:${machine.instanceId}`;
  };
  return {
    register: (accessKey, machine) => void machines.set(accessKey, machine),
    async handle(request) {
      const answer = await next(request);
      if (request.service !== "sqs" || answer.status !== 200) return answer;
      if (request.action === "ReceiveMessage") {
        return renamed(answer, (id) => {
          const key = keys.get(id);
          return key === undefined ? undefined : senderOf(key);
        });
      }
      if (request.action === "SendMessage")
        remember(jsonOf(answer)?.["MessageId"], request.accessKey);
      if (request.action === "SendMessageBatch") {
        for (const { MessageId } of listOf(jsonOf(answer), "Successful")) {
          remember(MessageId, request.accessKey);
        }
      }
      return answer;
    },
  };
}

/** Puts the sender into the messages that carry one: only who asks for it gets it. */
function renamed(answer: AwsAnswer, senderOf: (id: string) => string | undefined): AwsAnswer {
  const json = jsonOf(answer);
  const messages = listOf(json, "Messages");
  if (json === undefined || messages.length === 0) return answer;
  const Messages = messages.map((message) => {
    const attributes = message["Attributes"] as JsonBody | undefined;
    const sender = senderOf(String(message["MessageId"]));
    if (attributes?.["SenderId"] === undefined || sender === undefined) return message;
    return { ...message, Attributes: { ...attributes, SenderId: sender } };
  });
  return withJson(answer, { ...json, Messages });
}

function listOf(json: JsonBody | undefined, name: string): readonly JsonBody[] {
  const list = json?.[name];
  return Array.isArray(list) ? (list as readonly JsonBody[]) : [];
}
