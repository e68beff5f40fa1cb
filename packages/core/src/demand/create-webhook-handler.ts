import { noTelemetry, type Telemetry } from "@runs-fleet/telemetry";
import type { Clock } from "../ports/clock.ts";
import type { DeliveryLog } from "../ports/delivery-log.ts";
import type { DemandEvent } from "../ports/demand-event.ts";
import { FleetError } from "../ports/failure.ts";
import type { MessageQueue } from "../ports/message-queue.ts";
import { systemClock } from "../ports/system-clock.ts";
import type { LabelCatalog } from "../routing/request.ts";
import { missingEvents } from "./parse-ping.ts";
import { readBody } from "./read-body.ts";
import { readPayload } from "./read-payload.ts";
import { createSignatureVerifier, type SignatureVerdict } from "./signature.ts";
import { answerWebhook, type WebhookErrorCode, type WebhookOutcome } from "./webhook-answer.ts";
import { withinDeadline } from "./within-deadline.ts";

/** Largest body that GitHub sends. Source: docs.github.com, webhook events and payloads, read 2026-11. */
const defaultMaxBodyBytes = 25 * 1024 * 1024;

/** GitHub gives a delivery up after 10 s; the answer has to reach it before. */
const enqueueWithinMs = 8_000;

const deliveryIdShape = /^[\w-]{1,128}$/;
const eventNameShape = /^\w{1,64}$/;
const jsonType = /^application\/json\s*(;|$)/i;

/** What {@link createWebhookHandler} needs. */
export interface WebhookHandlerOptions {
  /** Secrets of the hook; more than one while they are being replaced. */
  readonly secrets: readonly [string, ...string[]];
  /** Where demand goes. It must be durable when `send` answers. */
  readonly queue: MessageQueue<DemandEvent>;
  /** Remembers deliveries, so that replays cost less. @defaultValue none: replays are enqueued again, which does no harm */
  readonly deliveries?: DeliveryLog;
  /** The labels in force, asked for each delivery. @defaultValue the marker `runs-fleet` alone */
  readonly labels?: () => LabelCatalog;
  /** Largest body that is read, bytes. @defaultValue 26,214,400: the largest that GitHub sends */
  readonly maxBodyBytes?: number;
  /** Source of time. @defaultValue {@link systemClock} */
  readonly clock?: Clock;
  /** Receives spans and counts. @defaultValue {@link noTelemetry} */
  readonly telemetry?: Telemetry;
}

interface Intake extends WebhookHandlerOptions {
  readonly verify: (body: Uint8Array, header: string | null) => SignatureVerdict;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Deliveries that were enqueued and are not marked yet. */
  readonly marking: Set<string>;
}

const refused = (
  code: WebhookErrorCode,
  message: string,
  retryAfterMs?: number,
): WebhookOutcome => ({
  status: "refused",
  code,
  message,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

const signatureWords = {
  "signature-missing": "The header X-Hub-Signature-256 is missing; set a secret on the webhook",
  "signature-invalid": "The signature does not match the body under any configured secret",
} as const;

/** The body when it is complete and authentic, else the answer. */
async function authenticBody(
  intake: Intake,
  request: Request,
): Promise<Uint8Array | WebhookOutcome> {
  if (request.method !== "POST") return refused("method", "Webhooks are posted");
  if (!jsonType.test(request.headers.get("content-type") ?? "")) {
    return refused("content-type", "The webhook's content type must be application/json");
  }
  const reading = await readBody(request, intake.maxBodyBytes);
  if (reading.kind === "too-large") {
    return refused("body-too-large", `The body is larger than ${intake.maxBodyBytes} bytes`);
  }
  if (reading.kind === "broken") return refused("invalid-payload", "The body could not be read");
  const verdict = intake.verify(reading.bytes, request.headers.get("x-hub-signature-256"));
  return verdict === "valid" ? reading.bytes : refused(verdict, signatureWords[verdict]);
}

function parseJson(bytes: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) };
  } catch {
    return undefined;
  }
}

/** Whether the delivery was enqueued before. Not knowing costs a duplicate message, so it is no error. */
async function seenBefore(intake: Intake, id: string, signal: AbortSignal): Promise<boolean> {
  if (intake.marking.has(id)) return true;
  try {
    return (await intake.deliveries?.seen(id, { signal })) ?? false;
  } catch {
    return false;
  }
}

