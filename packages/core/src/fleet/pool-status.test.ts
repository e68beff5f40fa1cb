import { describe, expect, it } from "vitest";
import {
  aCatalog,
  aContext,
  aJob,
  aMachine,
  anAttempt,
  aPool,
  nowMs,
} from "../../test/fleet/builders.ts";
import { createPoolRecorder } from "../pools/pool-history.ts";
import { poolTargets } from "../pools/pool-target.ts";
import type { Cause } from "../ports/cause.ts";
import { notePools, poolStatuses } from "./pool-status.ts";
import type { AttemptRecord, JobRecord, MachineRecord } from "./records.ts";

const pool = aPool("p", { hot: 4, stopped: 1, limits: { machines: 6 } });

const mine = (id: string, state: MachineRecord["state"]): MachineRecord =>
  aMachine(id, { pool: "p", fit: "pool:p", state, attemptId: `attempt-of-${id}` });

const buying = (id: string, count: number): AttemptRecord => {
  const attempt = anAttempt(id, { fit: "pool:p" }, count);
  return { ...attempt, request: { ...attempt.request, pool: "p" } };
};

function stage(
  parts: {
    readonly machines?: readonly MachineRecord[];
    readonly attempts?: readonly AttemptRecord[];
    readonly jobs?: readonly JobRecord[];
    readonly waits?: ReadonlyMap<string, Cause>;
  },
  pools = [pool],
  environmentLimit?: number,
) {
  const { machines = [], attempts = [], jobs = [], waits = new Map() } = parts;
  const environments = [
    {
      name: "ci",
      regions: ["local"],
      ...(environmentLimit === undefined ? {} : { machines: environmentLimit }),
    },
  ];
  const context = aContext({ catalog: aCatalog({ pools, environments }) });
  const view = {
    machines: new Map(machines.map((machine) => [machine.id, machine])),
    attempts: new Map(attempts.map((attempt) => [attempt.request.id, attempt])),
    jobs: new Map(jobs.map((job) => [job.key, job])),
    waits,
  };
  return { context, view, targets: poolTargets(context).targets };
}

const statusOf = (
  staged: ReturnType<typeof stage>,
  heldBack: (fit: string) => Cause | undefined = () => undefined,
) => poolStatuses(staged.view, staged.targets, staged.context, heldBack)[0];

describe("the status of a pool", () => {
  it("counts machines by what they do, and purchases that are not answered", () => {
    const states = ["ready", "ready", "booting", "running", "claimed", "ending"] as const;
    const machines = states.map((state, index) => mine(`m-${index}`, state));
    const staged = stage(
      { machines: [...machines, aMachine("other")], attempts: [buying("a", 2)] },
      [{ ...pool, limits: { machines: 100, createPerPass: 3 } }],
    );
    expect(statusOf(staged)).toMatchObject({
      name: "p",
      target: { hot: 4, stopped: 1 },
      ready: { hot: 2, stopped: 0 },
      booting: 1,
      buying: 2,
      busy: 2,
      machines: 8,
      limits: { machines: 100, createPerPass: 3 },
      timeZone: "UTC",
      words: {
        now: "2 ready of 4 wanted by default, 1 booting, 2 being bought, 2 busy, 0 stopped of 1 wanted, 1 on the way out.",
        next: "No change in sight.",
      },
    });
  });

  it("says what holds it back: its limit, the environment's, a failure", () => {
    const six = Array.from({ length: 6 }, (_, index) => mine(`m-${index}`, "running"));
    expect(statusOf(stage({ machines: six }))?.cause?.code).toBe("pool-limit");
    expect(statusOf(stage({ machines: six.slice(1) }, [pool], 5))?.cause?.code).toBe(
      "environment-limit",
    );
    const cause = { code: "quota", message: "Too many vCPUs" } as const;
    const held = statusOf(stage({}), (fit) => (fit === "pool:p" ? cause : undefined));
    expect(held?.cause).toBe(cause);
    expect(held?.words.now).toBe(
      "0 ready of 4 wanted by default, 0 stopped of 1 wanted. 5 held back: Too many vCPUs.",
    );
  });

  it("has no cause while machines come, and lacks machines for jobs that wait for one", () => {
    const full = ["ready", "ready", "ready", "ready", "stopped", "running"] as const;
    const machines = full.map((state, index) => mine(`m-${index}`, state));
    const job = aJob("1", {
      fit: "pool:p",
      placement: { environment: "ci", pool: "p", shape: pool.shape, policy: "x" },
    });
    expect(statusOf(stage({ machines }))?.cause).toBe(undefined);
    expect(statusOf(stage({ machines, jobs: [job] }))?.cause?.code).toBe("pool-limit");
    // It has a machine, and waits for GitHub.
    const waits = new Map([[job.key, { code: "mint-budget", message: "Used up" } as const]]);
    expect(statusOf(stage({ machines, jobs: [job], waits }))?.cause).toBe(undefined);
  });

  it("exists when the schedule cannot be read, and hinders no other pool", () => {
    const broken = aPool("p", {
      schedule: { timeZone: "Mars/Olympus", default: { hot: 1, stopped: 0 }, entries: [] },
    });
    const staged = stage({ machines: [mine("m", "ready")] }, [broken, aPool("q", { hot: 1 })]);
    const [first, second] = poolStatuses(
      staged.view,
      staged.targets,
      staged.context,
      () => undefined,
    );
    expect(first?.cause?.code).toBe("config");
    expect(first?.words.now).toMatch(
      /^1 ready\. Its schedule cannot be read, so it keeps what it has: .*Mars\/Olympus/,
    );
    expect(second?.words.now).toBe("0 ready of 1 wanted by default.");
  });
});

describe("the curves of pools", () => {
  it("are noted once a minute, those that are bought among the booting", () => {
    const recorder = createPoolRecorder();
    const { view, context } = stage({ machines: [mine("m", "ready")], attempts: [buying("a", 2)] });
    notePools(recorder, view, context);
    notePools(recorder, view, { ...context, nowMs: nowMs + 59_999 });
    expect(recorder.of("p")).toEqual({
      sinceMs: nowMs,
      points: [
        { atMs: nowMs, target: 4, ready: 1, booting: 2, busy: 0, stoppedTarget: 1, stopped: 0 },
      ],
    });
  });
});
