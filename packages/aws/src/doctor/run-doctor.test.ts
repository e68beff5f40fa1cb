import { systemClock } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import { createCallRecorder } from "./call-recorder.ts";
import type { DoctorContext } from "./context.ts";
import { fillDoctorOptions } from "./options.ts";
import type { DoctorFinding, DoctorRow, RowAnswer } from "./row.ts";
import { runDoctor } from "./run-doctor.ts";

function contextOf(
  over: { readonly signal?: AbortSignal; readonly live?: boolean } = {},
): DoctorContext {
  const { signal = new AbortController().signal, live = true } = over;
  const options = fillDoctorOptions({ environment: "ci", live });
  const recorder = createCallRecorder(systemClock);
  return { options, signal, clock: systemClock, recorder } as unknown as DoctorContext;
}

function row(id: string, run: () => Promise<RowAnswer>, over: Partial<DoctorRow> = {}): DoctorRow {
  return { id, question: "?", why: "", run, ...over };
}

const fine = async (): Promise<RowAnswer> => ({ verdict: "proven", detail: "fine" });
const expired = async (): Promise<never> => {
  const $metadata = { httpStatusCode: 403 };
  throw Object.assign(new Error("expired"), { name: "ExpiredToken", $metadata });
};
const verdicts = (findings: readonly DoctorFinding[]) =>
  Object.fromEntries(findings.map(({ id, verdict }) => [id, verdict]));

describe("a run", () => {
  it("tells of each row as it ends", async () => {
    const told: string[] = [];
    await runDoctor(contextOf(), [row("a", fine), row("b", fine)], ({ id }) => told.push(id));
    expect(told).toEqual(["a", "b"]);
  });

  it("asks nothing after expired credentials but what takes things away", async () => {
    const rows = [
      row("a", expired),
      row("b", fine),
      row("c", fine, { isLive: true, isCleanUp: true }),
    ];
    const { findings, brokenBy } = await runDoctor(contextOf(), rows);
    expect(verdicts(findings)).toEqual({ a: "unproven", b: "skipped", c: "proven" });
    expect(brokenBy).toBe("a");
  });

  it("goes on after a mistake of a row's own, and takes things away", async () => {
    const rows = [
      row("a", async () => {
        throw new TypeError("x is not a function");
      }),
      row("b", fine, { after: ["a"] }),
      row("c", fine, { isLive: true, isCleanUp: true }),
    ];
    const { findings, brokenBy } = await runDoctor(contextOf(), rows);
    expect(verdicts(findings)).toEqual({ a: "unproven", b: "skipped", c: "proven" });
    expect(findings[0]?.failure?.code).toBe("unexpected");
    expect(brokenBy).toBeUndefined();
  });

  it("that is stopped within a row skips it and the rest, and takes things away", async () => {
    const stop = new AbortController();
    const rows = [
      row("a", async () => {
        stop.abort(new Error("stopped by SIGINT"));
        stop.signal.throwIfAborted();
        return fine();
      }),
      row("b", fine),
      row("c", fine, { isLive: true, isCleanUp: true }),
    ];
    const { findings } = await runDoctor(contextOf({ signal: stop.signal }), rows);
    expect(verdicts(findings)).toEqual({ a: "skipped", b: "skipped", c: "proven" });
    expect(findings[0]?.detail).toBe("because the run was stopped");
  });

  it("buys nothing unless it may", async () => {
    const rows = [
      row("a", fine, { isLive: true }),
      row("b", fine, { isLive: true, isCleanUp: true }),
    ];
    const { findings } = await runDoctor(contextOf({ live: false }), rows);
    expect(verdicts(findings)).toEqual({ a: "skipped", b: "skipped" });
  });
});
