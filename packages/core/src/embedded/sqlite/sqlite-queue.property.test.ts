import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Json } from "../../ports/json.ts";
import type { Delivery, MessageQueue } from "../../ports/message-queue.ts";
import { createVirtualClock, type VirtualClock } from "../../testing/virtual-clock.ts";
import { createMemoryQueue } from "../memory-queue.ts";
import { createSqliteQueue } from "./sqlite-queue.ts";

const startMs = 1_790_000_000_000;
let directory = "";
let files = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "runs-fleet-property-"));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

const message = fc.record(
  {
    body: fc.integer({ min: 0, max: 99 }),
    group: fc.constantFrom("a", "b"),
    deduplicationId: fc.constantFrom("x", "y"),
  },
  { requiredKeys: ["body"] },
);

/** Which of the last receives a call speaks of. */
const which = fc.nat({ max: 3 });

const command = fc.oneof(
  fc.record({ kind: fc.constant("send" as const), batch: fc.array(message, { maxLength: 4 }) }),
  fc.record({
    kind: fc.constant("receive" as const),
    max: fc.integer({ min: 1, max: 4 }),
    visibilityMs: fc.integer({ min: 1, max: 50 }),
  }),
  fc.record({ kind: fc.constantFrom("acknowledge" as const, "dead-letter" as const), which }),
  fc.record({
    kind: fc.constant("extend" as const),
    which,
    visibilityMs: fc.constantFrom(0, 10, 40),
  }),
  fc.record({ kind: fc.constant("pass" as const), byMs: fc.constantFrom(5, 30, 300_000) }),
);

type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

const cause = { code: "config", message: "It cannot be handled" } as const;

/** What a consumer can see of deliveries; ids and receipts are the queue's own affair. */
function visible(deliveries: readonly Delivery<Json>[]): unknown {
  return deliveries.map(({ body, attempt }) => ({ body, attempt }));
}

async function obey(
  queue: MessageQueue<Json>,
  clock: VirtualClock,
  received: (readonly Delivery<Json>[])[],
  step: Command,
): Promise<unknown> {
  if (step.kind === "pass") return clock.advance(step.byMs);
  if (step.kind === "send") return queue.send(step.batch);
  if (step.kind === "receive") {
    const { max, visibilityMs } = step;
    const deliveries = await queue.receive({ max, visibilityMs, waitMs: 0 });
    received.unshift(deliveries);
    return visible(deliveries);
  }
  const deliveries = received[step.which] ?? [];
  if (step.kind === "acknowledge") return queue.acknowledge(deliveries);
  if (step.kind === "extend") return queue.extend(deliveries, step.visibilityMs);
  for (const delivery of deliveries) await queue.deadLetter(delivery, cause);
  return undefined;
}

describe("the queue on disk", () => {
  it("does what the queue in memory does, whatever it is told", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 40 }), async (commands) => {
        files += 1;
        const clocks = [createVirtualClock(startMs), createVirtualClock(startMs)] as const;
        const memory = createMemoryQueue<Json>({ clock: clocks[0], maxReceives: 4 });
        await using disk = createSqliteQueue<Json>({
          path: join(directory, `${files}.db`),
          clock: clocks[1],
          name: "jobs",
          maxReceives: 4,
          parse: (body) => body as Json,
        });
        const received: [(readonly Delivery<Json>[])[], (readonly Delivery<Json>[])[]] = [[], []];
        for (const step of commands) {
          const expected = await obey(memory, clocks[0], received[0], step);
          expect(await obey(disk, clocks[1], received[1], step)).toEqual(expected);
        }
        // Dead letters keep the order of sending on disk, of burying in memory.
        const bodies = (letters: readonly { body: unknown; attempts: number }[]) =>
          letters.map(({ body, attempts }) => `${attempts}:${String(body)}`).sort();
        expect(bodies(await disk.deadLetters())).toEqual(bodies(await memory.deadLetters()));
      }),
      { numRuns: 80 },
    );
  });
});
