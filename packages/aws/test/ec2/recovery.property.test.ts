import { FleetError, type Market } from "@runs-fleet/core";
import { createVirtualClock } from "@runs-fleet/core/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { attemptFor } from "./attempts.ts";
import { breakCalls } from "./spoiled-client.ts";
import { openStrict } from "./strict-stage.ts";

/** What may happen between two calls of the one who recovers an attempt. */
const step = fc.record({
  /** Breaks the connection of the next purchases. */
  breaks: fc.array(fc.constantFrom("before", "after", undefined), { maxLength: 3 }),
  /** Room for machines from now on. */
  spot: fc.nat({ max: 4 }),
  onDemand: fc.nat({ max: 4 }),
  /** A new process takes over, which knows nothing of former refusals. */
  takesOver: fc.boolean(),
  /** Time that passes, milliseconds. */
  pauseMs: fc.constantFrom(0, 10_000, 200_000),
});

const markets = fc.constantFrom<readonly Market[]>(
  ["spot", "on-demand"],
  ["on-demand", "spot"],
  ["spot"],
);

it("buys at most its count, whatever is lost, refused, repeated or taken over", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      markets,
      fc.constantFrom(undefined, "us-east-1a"),
      fc.array(step, { minLength: 1, maxLength: 6 }),
      async (count, order, zone, steps) => {
        const clock = createVirtualClock(1_790_000_000_000);
        const breaks: ("before" | "after" | undefined)[] = [];
        await using stage = await openStrict(clock, {
          region: {
            zones: ["us-east-1a", "us-east-1b"],
            isSold: ({ type }) => type.name === "c7g.large" || type.name === "c7i.large",
          },
          alter: (client) =>
            breakCalls(client, (operation) =>
              operation === "CreateFleet" || operation === "RunInstances"
                ? breaks.shift()
                : undefined,
            ),
        });
        const attempt = attemptFor("a", {
          count,
          markets: order,
          ...(zone === undefined ? {} : { zone }),
        });
        let provider = stage.provider;
        const known = new Set<string>();
        for (const { breaks: next, spot, onDemand, takesOver, pauseMs } of steps) {
          stage.ec2.setCapacity({ market: "spot" }, spot);
          stage.ec2.setCapacity({ market: "on-demand" }, onDemand);
          breaks.splice(0, breaks.length, ...next);
          if (takesOver) provider = stage.anotherProvider();
          try {
            const { machines } = await provider.launch(attempt);
            for (const { id } of machines) known.add(id);
          } catch (error) {
            if (!FleetError.isInstance(error)) throw error;
          }
          await clock.advance(pauseMs);
          expect(stage.ec2.instances().length).toBeLessThanOrEqual(count);
        }
        // Whatever was bought carries the tag of its attempt, and nothing was told that was not bought.
        const filter = { environment: "ci", region: "us-east-1", attemptId: attempt.id };
        const listed = (await provider.list(filter)).map(({ id }) => id);
        expect(listed.length).toBe(stage.ec2.instances().length);
        expect(listed).toEqual(expect.arrayContaining([...known]));
      },
    ),
    { numRuns: 60 },
  );
});
