import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRunnerMirror, type RunnerArchive, runnerKey } from "../../src/s3/index.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { openBucket } from "./stage.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await openAws();
});
afterAll(() => aws.close());

const content = Buffer.alloc(1_000_000, "runner");
const archive: RunnerArchive = {
  fileName: "actions-runner-linux-x64-2.330.0.tar.gz",
  sha256: createHash("sha256").update(content).digest("hex"),
  bytes: content.length,
};

function pieces(bytes: Uint8Array): () => AsyncIterable<Uint8Array> {
  return async function* () {
    for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
  };
}

const never = () => {
  throw new Error("It is not to be read");
};

async function readAll(body: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe("the mirror of the runner", () => {
  it("stores an archive once, and hands it out", async () => {
    const mirror = createRunnerMirror((await openBucket(aws)).objects());
    expect(await mirror.get(archive)).toBe(undefined);
    expect(await mirror.put(archive, pieces(content))).toBe("stored");
    expect(await mirror.put(archive, never)).toBe("exists");
    const found = await mirror.get(archive);
    expect((await readAll(found?.body)).equals(content)).toBe(true);
  });

  it("stores an archive that several bring at once", async () => {
    const stage = await openBucket(aws);
    const bring = () => createRunnerMirror(stage.objects()).put(archive, pieces(content));
    const outcomes = await Promise.all([bring(), bring(), bring(), bring()]);
    expect([...outcomes].sort()).toEqual(["exists", "exists", "exists", "stored"]);
    const found = await createRunnerMirror(stage.objects()).get(archive);
    expect((await readAll(found?.body)).equals(content)).toBe(true);
  });

  it("stores nothing else under the name of an archive", async () => {
    const stage = await openBucket(aws);
    const mirror = createRunnerMirror(stage.objects());
    const other = Buffer.alloc(1_000_000, "thief!");
    await expect(mirror.put(archive, pieces(other))).rejects.toMatchObject({
      details: { code: "sha256-mismatch" },
    });
    await expect(mirror.put(archive, pieces(content.subarray(1)))).rejects.toMatchObject({
      details: { code: "wrong-size" },
    });
    expect(await stage.text(runnerKey(archive))).toBe(undefined);
  });

  it("refuses what somebody has put there behind its back", async () => {
    const stage = await openBucket(aws);
    const mirror = createRunnerMirror(stage.objects());
    const read = async () => readAll((await mirror.get(archive))?.body);
    await stage.write(runnerKey(archive), "thief!".repeat(166_667).slice(0, content.length));
    await expect(read()).rejects.toMatchObject({ details: { code: "sha256-mismatch" } });
    await stage.write(runnerKey(archive), "thief!".repeat(200_000));
    await expect(read()).rejects.toMatchObject({ details: { code: "too-large" } });
    await stage.write(runnerKey(archive), "thief!");
    await expect(read()).rejects.toMatchObject({ details: { code: "sha256-mismatch" } });
    expect(await mirror.put(archive, pieces(content))).toBe("stored");
    expect((await read()).equals(content)).toBe(true);
  });
});
