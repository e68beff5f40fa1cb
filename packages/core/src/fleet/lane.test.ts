import { describe, expect, it } from "vitest";
import { createLane } from "./lane.ts";

describe("a lane", () => {
  it("runs one task at a time, in the order in which they were handed in", async () => {
    const lane = createLane();
    const log: string[] = [];
    const gates: (() => void)[] = [];
    const task = (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise<void>((resolve) => gates.push(resolve));
      log.push(`${name} ends`);
      return name;
    };
    const answers = [lane.run(task("a")), lane.run(task("b")), lane.run(task("c"))];
    for (let step = 0; step < 3; step++) {
      while (gates.length === 0) await Promise.resolve();
      gates.shift()?.();
    }
    expect(await Promise.all(answers)).toEqual(["a", "b", "c"]);
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  it("lets a renewal pass what waits, but not what is under way", async () => {
    const lane = createLane();
    const log: string[] = [];
    let end = (): void => undefined;
    const under = lane.run(() => new Promise<void>((resolve) => (end = resolve)));
    const waiting = ["b", "c"].map((name) => lane.run(async () => void log.push(name)));
    for (let step = 0; step < 5; step++) await Promise.resolve();
    const renewals = ["first", "second"].map((name) =>
      lane.runNext(async () => void log.push(name)),
    );
    for (let step = 0; step < 5; step++) await Promise.resolve();
    expect(log).toEqual([]);
    end();
    await Promise.all([under, ...waiting, ...renewals]);
    expect(log).toEqual(["first", "second", "b", "c"]);
  });

  it("hands a failure to whom it belongs and goes on", async () => {
    const lane = createLane();
    const failed = lane.run(() => Promise.reject(new Error("mine")));
    const thrown = lane.run((): Promise<void> => {
      throw new Error("at once");
    });
    const fine = lane.run(() => Promise.resolve(1));
    await expect(failed).rejects.toThrow("mine");
    await expect(thrown).rejects.toThrow("at once");
    expect(await fine).toBe(1);
  });
});
