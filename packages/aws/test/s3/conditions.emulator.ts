import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createS3Log } from "../../src/s3/index.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { replaceSnapshot } from "./readme-example.ts";
import { type BucketStage, openBucket } from "./stage.ts";

let aws: TestAws;
let stage: BucketStage;
beforeAll(async () => {
  aws = await openAws();
  stage = await openBucket(aws);
});
afterAll(() => aws.close());

const reading = { maxBytes: 1_000 };
const writers = Array.from({ length: 40 }, (_, index) => `writer ${index}`);

async function etagOf(key: string): Promise<string> {
  return (await stage.objects().get(key, reading))?.etag ?? "none";
}

describe("a write with a condition", () => {
  it("stores what is to be absent once", async () => {
    const objects = stage.objects();
    expect((await objects.put("c/new", "first", { when: "absent" })).outcome).toBe("stored");
    expect(await objects.put("c/new", "second", { when: "absent" })).toEqual({ outcome: "exists" });
    expect(await stage.text("c/new")).toBe("first");
  });

  it("replaces what was read, and nothing else", async () => {
    const objects = stage.objects();
    await objects.put("c/old", "1");
    const etag = await etagOf("c/old");
    expect((await objects.put("c/old", "2", { when: { etag } })).outcome).toBe("stored");
    expect(await objects.put("c/old", "3", { when: { etag } })).toEqual({ outcome: "changed" });
    expect(await objects.put("c/gone", "3", { when: { etag } })).toEqual({ outcome: "changed" });
    expect([await stage.text("c/old"), await stage.text("c/gone")]).toEqual(["2", undefined]);
  });

  it("keeps a snapshot as the README shows it", async () => {
    const objects = stage.objects({ prefix: "readme/" });
    expect(await replaceSnapshot(objects, "1")).toBe(true);
    expect(await replaceSnapshot(objects, "2")).toBe(false);
    const etag = await etagOf("readme/configuration/current.json");
    expect(await replaceSnapshot(objects, "2", etag)).toBe(true);
    expect(await replaceSnapshot(objects, "3", etag)).toBe(false);
    expect(await stage.text("readme/configuration/current.json")).toBe("2");
  });

  it("has one winner among 40 who create", async () => {
    const outcomes = await Promise.all(
      writers.map((text) => stage.objects().put("c/race", text, { when: "absent" })),
    );
    const winners = writers.filter((_, index) => outcomes[index]?.outcome === "stored");
    expect(winners).toEqual([await stage.text("c/race")]);
    expect(outcomes.filter(({ outcome }) => outcome === "exists").length).toBe(39);
  });

  it("has one winner among 40 who replace", async () => {
    await stage.objects().put("c/swap", "before");
    const when = { etag: await etagOf("c/swap") };
    const outcomes = await Promise.all(
      writers.map((text) => stage.objects().put("c/swap", text, { when })),
    );
    const winners = writers.filter((_, index) => outcomes[index]?.outcome === "stored");
    expect(winners).toEqual([await stage.text("c/swap")]);
    expect(outcomes.filter(({ outcome }) => outcome === "changed").length).toBe(39);
  });

  it("has one winner among 40 although answers are lost", async () => {
    const rule = aws.faults.inject({
      action: "PutObject",
      times: 10,
      fault: { kind: "reset", side: "after" },
    });
    const outcomes = await Promise.all(
      writers.map((text) => stage.objects().put("c/lost", text, { when: "absent" })),
    );
    expect(rule.fired).toBe(10);
    const winners = writers.filter((_, index) => outcomes[index]?.outcome === "stored");
    expect(winners).toEqual([await stage.text("c/lost")]);
  });

  it("knows its own write again, whose answer was lost", async () => {
    const objects = stage.objects();
    const fault = { kind: "reset", side: "after" } as const;
    for (const [key, when] of [
      ["c/own-new", "absent"],
      ["c/own-old", { etag: await newEtag("c/own-old") }],
    ] as const) {
      const rule = aws.faults.inject({ action: "PutObject", fault });
      expect(await objects.put(key, "mine", { when })).toMatchObject({
        outcome: "stored",
        etag: await etagOf(key),
      });
      expect(rule.fired).toBe(1);
    }
  });

  it("does not take another's write for its own", async () => {
    const objects = stage.objects();
    await stage.write("c/others", "theirs");
    const fault = { kind: "reset", side: "before" } as const;
    const rule = aws.faults.inject({ action: "PutObject", fault });
    expect(await objects.put("c/others", "theirs", { when: "absent" })).toEqual({
      outcome: "exists",
    });
    expect(rule.fired).toBe(1);
  });

  it("is tried again when S3 has two at once", async () => {
    const objects = stage.objects();
    const fault = { kind: "error", side: "before", code: "ConditionalRequestConflict" } as const;
    aws.faults.inject({ action: "PutObject", times: 4, fault });
    expect((await objects.put("c/dispute", "a", { when: "absent" })).outcome).toBe("stored");
    aws.faults.inject({ action: "PutObject", times: 5, fault });
    await expect(objects.put("c/dispute", "b")).rejects.toMatchObject({
      kind: "conflict",
      retryable: true,
    });
  });

  it("asks once, and looks at nothing, when all is well", async () => {
    const meter = aws.calls.meter();
    const objects = stage.objects();
    await objects.put("c/calls", "a", { when: "absent" });
    await objects.put("c/calls", "b", { when: "absent" });
    expect(meter.byAction()).toEqual({ "s3 PutObject": { calls: 2, items: 2, retries: 0 } });
  });

  it("writes nothing when it is cancelled before", async () => {
    const signal = AbortSignal.abort("enough");
    await expect(stage.objects().put("c/cancelled", "a", { signal })).rejects.toBe("enough");
    expect(await stage.text("c/cancelled")).toBe(undefined);
  });
});

