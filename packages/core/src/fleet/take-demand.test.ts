import { describe, expect, it } from "vitest";
import { aCatalog, aContext, aJob, aLedger, anEvent, aPool } from "../../test/fleet/builders.ts";
import { createGates } from "./gates.ts";
import { takeDemand } from "./take-demand.ts";
import { takeResult } from "./take-result.ts";

const context = aContext();

describe("news of a job", () => {
  it("admits a queued job once, with where it goes and how long it may wait", () => {
    const { ledger } = aLedger({});
    expect(takeDemand(ledger, context, anEvent("1", "queued"))).toBe(true);
    const job = ledger.jobs.get("1.1");
    expect(job?.state).toBe("queued");
    expect(job?.placement?.policy).toBe("everyone");
    expect(job?.deadlineMs).toBe(context.nowMs + context.timings.jobDeadlineMs);
    takeDemand(ledger, context, anEvent("1", "queued"));
    expect(ledger.jobs.get("1.1")).toBe(job);
    expect([...ledger.repositories.keys()]).toEqual(["acme/app"]);
  });

  it("admits a job that it hears of late: started, or over", () => {
    const { ledger } = aLedger({});
    takeDemand(ledger, context, anEvent("1", "in_progress", { runnerName: "someone" }));
    expect(ledger.jobs.get("1.1")?.state).toBe("running");
    takeDemand(ledger, context, anEvent("2", "completed"));
    expect(ledger.hasEnded("2.1")).toBe(true);
    expect(ledger.jobs.has("2.1")).toBe(false);
  });

  it("starts nothing for a job that waits for an approval, and leaves other people's jobs alone", () => {
    const { ledger } = aLedger({});
    expect(takeDemand(ledger, context, anEvent("1", "waiting"))).toBe(false);
    expect(takeDemand(ledger, context, anEvent("2", "queued", { labels: ["ubuntu-latest"] }))).toBe(
      false,
    );
    expect(ledger.pendingWrites()).toBe(0);
  });

  it.each([
    ["labels-invalid", anEvent("1", "queued", { labels: ["runs-fleet/cpus=2"] })],
    ["no-policy", anEvent("1", "queued", { repository: "other/app" })],
    ["no-policy", anEvent("1", "queued", { visibility: "public" })],
    ["no-policy", anEvent("1", "queued", { fork: true })],
    ["unknown-pool", anEvent("1", "queued", { labels: ["runs-fleet/pool=nope"] })],
  ])("refuses with %s, visibly, and tells the developer", (code, event) => {
    const stage = aLedger({});
    takeDemand(stage.ledger, context, event);
    const job = stage.ledger.jobs.get("1.1");
    expect([job?.state, job?.cause?.code]).toEqual(["failed", code]);
    expect(stage.decisions.map((decision) => decision.code)).toEqual([code]);
    expect(stage.effects()).toEqual([{ kind: "check", jobKey: "1.1" }]);
    // Lost with the process, it is told by the next controller, soon.
    expect((job?.deadlineMs ?? 0) - context.nowMs).toBeLessThanOrEqual(60_000);
  });

  it("is not taken in again when an earlier controller refused it, and its developer is told only now", () => {
    const refused = aJob("1", { state: "failed", checkTriesLeft: 5 });
    const stage = aLedger({ jobs: [refused] });
    const told = { kind: "checked", jobKey: "1.1", word: "refused", result: undefined } as const;
    takeResult(
      stage.ledger,
      context,
      createGates(() => 0.5),
      told,
    );
    expect(stage.ledger.jobs.size).toBe(0);
    // A sweep that read the record before it was closed hands the job in.
    expect(takeDemand(stage.ledger, context, anEvent("1", "queued"))).toBe(true);
    expect(stage.ledger.jobs.size).toBe(0);
  });

  it("is put on record and not refused visibly while its repository is only observed: something else serves it", () => {
    const stage = aLedger({});
    const rollout = { claim: ["acme/sandbox"], else: "observe" } as const;
    const observing = aContext({ catalog: aCatalog({ rollout }) });
    takeDemand(
      stage.ledger,
      observing,
      anEvent("1", "queued", { labels: ["runs-fleet/cpus=2"], repository: "acme/app" }),
    );
    expect(stage.ledger.ended).toMatchObject([
      {
        state: "cancelled",
        cause: {
          code: "observe-only",
          message: expect.stringContaining("It would be refused (labels-invalid: "),
        },
      },
    ]);
    expect(stage.effects()).toEqual([]);
  });

  describe("of a repository that narrows what it is allowed", () => {
    const wide = aContext({
      catalog: aCatalog({
        policies: [
          {
            name: "everyone",
            repositories: ["acme/*"],
            allow: {},
            limits: { perRepository: 5 },
          },
        ],
      }),
    });

    it("is refused what the repository does not allow itself, in words that name it", () => {
      const { ledger } = aLedger({});
      const own = { version: "1", maxCpu: 1 };
      takeDemand(ledger, wide, { ...anEvent("1", "queued"), narrowing: own });
      expect(ledger.jobs.get("1.1")).toMatchObject({
        state: "failed",
        cause: {
          code: "forbidden-shape",
          message: expect.stringContaining("acme/app allows itself at most 1 vCPUs"),
        },
      });
    });

    it.each([
      [3, 3],
      [9, 5],
      [0, 0],
    ])(
      "has at most %d of its jobs served at once, and never more than its policy allows",
      (maxJobs, most) => {
        const stage = aLedger({});
        const own = { version: "0123456789abcdef", maxJobs };
        takeDemand(stage.ledger, wide, { ...anEvent("1", "queued"), narrowing: own });
        expect(stage.ledger.jobs.get("1.1")).toMatchObject({
          placement: { perRepository: most },
          history: [{ message: "Policy everyone, narrowed by acme/app (version 0123456789)" }],
        });
      },
    );

    it("keeps the bounds of a job for the re-run that nobody looked its repository up for", () => {
      const lost = aJob("1", {
        name: "test",
        state: "completed",
        conclusion: "failure",
        interruption: { kind: "announced", atMs: context.nowMs, machineId: "m" },
        rerun: { state: "asked", sinceMs: context.nowMs, untilMs: context.nowMs + 60_000 },
        placement: { ...aJob("1").placement, perRepository: 2, maxReruns: 1 } as never,
      });
      const { ledger } = aLedger({ jobs: [lost] });
      takeDemand(ledger, wide, anEvent("9", "queued", { name: "test", attempt: 2 }));
      expect(ledger.jobs.get("9.2")).toMatchObject({
        rerunOf: "1.1",
        placement: { perRepository: 2, maxReruns: 1 },
      });
    });
  });

  it("does not refuse a job that somebody else runs", () => {
    const { ledger } = aLedger({});
    const event = anEvent("1", "in_progress", { repository: "other/app" });
    expect(takeDemand(ledger, context, event)).toBe(false);
    expect(ledger.pendingWrites()).toBe(0);
  });

  it("leaves jobs of other environments alone and refuses regions that nobody here serves", () => {
    const catalog = aCatalog({
      environments: [
        { name: "ci", regions: ["local"] },
        { name: "prod", regions: ["local"] },
      ],
      pools: [aPool("far", { regions: [{ name: "moon" }] })],
    });
    const { ledger } = aLedger({});
    const there = aContext({ catalog });
    takeDemand(ledger, there, anEvent("1", "queued", { labels: ["runs-fleet/env=prod"] }));
    expect(ledger.jobs.size).toBe(0);
    takeDemand(ledger, there, anEvent("2", "queued", { labels: ["runs-fleet/pool=far"] }));
    expect(ledger.jobs.get("2.1")?.cause?.code).toBe("forbidden-region");
  });

  it("takes a job's time from GitHub, but never from the future", () => {
    const { ledger } = aLedger({});
    const createdAtMs = context.nowMs + 3_600_000;
    takeDemand(ledger, context, anEvent("1", "queued", { createdAtMs }));
    expect(ledger.jobs.get("1.1")?.createdAtMs).toBe(context.nowMs);
  });
});
