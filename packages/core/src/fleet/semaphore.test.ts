import { describe, expect, it } from "vitest";
import { createSemaphore } from "./semaphore.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a semaphore", () => {
  it("lets no more than its slots run at once, and everybody in the end, in order", async () => {
    const semaphore = createSemaphore(2);
    const begun: number[] = [];
    const gates: (() => void)[] = [];
    let running = 0;
    let most = 0;
    const tasks = [0, 1, 2, 3, 4].map((name) =>
      semaphore.run(async () => {
        begun.push(name);
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => gates.push(resolve));
        running -= 1;
      }),
    );
    for (let step = 0; step < 5; step++) {
      await turn();
      gates.shift()?.();
    }
    await Promise.all(tasks);
    expect([begun, most]).toEqual([[0, 1, 2, 3, 4], 2]);
  });

  it("gives a slot back after a failure", async () => {
    const semaphore = createSemaphore(1);
    const failed = semaphore.run(() => Promise.reject(new Error("no")));
    const next = semaphore.run(() => Promise.resolve("yes"));
    await expect(failed).rejects.toThrow("no");
    expect(await next).toBe("yes");
  });
});
