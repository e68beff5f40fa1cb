import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { createS3Objects, type RunnerArchive, runnerKey, s3LogPartKey } from "./index.ts";

const client = new S3Client({ region: "us-east-1" });
const sha256 = "ab".repeat(32);
const objects = createS3Objects({ client, bucket: "acme-runs-fleet" });

async function* nothing(): AsyncGenerator<Uint8Array> {}

describe("objects in S3", () => {
  it.each<[string, object, typeof TypeError]>([
    ["no client", { client: {} }, TypeError],
    ["no bucket", { bucket: "" }, TypeError],
    ["a bucket that is none", { bucket: "a b c" }, TypeError],
    ["a prefix without a slash behind it", { prefix: "ci" }, RangeError],
    ["a prefix that leads elsewhere", { prefix: "../" }, RangeError],
  ])("are refused with %s", (_, replace, error) => {
    expect(() => createS3Objects({ client, bucket: "acme", ...replace })).toThrow(error);
  });

  it.each<[string, () => Promise<unknown>, typeof TypeError]>([
    ["a bad key to put", () => objects.put("../a", "a"), RangeError],
    ["a bad key to get", () => objects.get("../a", { maxBytes: 1 }), RangeError],
    ["no limit", () => objects.get("a", { maxBytes: 0 }), RangeError],
    ["a bad digest to get", () => objects.get("a", { maxBytes: 1, sha256: "a" }), RangeError],
    ["a bad digest to put", () => objects.put("a", "a", { sha256: "A".repeat(64) }), RangeError],
    ["an empty ETag", () => objects.put("a", "a", { when: { etag: "" } }), TypeError],
    ["any ETag", () => objects.put("a", "a", { when: { etag: "*" } }), TypeError],
    [
      "a stream of no size",
      () => objects.putStream("a", { body: nothing(), bytes: -1, sha256 }),
      RangeError,
    ],
    [
      "a stream that is too large for one call",
      () => objects.putStream("a", { body: nothing(), bytes: 5 * 1_024 ** 3 + 1, sha256 }),
      RangeError,
    ],
  ])("refuse %s", async (_, call, error) => {
    await expect(call()).rejects.toThrow(error);
  });

  it("send nothing that has another digest than it should", async () => {
    await expect(objects.put("a", "a", { sha256 })).rejects.toMatchObject({
      kind: "config",
      details: { code: "sha256-mismatch" },
    });
  });
});

describe("the key of a log's part", () => {
  it("comes in the order of its number", () => {
    const keys = [1, 2, 9, 10, 11, 99, 100, 99_999_999].map((part) =>
      s3LogPartKey("logs/i-1", part),
    );
    expect([...keys].sort()).toEqual(keys);
    expect(keys[0]).toBe("logs/i-1/00000001.log");
  });

  it("has a number that fits", () => {
    for (const part of [0, -1, 1.5, 100_000_000]) {
      expect(() => s3LogPartKey("logs/i-1", part)).toThrow(RangeError);
    }
  });
});

describe("the key of a runner", () => {
  const archive: RunnerArchive = {
    fileName: "actions-runner-linux-x64-2.330.0.tar.gz",
    sha256,
    bytes: 1,
  };

  it("goes by its digest", () => {
    expect(runnerKey(archive)).toBe(`runners/${sha256}/actions-runner-linux-x64-2.330.0.tar.gz`);
  });

  it.each([
    { fileName: "../x" },
    { fileName: ".." },
    { fileName: "" },
    { fileName: "a/b" },
    { sha256: "ab" },
    { bytes: 0 },
  ])("is none with %j", (replace) => {
    expect(() => runnerKey({ ...archive, ...replace })).toThrow();
  });
});
