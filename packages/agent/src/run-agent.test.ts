import {
  createSeededEntropy,
  createVirtualClock,
  type VirtualClock,
} from "@runs-fleet/core/testing";
import type { AgentEvent, Assignment } from "@runs-fleet/core/wire";
import { beforeEach, describe, expect, it } from "vitest";
import type { ListenerExit, ListenerLauncher, ListenerStart } from "./listener.ts";
import type { AgentOptions } from "./options.ts";
import { runAgent } from "./run-agent.ts";

const startMs = 1_800_000_000_000;
const stamp = "2027-01-15 08:00:00Z";

let clock: VirtualClock;
let sent: AgentEvent[];
let off: string[];
let waiting: Assignment[];
let rings: (() => void)[];
let starts: ListenerStart[];
let signals: string[];
let end: (exit: ListenerExit) => void;

beforeEach(() => {
  clock = createVirtualClock(startMs);
  [sent, off, waiting, rings, starts, signals] = [[], [], [], [], [], []];
  end = () => undefined;
});

const launcher: ListenerLauncher = {
  start: async (start) => {
    starts.push(start);
    return {
      interrupt: () => signals.push("interrupt"),
      kill: () => signals.push("kill"),
      ended: new Promise((resolve) => {
        end = resolve;
      }),
    };
  },
  updated: async () => undefined,
};

function assignmentOf(id: string): Assignment {
  return {
    id,
    machineId: "i-1",
    jitConfig: "c2VjcmV0",
    runnerName: "rf-i-1",
    labels: ["runs-fleet"],
    deadlineMs: startMs + 3_600_000,
    trace: { traceparent: "00-1-2-01" },
  };
}

