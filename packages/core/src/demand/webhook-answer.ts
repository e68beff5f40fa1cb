import { errorResponse, jsonResponse } from "../http/json-response.ts";
import type { IgnoredReason } from "./read-payload.ts";

/** Why a delivery is refused. Stable: part of the answers. */
export type WebhookErrorCode =
  | "method"
  | "content-type"
  | "body-too-large"
  | "signature-missing"
  | "signature-invalid"
  | "invalid-json"
  | "invalid-payload"
  | "enqueue-failed";

/** What became of a delivery. */
export type WebhookOutcome =
  | { readonly status: "accepted" | "duplicate" }
  | { readonly status: "ignored"; readonly reason: IgnoredReason }
  | {
      readonly status: "refused";
      readonly code: WebhookErrorCode;
      readonly message: string;
      /** How long to wait before the next try, milliseconds. */
      readonly retryAfterMs?: number;
    };

const httpStatus: Readonly<Record<WebhookErrorCode, number>> = {
  method: 405,
  "content-type": 415,
  "body-too-large": 413,
  "signature-missing": 401,
  "signature-invalid": 401,
  "invalid-json": 400,
  "invalid-payload": 400,
  "enqueue-failed": 503,
};

const defaultRetryAfterMs = 10_000;

function headersFor(outcome: WebhookOutcome & { status: "refused" }): Record<string, string> {
  switch (outcome.code) {
    case "method":
      return { allow: "POST" };
    case "enqueue-failed": {
      const retryAfterMs = outcome.retryAfterMs ?? defaultRetryAfterMs;
      return { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
    }
    default:
      return {};
  }
}

/** The HTTP answer for an outcome. */
export function answerWebhook(outcome: WebhookOutcome): Response {
  switch (outcome.status) {
    case "accepted":
      return jsonResponse(202, { status: "accepted" });
    case "duplicate":
      return jsonResponse(200, { status: "duplicate" });
    case "ignored":
      return jsonResponse(200, { status: "ignored", reason: outcome.reason });
    case "refused":
      return errorResponse(
        httpStatus[outcome.code],
        outcome.code,
        outcome.message,
        headersFor(outcome),
      );
  }
}
