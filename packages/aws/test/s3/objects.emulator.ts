import { createHash } from "node:crypto";
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { S3Entry } from "../../src/s3/index.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { type BucketStage, openBucket } from "./stage.ts";

let aws: TestAws;
let stage: BucketStage;
beforeAll(async () => {
  aws = await openAws();
  stage = await openBucket(aws);
});
afterAll(() => aws.close());

const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");

async function* pieces(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** 3 MB of bytes that do not repeat. */
const large = Buffer.concat(
  Array.from({ length: 100_000 }, (_, index) => createHash("sha256").update(`${index}`).digest()),
);

describe("an object", () => {
  it.each(["text", "", "naïve 測試 🚀\n"])("is read as it was written: %j", async (text) => {
    const objects = stage.objects();
    const stored = await objects.put("a/text", text);
    expect(stored).toMatchObject({ outcome: "stored", sha256: sha256(text) });
    const read = await objects.get("a/text", { maxBytes: 100 });
    expect(Buffer.from(read?.body ?? []).toString()).toBe(text);
    expect(read).toMatchObject({
      bytes: Buffer.byteLength(text),
      sha256: sha256(text),
      etag: "etag" in stored ? stored.etag : "",
    });
    expect(Math.abs((read?.modifiedAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it("is written as it was when the call was made", async () => {
    const body = Buffer.from("before");
    const writing = stage.objects().put("a/copied", body);
    body.write("after!");
    await writing;
    expect(await stage.text("a/copied")).toBe("before");
  });

  it("is sent with its digest, which S3 checks and moto does not", async () => {
    const headers: Record<string, unknown>[] = [];
    const rule = aws.faults.inject({
      action: "PutObject",
      fault: { kind: "reset", side: "before" },
      where: (request) => {
        headers.push(request.headers);
        return false;
      },
    });
    const objects = stage.objects();
    await objects.put("a/digest", "text", { contentType: "text/plain" });
    const source = { body: pieces(Buffer.from("text"), 3), bytes: 4, sha256: sha256("text") };
    await objects.putStream("a/digest", source, { contentType: "text/plain" });
    rule.remove();
    const digest = Buffer.from(sha256("text"), "hex").toString("base64");
    const sent = {
      "x-amz-checksum-sha256": digest,
      "content-type": "text/plain",
      "content-length": "4",
    };
    expect(headers).toMatchObject([sent, sent]);
  });

  it("that is not there is undefined", async () => {
    const objects = stage.objects();
    expect(await objects.get("none", { maxBytes: 1 })).toBe(undefined);
    expect(await objects.getStream("none", { maxBytes: 1 })).toBe(undefined);
  });

  it("is not taken for absent when the bucket is", async () => {
    const objects = stage.objects({ bucket: `${stage.bucket}-none` });
    await expect(objects.get("a", { maxBytes: 1 })).rejects.toMatchObject({ kind: "config" });
    await expect(objects.put("a", "a")).rejects.toMatchObject({ kind: "config" });
    await expect(readAll(await entriesOf(objects.list("")))).rejects.toMatchObject({
      kind: "config",
    });
  });

  it("lives behind its prefix", async () => {
    const ci = stage.objects({ prefix: "fleets/ci/" });
    await ci.put("a", "of ci");
    expect(await stage.text("fleets/ci/a")).toBe("of ci");
    expect(await stage.objects({ prefix: "fleets/" }).get("a", { maxBytes: 9 })).toBe(undefined);
    expect((await toArray(ci.list(""))).map(({ key }) => key)).toEqual(["a"]);
  });

  it("is refused when it is larger than its reader wants, before it is read", async () => {
    const objects = stage.objects();
    await objects.put("a/large", large);
    const tooLarge = { kind: "config", details: { code: "too-large" } };
    const limit = { maxBytes: large.length - 1 };
    await expect(objects.get("a/large", limit)).rejects.toMatchObject(tooLarge);
    await expect(objects.getStream("a/large", limit)).rejects.toMatchObject(tooLarge);
    expect((await objects.get("a/large", { maxBytes: large.length }))?.bytes).toBe(large.length);
  });

  it("is refused when it has another digest than its reader wants", async () => {
    const objects = stage.objects();
    await stage.write("a/forged", "forged");
    const options = { maxBytes: 100, sha256: sha256("sound!") };
    const mismatch = { kind: "config", details: { code: "sha256-mismatch" } };
    await expect(objects.get("a/forged", options)).rejects.toMatchObject(mismatch);
    const stream = await objects.getStream("a/forged", options);
    await expect(readAll(stream?.body ?? nothing())).rejects.toMatchObject(mismatch);
    await stage.write("a/forged", "sound!");
    expect((await objects.get("a/forged", options))?.sha256).toBe(options.sha256);
  });
});

describe("a stream", () => {
  it("is written in pieces and read in pieces", async () => {
    const objects = stage.objects();
    const source = { body: pieces(large, 65_536), bytes: large.length, sha256: sha256(large) };
    expect(await objects.putStream("s/large", source)).toMatchObject({ outcome: "stored" });
    const options = { maxBytes: large.length, sha256: sha256(large) };
    const stream = await objects.getStream("s/large", options);
    expect(stream?.bytes).toBe(large.length);
    expect((await readAll(stream?.body ?? nothing())).equals(large)).toBe(true);
  });

  it("fails with its source, at once", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield large.subarray(0, 1_000_000);
      throw new Error("disk full");
    }
    const source = { body: broken(), bytes: large.length, sha256: sha256(large) };
    const objects = stage.objects();
    await expect(objects.putStream("s/broken", source)).rejects.toThrow("disk full");
    expect(await stage.text("s/broken")).toBe(undefined);
  });

  it("can be cancelled while it is written", async () => {
    const controller = new AbortController();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield large.subarray(0, 1_000_000);
      controller.abort("enough");
      yield large.subarray(1_000_000);
    }
    const source = { body: slow(), bytes: large.length, sha256: sha256(large) };
    const write = stage.objects().putStream("s/cancelled", source, { signal: controller.signal });
    await expect(write).rejects.toBe("enough");
    expect(await stage.text("s/cancelled")).toBe(undefined);
  });

  it.each<[string, { bytes?: number; sha256?: string }]>([
    ["another digest", { sha256: sha256("other") }],
    ["less than it was said to be", { bytes: large.length + 1 }],
    ["more than it was said to be", { bytes: large.length - 1 }],
  ])("with %s is not stored", async (name, said) => {
    const objects = stage.objects();
    const key = `s/${name.replaceAll(" ", "-")}`;
    const source = { body: pieces(large, 65_536), bytes: large.length, sha256: sha256(large) };
    const write = objects.putStream(key, { ...source, ...said });
    await expect(write).rejects.toMatchObject({ kind: "config" });
    expect(await objects.get(key, { maxBytes: 1e9 })).toBe(undefined);
  });

  it("that breaks off is an error, however much of it came", async () => {
    const objects = stage.objects();
    await objects.put("s/cut", large);
    const options = { maxBytes: large.length };
    for (const read of [
      () => objects.get("s/cut", options),
      async () => readAll((await objects.getStream("s/cut", options))?.body ?? nothing()),
    ]) {
      const rule = aws.faults.inject({ action: "GetObject", fault: { kind: "truncate" } });
      await expect(read()).rejects.toMatchObject({ kind: "unavailable", retryable: true });
      expect(rule.fired).toBe(1);
    }
    expect((await objects.get("s/cut", options))?.bytes).toBe(large.length);
  });

  it("can be left in the middle, and be cancelled", async () => {
    const objects = stage.objects();
    await objects.put("s/left", large);
    const left = await objects.getStream("s/left", { maxBytes: large.length });
    for await (const _ of left?.body ?? nothing()) break;
    // More than a client has sockets: one that is not given back would be missed.
    for (let count = 0; count < 60; count += 1) {
      await using unread = await objects.getStream("s/left", { maxBytes: large.length });
      expect(unread?.bytes).toBe(large.length);
    }
    const controller = new AbortController();
    const { signal } = controller;
    const cancelled = await objects.getStream("s/left", { maxBytes: large.length, signal });
    controller.abort("enough");
    await expect(readAll(cancelled?.body ?? nothing())).rejects.toBe("enough");
  });
});

describe("a listing", () => {
  it("has all objects of a prefix in order, over several pages", async () => {
    const own = await openBucket(aws);
    const keys = Array.from({ length: 23 }, (_, index) => `logs/${String(index).padStart(3, "0")}`);
    await Promise.all(keys.map((key) => own.write(`ci/${key}`, key)));
    await own.write("ci/other", "x");
    await own.write("cj/logs/000", "x");
    const meter = aws.calls.meter();
    const objects = own.objects({ client: withPages(own.client, 5), prefix: "ci/" });
    const entries = await toArray(objects.list("logs/"));
    expect(entries.map(({ key }) => key)).toEqual(keys);
    expect(entries[0]).toMatchObject({
      bytes: 8,
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/u),
    });
    expect(meter.count({ action: "ListObjectsV2" })).toBe(5);
    expect(await toArray(objects.list("none/"))).toEqual([]);
  });

  it("asks for no more pages than are read", async () => {
    const own = await openBucket(aws);
    for (const key of ["a", "b", "c", "d"]) await own.write(key, key);
    const meter = aws.calls.meter();
    for await (const { key } of own.objects({ client: withPages(own.client, 2) }).list("")) {
      if (key === "b") break;
    }
    expect(meter.count({ action: "ListObjectsV2" })).toBe(1);
  });
});

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function toArray(entries: AsyncIterable<S3Entry>): Promise<readonly S3Entry[]> {
  const all: S3Entry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

/** A listing as bytes, so that it can be read like a body. */
async function entriesOf(entries: AsyncIterable<S3Entry>): Promise<AsyncIterable<Uint8Array>> {
  return (async function* () {
    for await (const { key } of entries) yield Buffer.from(key);
  })();
}

/** A client whose pages are small. */
function withPages(client: S3Client, MaxKeys: number): S3Client {
  const send = (command: object, options: object) =>
    client.send(
      command instanceof ListObjectsV2Command
        ? new ListObjectsV2Command({ ...command.input, MaxKeys })
        : (command as ListObjectsV2Command),
      options,
    );
  return { send } as unknown as S3Client;
}