function agentWith(options: Partial<AgentOptions> = {}): Promise<unknown> {
  const agent = runAgent({
    machineId: "i-1",
    runnerDirectory: "/runner",
    clock,
    entropy: createSeededEntropy(1),
    launcher,
    power: { off: async (reason) => void off.push(reason) },
    events: { send: async (event) => void sent.push(event) },
    assignments: {
      read: async () => waiting[0],
      blank: async () => waiting.shift() !== undefined,
      rung: (signal) =>
        new Promise((resolve, reject) => {
          rings.push(resolve);
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
    },
    ...options,
  });
  agent.catch(() => undefined);
  return agent;
}

const kinds = (): string[] => sent.map(({ kind }) => kind);
const say = (text: string): void => starts.at(-1)?.onLine(text);

/** The agent works on the job of an assignment that was there from the start. */
async function working(options: Partial<AgentOptions> = {}) {
  waiting.push(assignmentOf("as-1"));
  const agent = agentWith(options);
  await clock.advance(1_000);
  say(`${stamp}: Listening for Jobs`);
  await clock.advance(1_000);
  say(`${stamp}: Running job: build`);
  await clock.advance(1_000);
  return { agent };
}

describe("runAgent", () => {
  it("lives its one life: ready, assignment, runner, job, end, power off", async () => {
    const agent = agentWith({ bootedAtMs: startMs - 40_000 });
    await clock.advance(5_000);
    expect(kinds()).toEqual(["ready"]);
    waiting.push(assignmentOf("as-1"));
    await clock.advance(2_000);
    expect(kinds()).toEqual(["ready", "acknowledged"]);
    say(`${stamp}: Listening for Jobs`);
    await clock.advance(3_000);
    say(`${stamp}: Running job: build`);
    await clock.advance(60_000);
    say(`${stamp}: Job build completed with result: Succeeded`);
    end({ code: 100 });
    await clock.advance(1);
    expect(await agent).toEqual({ result: "succeeded", exitCode: 100 });
    expect(kinds()).toEqual(["ready", "acknowledged", "registered", "job-started", "finished"]);
    expect(sent.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(5);
    expect(sent.map(({ trace }) => trace !== undefined)).toEqual([false, true, true, true, true]);
    expect(sent.at(-1)).toMatchObject({
      exitCode: 100,
      timingsMs: { boot: 40_000, assign: 6_000, idle: 3_000, run: 60_000 },
    });
    expect(off).toEqual(["succeeded: the listener ended"]);
  });

  it("starts the listener with the credential in its environment, and a clean one", async () => {
    const { agent } = await working();
    expect(starts).toMatchObject([{ jitConfig: "c2VjcmV0", runnerDirectory: "/runner" }]);
    expect(Object.keys(starts[0]?.environment ?? {})).toEqual(["PATH"]);
    end({ code: 100 });
    await clock.advance(1);
    await agent;
    expect(JSON.stringify(sent)).not.toContain("c2VjcmV0");
  });

  it("looks every 2 s for 2 minutes, then every 30 s or a little more", async () => {
    const looks: number[] = [];
    void agentWith({
      assignments: {
        read: async () => void looks.push(clock.now() - startMs),
        blank: async () => true,
        rung: (signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          }),
      },
    });
    await clock.advance(600_000);
    const early = looks.filter((atMs) => atMs < 120_000);
    expect(early).toEqual(Array.from({ length: 60 }, (_, index) => index * 2_000));
    const late = looks.filter((atMs) => atMs > 120_000);
    const pauses = late.slice(1).map((atMs, index) => atMs - (late[index] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(37_501);
    expect(new Set(pauses).size).toBeGreaterThan(1);
  });

  it("looks at most twice in any minute while it is hot, whatever the jitter", async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      clock = createVirtualClock(startMs);
      const looks: number[] = [];
      const stopped = new AbortController();
      void agentWith({
        entropy: createSeededEntropy(seed),
        signal: stopped.signal,
        assignments: {
          read: async () => void looks.push(clock.now()),
          blank: async () => true,
          rung: () => new Promise(() => undefined),
        },
      });
      await clock.advance(3_720_000);
      stopped.abort(new Error("enough"));
      const hot = looks.filter((atMs) => atMs >= startMs + 120_000);
      // Three looks lie at least a minute apart.
      expect(hot.every((atMs, index) => atMs - (hot[index - 2] ?? -Infinity) >= 60_000)).toBe(true);
      expect(hot.length).toBeGreaterThan(90);
    }
  });

  it("looks at once when the doorbell rings", async () => {
    void agentWith();
    await clock.advance(200_000);
    waiting.push(assignmentOf("as-1"));
    for (const ring of rings.splice(0)) ring();
    await clock.advance(1);
    expect(kinds()).toEqual(["ready", "acknowledged"]);
  });

  it("stays ready when the assignment was taken back, and takes the next one", async () => {
    const agent = agentWith({
      assignments: {
        read: async () => waiting[0],
        blank: async ({ id }) => id !== "as-1",
        rung: () => new Promise(() => undefined),
      },
    });
    waiting.push(assignmentOf("as-1"));
    await clock.advance(10_000);
    expect([kinds(), starts]).toEqual([["ready"], []]);
    waiting[0] = assignmentOf("as-2");
    await clock.advance(2_000);
    expect(kinds()).toEqual(["ready", "acknowledged"]);
    end({ code: 100 });
    await clock.advance(1);
    await agent;
  });

  it("repeats a blanking that got no answer, as it may have happened", async () => {
    let blanks = 0;
    waiting.push(assignmentOf("as-1"));
    void agentWith({
      assignments: {
        read: async () => waiting.shift(),
        blank: async () => {
          blanks += 1;
          if (blanks < 3) throw new Error("no answer");
          return true;
        },
        rung: () => new Promise(() => undefined),
      },
    });
    await clock.advance(10_000);
    expect([blanks, kinds()]).toEqual([3, ["ready", "acknowledged"]]);
  });

  it("does not begin an assignment that is void, or another machine's", async () => {
    waiting.push({ ...assignmentOf("as-1"), deadlineMs: startMs });
    void agentWith();
    await clock.advance(10_000);
    waiting[0] = { ...assignmentOf("as-2"), machineId: "i-2" };
    await clock.advance(10_000);
    expect([kinds(), starts.length]).toEqual([["ready"], 0]);
  });

  it("keeps looking when the assignment cannot be read or the doorbell is broken", async () => {
    let reads = 0;
    void agentWith({
      assignments: {
        read: async () => {
          reads += 1;
          if (reads < 4) throw new Error("not now");
          return assignmentOf("as-1");
        },
        blank: async () => true,
        rung: async () => {
          throw new Error("no doorbell");
        },
      },
    });
    await clock.advance(6_000);
    expect([reads, kinds()]).toEqual([4, ["ready", "acknowledged"]]);
  });

  it("sends each event until it is sent, in order, and does not go off before", async () => {
    let broken = true;
    const { agent } = await working({
      events: {
        send: async (event) => {
          if (broken) throw new Error("no network");
          sent.push(event);
        },
      },
    });
    end({ code: 102 });
    await clock.advance(20_000);
    expect([sent, off]).toEqual([[], []]);
    broken = false;
    await clock.advance(20_000);
    await agent;
    expect(kinds()).toEqual(["ready", "acknowledged", "registered", "job-started", "finished"]);
    expect(off).toHaveLength(1);
  });

  it("goes off in the end when its reports cannot be sent", async () => {
    const { agent } = await working({
      events: {
        send: async () => {
          throw new Error("no network");
        },
      },
    });
    end({ code: 100 });
    await clock.advance(59_000);
    expect(off).toEqual([]);
    await clock.advance(2_000);
    expect(await agent).toEqual({ result: "succeeded", exitCode: 100 });
    expect(off).toHaveLength(1);
  });

  it("asks the listener to end before the machine's deadline, kills it, reports and goes off", async () => {
    const deadlineMs = startMs + 1_000_000;
    const { agent } = await working({ deadlineMs });
    await clock.runUntil(deadlineMs - 150_001);
    expect(signals).toEqual([]);
    await clock.runUntil(deadlineMs - 150_000);
    expect(signals).toEqual(["interrupt"]);
    await clock.runUntil(deadlineMs - 60_000);
    expect(signals).toEqual(["interrupt", "kill"]);
    end({ signal: "SIGKILL" });
    await clock.advance(1);
    expect(await agent).toEqual({ result: "unknown" });
    expect(clock.now()).toBeLessThan(deadlineMs);
    expect(off).toEqual(["unknown: deadline"]);
  });

  it("goes off before its deadline when nobody ever assigned anything", async () => {
    const agent = agentWith({ deadlineMs: startMs + 1_000_000 });
    await clock.advance(1_000_000);
    expect(await agent).toEqual({ result: "no-job" });
    expect(kinds()).toEqual(["ready", "finished"]);
    expect(off).toEqual(["no-job: deadline"]);
  });

  it("rejects with the signal's reason while it is idle, and leaves the machine on", async () => {
    const stop = new AbortController();
    const agent = agentWith({ signal: stop.signal });
    await clock.advance(10_000);
    stop.abort("stopped");
    await expect(agent).rejects.toBe("stopped");
    await expect(agentWith({ signal: AbortSignal.abort("late") })).rejects.toBe("late");
    expect(off).toEqual([]);
  });

  it("ends its job when the signal comes while it has one, and goes off", async () => {
    const stop = new AbortController();
    const { agent } = await working({ signal: stop.signal });
    stop.abort("stopped");
    await clock.advance(1);
    expect(signals).toEqual(["interrupt"]);
    end({ code: 0 });
    await clock.advance(1);
    expect(await agent).toEqual({ result: "cancelled", exitCode: 0 });
    expect(off).toEqual(["cancelled: signal"]);
  });

  it("reports the announced end, lets the job run until shortly before, then ends it", async () => {
    const endsAtMs = startMs + 123_000;
    const { agent } = await working({ interruption: async () => ({ endsAtMs }) });
    expect(kinds()).toContain("interrupted");
    await clock.runUntil(endsAtMs - 45_001);
    expect(signals).toEqual([]);
    await clock.runUntil(endsAtMs - 45_000);
    expect(signals).toEqual(["interrupt"]);
    end({ code: 0 });
    await clock.advance(1);
    expect(await agent).toEqual({ result: "cancelled", exitCode: 0 });
  });

  it("goes off at once when its end is announced while it is idle", async () => {
    const agent = agentWith({
      interruption: async () => {
        await clock.sleep(5_000);
        return { endsAtMs: startMs + 125_000 };
      },
    });
    await clock.advance(5_001);
    expect(await agent).toEqual({ result: "no-job" });
    expect(kinds()).toEqual(["ready", "interrupted", "finished"]);
    expect(off).toEqual(["no-job: interruption"]);
  });

  it("ends the machine when the listener cannot be started", async () => {
    waiting.push(assignmentOf("as-1"));
    const lines: string[] = [];
    const agent = agentWith({
      log: (line) => lines.push(line),
      launcher: { ...launcher, start: () => Promise.reject(new Error("There is no listener")) },
    });
    await clock.advance(1);
    expect(await agent).toEqual({ result: "unknown" });
    expect(kinds()).toEqual(["ready", "acknowledged", "finished"]);
    expect(lines.join()).toContain("There is no listener");
  });

  it("refuses a bad timing", async () => {
    await expect(agentWith({ timings: { idleTimeoutMs: -1 } })).rejects.toThrow(RangeError);
  });
});
