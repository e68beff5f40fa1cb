import type { FleetStatus, JobStatus, MachineStatus } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import { createFigures, onDemand } from "../../src/simulated/figures.ts";

const minutes = 60_000;

const job = (id: string, state: JobStatus["state"], served: JobStatus["served"]): JobStatus => ({
  id,
  repository: "acme/app",
  state,
  queuedAtMs: 0,
  waitsMs: {},
  labels: [],
  pool: "office",
  ...(served === undefined ? {} : { served }),
});

const machine = (id: string, state: string, pool?: string): MachineStatus => ({
  id,
  state,
  region: "local",
  deadlineMs: 0,
  ...(pool === undefined ? {} : { pool }),
});

function status(parts: Partial<FleetStatus> & { readonly ready?: number }): FleetStatus {
  const { ready = 2, ...rest } = parts;
  const office = {
    name: "office",
    target: { hot: 4, stopped: 1 },
    ready: { hot: ready, stopped: 1 },
    booting: 0,
    busy: 0,
  };
  return {
    environment: "demo",
    role: "controller",
    catalogVersion: "1",
    headline: "",
    decisions: [],
    pools: [office],
    jobs: [],
    machines: [],
    ...rest,
  } as FleetStatus;
}

describe("figures", () => {
  it("count a job when it has ended, and once", () => {
    const figures = createFigures();
    const jobs = [job("1.1", "completed", "hot"), job("2.1", "running", "cold")];
    figures.look(status({ jobs }), minutes);
    figures.look(status({ jobs: [...jobs, job("3.1", "cancelled", undefined)] }), minutes);
    expect(figures.whole.rows.get("office")?.served).toEqual({ hot: 1, stopped: 0, cold: 0 });
  });

  it("measure waits from queued to started, under the pool that was asked for", () => {
    const figures = createFigures();
    figures.queued("1", "office", 1_000);
    figures.queued("2", undefined, 1_000);
    figures.started("1", 5_000);
    figures.started("1", 9_000);
    figures.started("2", 61_000);
    figures.started("3", 61_000);
    expect(figures.whole.rows.get("office")?.waitsMs).toEqual([4_000]);
    expect(figures.whole.rows.get(onDemand)?.waitsMs).toEqual([60_000]);
  });

  it("pay for what is on, keep the peak, and compare what is ready with what is wanted", () => {
    const figures = createFigures();
    const machines = [
      machine("a", "ready", "office"),
      machine("b", "running", "office"),
      machine("c", "stopped", "office"),
      machine("d", "running"),
    ];
    figures.look(status({ machines }), 30 * minutes);
    figures.look(status({ machines: machines.slice(0, 1), ready: 7 }), 30 * minutes);
    expect(figures.whole.rows.get("office")).toMatchObject({
      onHours: 1.5,
      stoppedHours: 0.5,
      peak: 2,
      wantedHours: 4,
      // Machines beyond the target do not make up for what was missing before.
      readyHours: 3,
    });
    expect(figures.whole.rows.get(onDemand)).toMatchObject({ onHours: 0.5, peak: 1 });
  });

  it("look at windows as they open", () => {
    const figures = createFigures();
    figures.look(status({ ready: 3 }), minutes, ["office"]);
    figures.look(status({ ready: 0 }), minutes);
    expect(figures.whole).toMatchObject({ opened: 1, openedWanted: 4, openedReady: 3 });
  });

  it("begin anew for each hour, and not for the whole", () => {
    const figures = createFigures();
    figures.count("launched", 3);
    figures.restart();
    figures.count("launched", 2);
    figures.count("launchesRefused", 1);
    expect(figures.lately).toMatchObject({ launched: 2, launchesRefused: 1 });
    expect(figures.whole).toMatchObject({ launched: 5, launchesRefused: 1 });
  });
});