async function newEtag(key: string): Promise<string> {
  await stage.write(key, "before");
  return etagOf(key);
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}

describe("a log", () => {
  it("is its parts in the order of their calls", async () => {
    const objects = stage.objects();
    const log = createS3Log(objects, "logs/i-1/agent");
    const parts = await Promise.all(["a\n", "b\n", "c\n"].map((line) => log.append(line)));
    expect(parts).toEqual([1, 2, 3]);
    expect(await stage.text("logs/i-1/agent/00000002.log")).toBe("b\n");
    expect(await textOf(log.read(reading))).toBe("a\nb\nc\n");
  });

  it("goes on behind its parts when its writer begins anew", async () => {
    const objects = stage.objects();
    for (const line of ["a", "b", "c"]) await createS3Log(objects, "logs/i-2").append(line);
    expect(await textOf(createS3Log(objects, "logs/i-2").read(reading))).toBe("abc");
  });

  it("has each line once when answers are lost, and no hole where a part failed", async () => {
    const objects = stage.objects();
    const log = createS3Log(objects, "logs/i-3");
    aws.faults.inject({ action: "PutObject", fault: { kind: "reset", side: "after" } });
    await log.append("a");
    const denied = { kind: "error", side: "before", code: "AccessDenied" } as const;
    aws.faults.inject({ action: "PutObject", fault: denied });
    const failing = log.append("b");
    const next = log.append("c");
    await expect(failing).rejects.toMatchObject({ kind: "auth" });
    expect(await next).toBe(2);
    expect(await textOf(log.read(reading))).toBe("ac");
  });

  it("is not mixed up with a log whose key begins alike", async () => {
    const objects = stage.objects();
    await createS3Log(objects, "logs/i-4").append("a");
    await createS3Log(objects, "logs/i-40").append("b");
    expect(await textOf(createS3Log(objects, "logs/i-4").read(reading))).toBe("a");
  });
});
