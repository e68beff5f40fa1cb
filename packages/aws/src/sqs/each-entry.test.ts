import { FleetError } from "@runs-fleet/core";
import { createSeededEntropy, createVirtualClock } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { type BatchAnswer, eachEntry } from "./each-entry.ts";

/** What each call was about, and how it ended, for entries that are refused so many times with a code. */
async function run(
  entries: readonly string[],
  refusals: Readonly<Record<string, { code: string; senderFault: boolean; times: number }>>,
) {
  const clock = createVirtualClock(0);
  const sent: (readonly string[])[] = [];
  const left = new Map(Object.entries(refusals).map(([name, { times }]) => [name, times]));
  const answer = (batch: readonly string[]): BatchAnswer => {
    sent.push(batch);
    const Failed = batch.flatMap((name, place) => {
      const times = left.get(name) ?? 0;
      const { code: Code = "", senderFault: SenderFault = false } = refusals[name] ?? {};
      left.set(name, times - 1);
      return times > 0 ? [{ Id: String(place), Code, SenderFault }] : [];
    });
    const failed = new Set(Failed.map(({ Id }) => Id));
    const Successful = batch
      .map((_, place) => ({ Id: String(place) }))
      .filter(({ Id }) => !failed.has(Id));
    return { Successful, Failed };
  };
  const call = {
    purpose: "try",
    signal: undefined,
    send: async (b: readonly string[]) => answer(b),
  };
  const done = eachEntry(entries, call, { clock, entropy: createSeededEntropy(1) });
  for (let step = 0; step < 10; step += 1) await clock.advance(100);
  const outcomes = (await done).map((error) => error?.kind ?? "done");
  return { outcomes, sent };
}

describe("the entries of a batch", () => {
  it("are done in one call when nothing is wrong", async () => {
    const { outcomes, sent } = await run(["a", "b"], {});
    expect(outcomes).toEqual(["done", "done"]);
    expect(sent).toEqual([["a", "b"]]);
  });

  it("are tried again, and only they, when SQS fails to do them", async () => {
    const throttled = { code: "RequestThrottled", senderFault: false, times: 1 };
    const broken = { code: "InternalFailure", senderFault: false, times: 2 };
    const { outcomes, sent } = await run(["a", "b", "c"], { b: throttled, c: broken });
    expect(outcomes).toEqual(["done", "done", "done"]);
    expect(sent).toEqual([["a", "b", "c"], ["b", "c"], ["c"]]);
  });

  it("are given up after three tries", async () => {
    const throttled = { code: "RequestThrottled", senderFault: false, times: 9 };
    const { outcomes, sent } = await run(["a", "b"], { a: throttled });
    expect(outcomes).toEqual(["throttled", "done"]);
    expect(sent.length).toBe(3);
  });

  it("are not tried again when they are wrong themselves", async () => {
    const wrong = { code: "InvalidMessageContents", senderFault: true, times: 9 };
    const { outcomes, sent } = await run(["a", "b"], { b: wrong });
    expect(outcomes).toEqual(["done", "config"]);
    expect(sent.length).toBe(1);
  });

  it("that the answer does not mention are tried again, not taken for done", async () => {
    const clock = createVirtualClock(0);
    let calls = 0;
    const send = async () => {
      calls += 1;
      return { Successful: [{ Id: "0" }] };
    };
    const call = { purpose: "try", signal: undefined, send };
    const done = eachEntry(["a", "b"], call, { clock, entropy: createSeededEntropy(1) });
    await clock.advance(1_000);
    expect(await done).toEqual([undefined, undefined]);
    expect(calls).toBe(2);
  });

  it("fail together when the call fails, which the SDK has repeated by then", async () => {
    const clock = createVirtualClock(0);
    let calls = 0;
    const send = () => {
      calls += 1;
      const $metadata = { httpStatusCode: 503 };
      return Promise.reject(
        Object.assign(new Error("no"), { name: "ServiceUnavailable", $metadata }),
      );
    };
    const call = { purpose: "try", signal: undefined, send };
    const outcomes = await eachEntry(["a", "b"], call, { clock, entropy: createSeededEntropy(1) });
    expect(outcomes.map((error) => error?.kind)).toEqual(["unavailable", "unavailable"]);
    expect(calls).toBe(1);
  });

  it("stop at once when the call is cancelled during a pause", async () => {
    const clock = createVirtualClock(0);
    const controller = new AbortController();
    const send = async () => ({
      Failed: [{ Id: "0", Code: "InternalFailure", SenderFault: false }],
    });
    const call = { purpose: "try", signal: controller.signal, send };
    const done = eachEntry(["a"], call, { clock, entropy: createSeededEntropy(1) });
    const ended = expect(done).rejects.toBe("enough");
    await clock.advance(1);
    controller.abort("enough");
    await ended;
  });

  it("say nothing of their contents when they fail", async () => {
    const clock = createVirtualClock(0);
    const send = async () => ({
      Failed: [{ Id: "0", Code: "InvalidMessageContents", SenderFault: true }],
    });
    const call = { purpose: "send messages", signal: undefined, send };
    const [error] = await eachEntry(["secret"], call, { clock, entropy: createSeededEntropy(1) });
    expect(FleetError.isInstance(error)).toBe(true);
    expect(JSON.stringify([error?.message, error?.details])).not.toContain("secret");
  });
});
