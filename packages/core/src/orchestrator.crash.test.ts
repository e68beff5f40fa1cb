import { describe, expect, it } from "vitest";
import { aPool } from "../test/fleet/builders.ts";
import { createFleetWorld, minutes, openCatalog, seconds } from "../test/fleet/world.ts";
import type { StateStore } from "./ports/state-store.ts";
import type { Catalog } from "./routing/index.ts";
import type { Crash } from "./testing/simulation/life.ts";

/** All ways through the fleet in a few minutes: cold, hot and stopped machines, a refusal, a cancellation, a thief. */
const catalog: Catalog = { ...openCatalog, pools: [aPool("p", { hot: 1, stopped: 1 })] };
const warmUpMs = 6 * minutes;

interface Life {
  /** Calls of the process that was to crash, from the first job on. */
  readonly calls: readonly string[];
  /** Number of the first of these. */
  readonly first: number;
  readonly problems: readonly unknown[];
}

/**
 * Lives through the scenario; the process dies around one call after the warm-up, and a successor comes 5 s later.
 * Answers what is wrong in the end. Changes that nothing waits for are stored `holdMs` later.
 */
async function live(holdMs: number, crash?: Crash): Promise<Life> {
  const store = (inner: StateStore) => ({ ...inner, holdMs });
  const world = createFleetWorld({ catalog: () => catalog, seed: 7, store });
  const doomed = await world.boot(crash ? { crash } : {});
  await world.clock.advance(warmUpMs);
  const first = doomed.life.calls.length;
  const job = (labels: string, durationMs: number) =>
    world.github.queueJob({ repository: "acme/app", labels: [labels], durationMs });
  const pooled = "runs-fleet/pool=p";
  job(pooled, 15 * seconds);
  job(pooled, 15 * seconds);
  job(pooled, 15 * seconds);
  job("runs-fleet/cpu=2", 15 * seconds);
  job("runs-fleet/cpus=2", seconds);
  const cancelled = job("runs-fleet/cpu=4", minutes);
  let successor = doomed;
  for (let step = 0; step < 54; step++) {
    await world.clock.advance(5 * seconds);
    if (step === 2) world.github.cancelJob(cancelled);
    if (doomed.life.isDead() && successor === doomed) successor = await world.boot();
  }
  const calls = doomed.life.calls.slice(first);
  doomed.life.kill();
  if (successor === doomed) successor = await world.boot();
  for (let minute = 0; minute < 12; minute++) await world.clock.advance(minutes);

  const problems: unknown[] = [];
  const [refusedId, cancelledId] = [world.github.jobs()[4]?.id, cancelled];
  for (const { id, state, starts, conclusion } of world.github.jobs()) {
    if (id === refusedId) continue;
    const fine =
      id === cancelledId
        ? state === "completed" && starts <= 1
        : state === "completed" && starts === 1 && conclusion === "success";
    if (!fine) problems.push({ id, state, starts, conclusion });
  }
  const checks = new Set(world.github.checks().map(({ title }) => title));
  if (!checks.has("No runner: labels-invalid")) problems.push("The refused developer was not told");
  const status = await successor.orchestrator.status();
  if (status.role !== "controller") problems.push(`The successor is ${status.role}`);
  for (const { id, state } of status.jobs) {
    if (["queued", "assigned", "running"].includes(state)) problems.push({ id, state });
  }
  const ready = status.pools[0]?.ready;
  if (ready?.hot !== 1 || ready.stopped !== 1) problems.push({ ready });
  if ((await world.alive()) !== 2) problems.push({ alive: await world.alive() });
  if ((await world.open("machines")) !== 2) problems.push({ machines: status.machines });
  for (const table of ["attempts", "assignments"]) {
    const open = await world.open(table);
    if (open > 0) problems.push({ [table]: open });
  }
  // A registration whose controller died is an orphan until two sweeps have seen it.
  for (let minute = 0; minute < 20 && world.github.runners().length > 0; minute++) {
    await world.clock.advance(minutes);
  }
  if (world.github.runners().length > 0) problems.push({ runners: world.github.runners() });
  const byToken = new Map(world.launches.map(({ token, count }) => [token, count]));
  const bought = [...byToken.values()].reduce((sum, count) => sum + count, 0);
  // Two for the pool, one for each job; a crash may cost one more, because a machine whose claim died is not trusted.
  if (bought > 10) problems.push({ bought });
  return { calls, first, problems };
}

const isFull = process.env["RUNS_FLEET_FULL"] === "1";
/** Polls and reads change nothing: a crash around one is a crash around its neighbour. */
const isQuiet = (call: string): boolean =>
  /\.(receive|get|load|seen|list|listQueued|listFailed)$/.test(call);

describe("a process that dies right before or after any call", { timeout: 600_000 }, () => {
  it.each([
    ["stores everything at once", 0],
    ["lets changes wait for ten seconds", 10_000],
  ])(
    "and %s has a successor that serves every job once and leaves nothing behind",
    async (_, holdMs) => {
      const whole = await live(holdMs);
      expect(whole.problems).toEqual([]);
      const kinds = new Set(whole.calls);
      for (const call of [
        "store.commit",
        "provider.launch",
        "provider.start",
        "provider.terminate",
        "github.runners.mint",
        "github.checks.report",
        "demand.acknowledge",
        "reports.acknowledge",
        "store.leases.renew",
      ]) {
        expect(kinds).toContain(call);
      }
      const tried: string[] = [];
      for (const [index, call] of whole.calls.entries()) {
        // A renewal and an acknowledgement in the middle of nothing are like the one before.
        const tedious = /renew|acknowledge$/.test(call);
        if (!isFull && (isQuiet(call) || (tedious && index % 8 !== 0))) continue;
        // What is stored at once has been tried on both sides of every call.
        const both = isFull || (!tedious && (holdMs === 0 || index % 2 === 0));
        for (const when of both ? (["before", "after"] as const) : (["after"] as const)) {
          const { problems } = await live(holdMs, { call: whole.first + index, when });
          tried.push(`${call} ${when}`);
          expect({ crash: `${when} call ${index}, ${call}`, problems }).toEqual({
            crash: `${when} call ${index}, ${call}`,
            problems: [],
          });
        }
      }
      expect(tried.length).toBeGreaterThan(holdMs === 0 ? 60 : 40);
    },
  );
});
