import { createRequire } from "node:module";
import { signBody } from "@runs-fleet/core";

/** What became of the real bodies, by answer. */
export interface PayloadCounts {
  readonly accepted: number;
  /** By reason. */
  readonly ignored: Readonly<Record<string, number>>;
  /** By status code; empty when all is well. */
  readonly failed: Readonly<Record<string, number>>;
}

/** The package is one JSON file: real bodies by the name of their event. */
const examples: readonly { readonly name: string; readonly examples: readonly object[] }[] =
  createRequire(import.meta.url)("@octokit/webhooks-examples");

const events: ReadonlySet<string> = new Set(["workflow_job", "push", "ping", "workflow_run"]);

/** Signs and posts every real body of the events that concern a fleet. */
export async function postRealPayloads(url: string, secret: string): Promise<PayloadCounts> {
  const ignored: Record<string, number> = {};
  const failed: Record<string, number> = {};
  let accepted = 0;
  for (const { name, examples: bodies } of examples) {
    if (!events.has(name)) continue;
    for (const [index, body] of bodies.entries()) {
      const text = JSON.stringify(body);
      const response = await fetch(`${url}/webhooks/github`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-github-event": name,
          "x-github-delivery": `example-${name}-${index}-${Date.now()}`,
          "x-hub-signature-256": signBody(secret, text),
        },
        body: text,
      });
      const answer = (await response.json()) as { status?: string; reason?: string };
      if (response.status === 202) accepted += 1;
      else if (response.status === 200) {
        const reason = answer.reason ?? answer.status ?? "ignored";
        ignored[reason] = (ignored[reason] ?? 0) + 1;
      } else failed[response.status] = (failed[response.status] ?? 0) + 1;
    }
  }
  return { accepted, ignored, failed };
}
