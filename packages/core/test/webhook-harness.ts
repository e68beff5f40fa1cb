import { createRequire } from "node:module";
import { createWebhookHandler, type WebhookHandlerOptions } from "../src/demand/index.ts";
import { signBody } from "../src/demand/signature.ts";
import type { DeliveryLog } from "../src/ports/delivery-log.ts";
import type { DemandEvent } from "../src/ports/demand-event.ts";
import type { Message, MessageQueue, SendOutcome } from "../src/ports/message-queue.ts";

/** The secret of the harness's webhook. */
export const secret = "It's a Secret to Everybody";

/** A queue that keeps what it was sent; `answer` decides what becomes of a send. */
export function recordingQueue(
  answer: (message: Message<DemandEvent>) => SendOutcome | Promise<SendOutcome> = () => ({
    ok: true,
  }),
): MessageQueue<DemandEvent> & { readonly sent: Message<DemandEvent>[] } {
  const sent: Message<DemandEvent>[] = [];
  const unused = async (): Promise<never> => {
    throw new Error("Intake only sends");
  };
  return {
    sent,
    send: async (messages) => {
      const outcomes: SendOutcome[] = [];
      for (const message of messages) {
        const outcome = await answer(message);
        if (outcome.ok) sent.push(message);
        outcomes.push(outcome);
      }
      return outcomes;
    },
    receive: unused,
    acknowledge: unused,
    extend: unused,
    deadLetter: unused,
  };
}

/** A delivery log in memory. */
export function memoryDeliveries(): DeliveryLog & { readonly marked: Set<string> } {
  const marked = new Set<string>();
  return {
    marked,
    seen: async (id) => marked.has(id),
    mark: async (id) => void marked.add(id),
  };
}

/** A webhook as GitHub posts it; headers of `undefined` are left out. */
export function delivery(
  event: string,
  body: unknown,
  changes: Readonly<Record<string, string | undefined>> = {},
): Request {
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body));
  const headers = new Headers();
  const all: Record<string, string | undefined> = {
    "Content-Type": "application/json",
    "X-GitHub-Event": event,
    "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "X-Hub-Signature-256": signBody(secret, bytes),
    ...changes,
  };
  for (const [name, value] of Object.entries(all))
    if (value !== undefined) headers.set(name, value);
  return new Request("http://fleet.test/webhooks/github", { method: "POST", headers, body: bytes });
}

/** An answer as its reader sees it; `error` is there in refusals alone. */
interface AnswerBody {
  readonly status?: string;
  readonly reason?: string;
  readonly error: { readonly code: string; readonly message: string };
}

/** A handler over recording doubles, and a way to post to it. */
interface Intake {
  readonly handle: (request: Request) => Promise<Response>;
  readonly post: (request: Request) => Promise<{
    readonly status: number;
    readonly headers: Response["headers"];
    readonly body: AnswerBody;
  }>;
  readonly sent: readonly Message<DemandEvent>[];
}

/** Makes an intake whose handler has the given options. */
export function intake(options: Partial<WebhookHandlerOptions> = {}): Intake {
  const queue = recordingQueue();
  const handle = createWebhookHandler({ secrets: [secret], queue, ...options });
  const post = async (request: Request) => {
    const response = await handle(request);
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as AnswerBody,
    };
  };
  return { handle, post, sent: queue.sent };
}

/** The body of a queued job of ours as github.com writes it, down to what we read. */
export function jobBody(
  job: Readonly<Record<string, unknown>> = {},
  repository: Readonly<Record<string, unknown>> = {},
  action = "queued",
): Record<string, unknown> {
  return {
    action,
    workflow_job: {
      id: 14_541_957_942,
      run_id: 5_376_417_041,
      run_attempt: 1,
      status: action,
      conclusion: null,
      head_sha: "a97e21f3f8a5a9b4a5b2b6f8a5a9b4a5b2b6f8aa",
      labels: ["runs-fleet/cpu=4/arch=arm64"],
      created_at: "2026-06-26T03:31:29Z",
      started_at: "2026-06-26T03:31:29Z",
      completed_at: null,
      runner_id: null,
      runner_name: null,
      name: "build",
      ...job,
    },
    repository: {
      id: 445_650_657,
      full_name: "acme/shop",
      private: true,
      visibility: "private",
      fork: false,
      owner: { login: "acme" },
      ...repository,
    },
  };
}

/** Real bodies by event name, as contributed to a package of examples. */
export const realBodies: readonly {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}[] = createRequire(import.meta.url)("@octokit/webhooks-examples");
