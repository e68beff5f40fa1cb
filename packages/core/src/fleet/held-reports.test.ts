import { describe, expect, it } from "vitest";
import { aReport } from "../../test/fleet/builders.ts";
import { createSignalScope } from "../ports/signal-scope.ts";
import type { StateStore, StoredRecord } from "../ports/state-store.ts";
import { createHeldReports, type IncomingReport } from "./held-reports.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function stage(get: (id: string) => Promise<Partial<StoredRecord> | undefined>) {
  const known = new Set<string>();
  const log: string[] = [];
  let asked = 0;
  const held = createHeldReports({
    isKnown: (id) => known.has(id),
    store: {
      get: (_table: string, id: string) => {
        asked += 1;
        return get(id);
      },
    } as unknown as StateStore,
    retake: ({ event }) => log.push(`retake ${event.id}`),
    scope: createSignalScope(new AbortController().signal),
  });
  const report = (machineId: string, kind: "ready" | "acknowledged" = "ready"): IncomingReport => {
    const event = aReport(machineId, kind);
    return {
      kind: "report",
      event,
      sender: undefined,
      settle: () => log.push(`settle ${event.id}`),
      postpone: () => log.push(`postpone ${event.id}`),
    };
  };
  return { held, known, log, report, asked: () => asked };
}

describe("reports of machines that are not on the books", () => {
  it("are taken in, in order, when the machine is written down", async () => {
    const { held, known, log, report, asked } = stage(async () => undefined);
    held.hold(report("m"));
    held.hold(report("m", "acknowledged"));
    await turn();
    held.release();
    expect(log).toEqual([]);
    known.add("m");
    held.release();
    held.release();
    expect(log).toEqual(["retake m-ready", "retake m-acknowledged"]);
    expect(asked()).toBe(1);
  });

  it("are settled when the machine is on the books and closed", async () => {
    const { held, log, report } = stage(async () => ({ open: false }));
    held.hold(report("m"));
    await turn();
    expect(log).toEqual(["settle m-ready"]);
  });

  it("go back to the queue when the store cannot say: unknown is not absent", async () => {
    const { held, log, report } = stage(() => Promise.reject(new Error("down")));
    held.hold(report("m"));
    await turn();
    expect(log).toEqual(["postpone m-ready"]);
  });

  it("are held once however often the queue brings them, and settled by the latest receipt", async () => {
    const { held, known, log, report } = stage(async () => undefined);
    for (let delivery = 0; delivery < 100; delivery++) held.hold(report("m"));
    await turn();
    known.add("m");
    held.release();
    expect(log).toEqual(["retake m-ready"]);
  });

  it("in the name of machines that never were do not pile up", async () => {
    const { held, known, log, report } = stage(async () => undefined);
    for (let index = 0; index < 5_000; index++) {
      held.hold(report(`m${index}`));
      known.add(`m${index}`);
    }
    await turn();
    held.release();
    expect(log.length).toBe(1_000);
    expect(log.at(-1)).toBe("retake m4999-ready");
  });
});
