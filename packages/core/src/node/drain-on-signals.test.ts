import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { type DrainOptions, drainOnSignals } from "./drain-on-signals.ts";

function host(options: Partial<DrainOptions> = {}) {
  const source = new EventEmitter();
  const steps: string[] = [];
  const step = (name: string) => async () => void steps.push(name);
  const drain = drainOnSignals({
    source,
    unready: step("unready"),
    closeListener: step("listener"),
    finishWork: step("work"),
    exit: (code) => void steps.push(`exit ${code}`),
    ...options,
  });
  return { source, steps, drain };
}

const turns = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

describe("drainOnSignals", () => {
  it.each(["SIGTERM", "SIGINT"])("ends in order at %s", async (signal) => {
    const { source, steps, drain } = host();
    source.emit(signal);
    expect(await drain.finished).toBe(0);
    await turns();
    expect(steps).toEqual(["unready", "listener", "work", "exit 0"]);
  });

  it("gives load balancers time before the listener closes", async () => {
    const clock = createVirtualClock(0);
    const { source, steps, drain } = host({ clock, noticeMs: 15_000 });
    source.emit("SIGTERM");
    await turns();
    await clock.advance(14_999);
    expect(steps).toEqual(["unready"]);
    await clock.advance(1);
    await drain.finished;
    expect(steps.slice(0, 3)).toEqual(["unready", "listener", "work"]);
  });

  it("exits at once at the second signal", async () => {
    const seen: string[] = [];
    const { source, steps } = host({
      finishWork: () => new Promise(() => undefined),
      onSignal: (signal, kind) => seen.push(`${signal} ${kind}`),
    });
    source.emit("SIGTERM");
    await turns();
    source.emit("SIGINT");
    expect(steps).toEqual(["unready", "listener", "exit 130"]);
    expect(seen).toEqual(["SIGTERM drain", "SIGINT forced"]);
  });

  it("finishes the work although the listener failed, and then exits with 1", async () => {
    const errors: unknown[] = [];
    const { source, steps, drain } = host({
      closeListener: () => Promise.reject(new Error("stuck")),
      onError: (error) => errors.push(error),
    });
    source.emit("SIGTERM");
    expect(await drain.finished).toBe(1);
    await turns();
    expect(steps).toEqual(["unready", "work", "exit 1"]);
    expect(errors).toHaveLength(1);
  });

  it("drains once, whoever asks, and leaves exiting to signals", async () => {
    const { steps, drain } = host();
    await Promise.all([drain.drain(), drain.drain()]);
    await turns();
    expect(steps).toEqual(["unready", "listener", "work"]);
  });

  it("lets go of the signals when it is disposed", () => {
    const { source, drain } = host();
    drain[Symbol.dispose]();
    expect(source.eventNames()).toEqual([]);
  });
});
