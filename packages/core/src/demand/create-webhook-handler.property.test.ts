import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  delivery,
  intake,
  jobBody,
  memoryDeliveries,
  realBodies,
} from "../../test/webhook-harness.ts";
import { parseDemandEvent } from "./parse-demand-event.ts";

const codes: Readonly<Record<number, readonly string[]>> = {
  400: ["invalid-json", "invalid-payload"],
  401: ["signature-missing", "signature-invalid"],
  405: ["method"],
  413: ["body-too-large"],
  415: ["content-type"],
};
const reasons = ["ping", "event-unused", "action-unused", "not-ours", "status-waiting"];

/** Whether an answer is one of those that are documented for a queue that works. */
function documented(answer: {
  readonly status: number;
  readonly body: { status?: string; reason?: string; error?: { code: string } };
}): boolean {
  const { status, body } = answer;
  if (status === 202) return body.status === "accepted";
  if (status === 200) {
    return (
      body.status === "duplicate" ||
      (body.status === "ignored" && reasons.includes(body.reason ?? ""))
    );
  }
  return codes[status]?.includes(body.error?.code ?? "") ?? false;
}

const events = fc.constantFrom("workflow_job", "push", "ping", "workflow_run", "check_run", "");

type Tree = Record<string, unknown>;

/** Every place of a body, as a path of keys. */
function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => placesOf(part, [...path, key]))];
}

function replaced(value: unknown, path: readonly string[], part: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return part;
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === key ? replaced(item, rest, part) : item));
  }
  const { [key]: old, ...others } = value as Tree;
  const next = replaced(old, rest, part);
  return next === undefined ? others : { ...others, [key]: next };
}

const bodies = [
  ...["workflow_job", "push"].flatMap((name) =>
    (realBodies.find((event) => event.name === name)?.examples ?? []).map((body) => ({
      name,
      body,
    })),
  ),
  { name: "workflow_job", body: jobBody() },
  { name: "workflow_job", body: jobBody({}, {}, "completed") },
];

describe("the webhook handler", () => {
  it("answers arbitrary signed JSON with one of the documented answers", async () => {
    const { post } = intake({ deliveries: memoryDeliveries() });
    await fc.assert(
      fc.asyncProperty(events, fc.jsonValue(), async (event, body) => {
        expect(documented(await post(delivery(event, body)))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it("answers real bodies with one part exchanged likewise, and keeps what it enqueues small", async () => {
    const { post, sent } = intake();
    const mutated = fc
      .constantFrom(...bodies)
      .chain(({ name, body }) =>
        fc
          .tuple(fc.constantFrom(...placesOf(body)), fc.option(fc.jsonValue(), { nil: undefined }))
          .map(([path, part]) => ({ name, body: replaced(body, path, part) ?? null })),
      );
    await fc.assert(
      fc.asyncProperty(mutated, async ({ name, body }) => {
        expect(documented(await post(delivery(name, body)))).toBe(true);
      }),
      { numRuns: 600 },
    );
    expect(sent.length).toBeGreaterThan(0);
    for (const { body } of sent) {
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(64 * 1024);
      expect(parseDemandEvent(JSON.parse(JSON.stringify(body)))).toEqual(body);
    }
  });

  it("answers arbitrary bytes and headers likewise, and enqueues nothing of them", async () => {
    const { post, sent } = intake({ maxBodyBytes: 200 });
    const header = fc.option(fc.string({ unit: "grapheme-ascii", maxLength: 80 }), {
      nil: undefined,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        header,
        header,
        header,
        header,
        async (bytes, event, id, signature, type) => {
          const changes = {
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": id,
            "X-Hub-Signature-256": signature,
            ...(type === undefined ? {} : { "Content-Type": type }),
          };
          expect(documented(await post(delivery("push", bytes, changes)))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
    expect(sent).toEqual([]);
  });

  it("accepts no body whose signature was made for another one", async () => {
    const { post, sent } = intake();
    const bytes = new TextEncoder().encode(JSON.stringify(jobBody()));
    const { headers } = delivery("workflow_job", bytes);
    const signature = headers.get("x-hub-signature-256") ?? "";
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const forged = bytes.slice();
          forged[at] = (forged[at] ?? 0) ^ flip;
          const answer = await post(
            delivery("workflow_job", forged, { "X-Hub-Signature-256": signature }),
          );
          expect(answer.body.error.code).toBe("signature-invalid");
        },
      ),
    );
    expect(sent).toEqual([]);
  });
});
