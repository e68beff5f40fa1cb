import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createMailbox } from "./mailbox.ts";

function waiting(
  mailbox: ReturnType<typeof createMailbox<number>>,
  sleep: (stop: AbortSignal) => Promise<void>,
) {
  const state = { done: false };
  const ended = mailbox.wait(sleep).then(() => {
    state.done = true;
  });
  return { state, ended };
}

describe("a mailbox", () => {
  it("hands items out in the order in which they were put in, however many", () => {
    const mailbox = createMailbox<number>();
    const out: number[] = [];
    for (let index = 0; index < 5_000; index++) {
      mailbox.put(index);
      if (index % 3 === 2) out.push(mailbox.take() ?? -1);
    }
    expect(mailbox.size()).toBe(5_000 - out.length);
    for (let item = mailbox.take(); item !== undefined; item = mailbox.take()) out.push(item);
    expect(out).toEqual(Array.from({ length: 5_000 }, (_, index) => index));
    expect(mailbox.size()).toBe(0);
  });

  it("wakes who waits when something is put, when it is told to, and when time is up", async () => {
    const clock = createVirtualClock(0);
    const mailbox = createMailbox<number>();
    const first = waiting(mailbox, (stop) => clock.sleep(1_000, stop));
    await clock.advance(500);
    expect(first.state.done).toBe(false);
    mailbox.put(1);
    await first.ended;
    const second = waiting(mailbox, (stop) => clock.sleep(1_000, stop));
    await clock.advance(10);
    mailbox.wake();
    await second.ended;
    const third = waiting(mailbox, (stop) => clock.sleep(1_000, stop));
    await clock.advance(999);
    expect(third.state.done).toBe(false);
    await clock.advance(1);
    await third.ended;
  });

  it("does not wait when something was put since the last wait", async () => {
    const mailbox = createMailbox<number>();
    mailbox.put(1);
    await mailbox.wait(() => new Promise(() => undefined));
    expect(mailbox.take()).toBe(1);
  });

  it("ends the sleep of a wait that is over, and survives a sleep that fails", async () => {
    const mailbox = createMailbox<number>();
    let stopped = false;
    const { ended } = waiting(mailbox, (stop) => {
      stop.addEventListener("abort", () => {
        stopped = true;
      });
      return new Promise(() => undefined);
    });
    mailbox.wake();
    await ended;
    expect(stopped).toBe(true);
    await mailbox.wait(() => Promise.reject(new Error("cancelled")));
  });
});