/** Enqueues, then marks: a crash in between repeats the message, the other order would lose it. */
async function enqueue(intake: Intake, event: DemandEvent): Promise<WebhookOutcome> {
  const { clock, queue, telemetry } = intake;
  // The request's own signal stays out of this: a sender that hangs up early has still told us something.
  return withinDeadline(clock, enqueueWithinMs, async (signal) => {
    if (await seenBefore(intake, event.deliveryId, signal)) return { status: "duplicate" };
    const [outcome] = await queue.send(
      [
        {
          body: event,
          group: event.repository,
          deduplicationId: event.deliveryId,
          trace: telemetry.inject(),
        },
      ],
      { signal },
    );
    if (outcome === undefined) throw new Error("The queue answered for no message");
    if (!outcome.ok) throw outcome.error;
    remember(intake, event.deliveryId);
    return { status: "accepted" };
  });
}

/**
 * Remembers the delivery. Nobody waits for that: it saves work and proves nothing. Until it is done, the handler itself knows
 * the delivery.
 */
function remember(intake: Intake, deliveryId: string): void {
  const { clock, deliveries, marking, telemetry } = intake;
  if (deliveries === undefined) return;
  marking.add(deliveryId);
  withinDeadline(clock, enqueueWithinMs, (signal) => deliveries.mark(deliveryId, { signal })).then(
    () => marking.delete(deliveryId),
    () => {
      marking.delete(deliveryId);
      telemetry.count("webhook.mark-failed", 1);
    },
  );
}

async function take(intake: Intake, request: Request): Promise<WebhookOutcome> {
  const bytes = await authenticBody(intake, request);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const json = parseJson(bytes);
  if (json === undefined) return refused("invalid-json", "The body is not JSON in UTF-8");
  const eventName = request.headers.get("x-github-event") ?? "";
  const deliveryId = request.headers.get("x-github-delivery") ?? "";
  if (!eventNameShape.test(eventName)) {
    return refused("invalid-payload", "The header X-GitHub-Event names no event");
  }
  if (!deliveryIdShape.test(deliveryId)) {
    return refused("invalid-payload", "The header X-GitHub-Delivery holds no delivery id");
  }
  if (eventName === "ping") {
    for (const event of missingEvents(json.value)) {
      intake.telemetry.count("webhook.not-subscribed", 1, { event });
    }
  }
  const receipt = { deliveryId, receivedAtMs: intake.clock.now() };
  const read = readPayload(eventName, json.value, receipt, intake.labels?.());
  switch (read.kind) {
    case "invalid":
      return refused("invalid-payload", read.message);
    case "ignored":
      return { status: "ignored", reason: read.reason };
    case "demand":
      return enqueue(intake, read.event);
  }
}

async function takeSafely(intake: Intake, request: Request): Promise<WebhookOutcome> {
  try {
    return await take(intake, request);
  } catch (error) {
    // Whatever failed, GitHub must keep the delivery as failed: that is what the sweep redelivers.
    const retryAfterMs = FleetError.isInstance(error) ? error.retryAfterMs : undefined;
    return refused(
      "enqueue-failed",
      "The delivery could not be stored; redeliver it",
      retryAfterMs,
    );
  }
}

function checkOptions(options: WebhookHandlerOptions): Intake {
  const { maxBodyBytes = defaultMaxBodyBytes } = options;
  if (!Number.isSafeInteger(maxBodyBytes) || maxBodyBytes < 1) {
    throw new RangeError("maxBodyBytes must be a whole number of at least 1");
  }
  if (typeof options.queue?.send !== "function") throw new TypeError("A demand queue is needed");
  return {
    ...options,
    maxBodyBytes,
    verify: createSignatureVerifier(options.secrets),
    clock: options.clock ?? systemClock,
    telemetry: options.telemetry ?? noTelemetry,
    marking: new Set(),
  };
}

/**
 * Takes GitHub's webhooks: verifies the signature over the raw bytes, keeps a small projection of jobs of ours and of
 * pushes, and answers 202 once that is durable in `queue`. A failed enqueue answers 503, so that GitHub can redeliver.
 *
 * The handler never rejects. Its answers, in the order of the checks: 405 `method`; 415 `content-type`; 413
 * `body-too-large`; 401 `signature-missing`, `signature-invalid`; 400 `invalid-json`, `invalid-payload`; 200 ignored or
 * duplicate; 202 accepted; 503 `enqueue-failed` with Retry-After.
 *
 * @throws A `TypeError` without a secret or a queue, a `RangeError` for a bad `maxBodyBytes`.
 */
export function createWebhookHandler(
  options: WebhookHandlerOptions,
): (request: Request) => Promise<Response> {
  const intake = checkOptions(options);
  const { telemetry } = intake;
  return (request) =>
    telemetry.span("webhook", { "http.request.method": request.method }, async () => {
      const outcome = await takeSafely(intake, request);
      telemetry.count("webhook.answers", 1, {
        status: outcome.status,
        reason:
          outcome.status === "refused"
            ? outcome.code
            : ("reason" in outcome && outcome.reason) || "none",
      });
      return answerWebhook(outcome);
    });
}
