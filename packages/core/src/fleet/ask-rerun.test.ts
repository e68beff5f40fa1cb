import { noTelemetry } from "@runs-fleet/telemetry";
import { describe, expect, it } from "vitest";
import { aJob, anEvent, nowMs } from "../../test/fleet/builders.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import type { StoredRecord } from "../ports/state-store.ts";
import { askRerun } from "./ask-rerun.ts";
import { mostRunAttempts } from "./await-rerun.ts";
import type { Rerun } from "./records.ts";

const lost = (state: Rerun["state"] = "asked") =>
  aJob("1", {
    name: "test (24)",
    state: "completed",
    conclusion: "failure",
    endedAtMs: nowMs,
    rerun: { state, sinceMs: nowMs, untilMs: nowMs + 3_600_000 },
  });

const done = (id: string, name: string, changes: Partial<JobEvent> = {}): JobEvent =>
  anEvent(id, "completed", { name, completedAtMs: nowMs - 1_000, ...changes });

async function ask(
  listed: readonly JobEvent[],
  options: { readonly job?: ReturnType<typeof lost>; readonly isClosed?: boolean } = {},
) {
  const asked: string[] = [];
  const record = { open: false } as StoredRecord;
  const answer = await askRerun(
    {
      jobs: {
        listOfRun: async () => listed,
        rerun: async (_, jobId) => {
          asked.push(jobId);
          return "accepted";
        },
      },
      store: { get: async () => (options.isClosed ? record : undefined) },
      mayAct: () => true,
      telemetry: { ...noTelemetry, inject: () => ({ traceparent: "begun" }) },
    },
    options.job ?? lost(),
    {},
  );
  return { asked, answer };
}

const own = done("1", "test (24)", { conclusion: "failure" });
const sibling = done("2", "test (22)");

describe("asking GitHub to run a job again", () => {
  it("asks when its run has ended", async () => {
    const { asked, answer } = await ask([own, sibling]);
    expect({ asked, answer }).toEqual({ asked: ["1"], answer: { answer: "accepted" } });
  });

  it.each(["queued", "in_progress", "waiting"] as const)(
    "does not ask while another job of its run is %s",
    async (action) => {
      const { asked, answer } = await ask([own, anEvent("2", action, { name: "test (22)" })]);
      expect({ asked, answer }).toEqual({ asked: [], answer: { answer: "not-yet" } });
    },
  );

  it.each(["queued", "in_progress", "completed"] as const)(
    "does not ask when it runs again already, and is %s there",
    async (action) => {
      const again = anEvent("9", action, { name: "test (24)", attempt: 2 });
      const { asked, answer } = await ask([sibling, again]);
      expect({ asked, answer }).toEqual({
        asked: [],
        answer: {
          answer: "again",
          event: again,
          isEnded: false,
          trace: { traceparent: "begun" },
        },
      });
    },
  );

  it("tells of a re-run whose record is closed, that nobody opens it again", async () => {
    const again = anEvent("9", "completed", { name: "test (24)", attempt: 2 });
    expect((await ask([again], { isClosed: true })).answer).toMatchObject({ isEnded: true });
  });

  it("does not take the re-run of a sibling for its own", async () => {
    const other = done("9", "test (22)", { attempt: 2, completedAtMs: nowMs + 60_000 });
    const { asked, answer } = await ask([own, other]);
    expect({ asked, answer }).toEqual({ asked: ["1"], answer: { answer: "accepted" } });
  });

  it("knows what a partial re-run lists once more with its old times, and asks for that", async () => {
    const copy = done("11", "test (24)", { attempt: 2, conclusion: "failure" });
    const other = done("9", "test (22)", { attempt: 2, completedAtMs: nowMs + 60_000 });
    const { asked, answer } = await ask([copy, other]);
    expect({ asked, answer }).toEqual({ asked: ["11"], answer: { answer: "accepted" } });
  });

  it("only looks as long as it is not on record that GitHub may be asked", async () => {
    const { asked, answer } = await ask([own, sibling], { job: lost("wanted") });
    expect({ asked, answer }).toEqual({ asked: [], answer: { answer: "free" } });
  });

  it("only looks once GitHub has accepted it", async () => {
    const { asked, answer } = await ask([own], { job: lost("accepted") });
    expect({ asked, answer }).toEqual({ asked: [], answer: { answer: "not-yet" } });
  });

  it("does not ask about a run that is gone, nor one that has had too many attempts", async () => {
    expect(await ask([])).toEqual({ asked: [], answer: { answer: "gone" } });
    const many = done("2", "test (22)", { attempt: mostRunAttempts });
    expect(await ask([own, many])).toEqual({ asked: [], answer: { answer: "spent" } });
  });
});
