import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { type Expectation, readVerified } from "./read-verified.ts";
import { sha256Of } from "./sha256.ts";

const content = Buffer.from("0123456789");
const sound: Expectation = {
  key: "k",
  bytes: 10,
  maxBytes: 10,
  sha256: sha256Of(content),
  signal: undefined,
};

/** Reads a body to the end. */
async function read(chunks: readonly Buffer[], expectation: Partial<Expectation> = {}) {
  const body = Readable.from(chunks);
  const got: Uint8Array[] = [];
  const reading = readVerified(body, { ...sound, ...expectation });
  for (;;) {
    const step = await reading.next();
    if (step.done) return { got: Buffer.concat(got).toString(), ...step.value };
    got.push(step.value);
  }
}

const halves = [content.subarray(0, 5), content.subarray(5)];

describe("a body that is read", () => {
  it("is what it should be, and tells its digest", async () => {
    const sha256 = sha256Of(content);
    expect(await read(halves)).toEqual({ got: "0123456789", sha256 });
    expect(await read(halves, { sha256: undefined })).toEqual({ got: "0123456789", sha256 });
  });

  it("is refused at its end when it has another digest", async () => {
    const wrong = { sha256: sha256Of(Buffer.from("other")) };
    await expect(read(halves, wrong)).rejects.toMatchObject({
      kind: "config",
      retryable: false,
      details: { code: "sha256-mismatch", expected: wrong.sha256, actual: sound.sha256 },
    });
  });

  it("is refused as soon as it is too large, whatever S3 has said", async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield content;
      })(),
    );
    const reading = readVerified(endless, { ...sound, maxBytes: 25 });
    const seen: Uint8Array[] = [];
    const readAll = async () => {
      for await (const chunk of reading) seen.push(chunk);
    };
    await expect(readAll()).rejects.toMatchObject({
      kind: "config",
      details: { code: "too-large" },
    });
    expect(seen.length).toBe(2);
    expect(endless.destroyed).toBe(true);
  });

  it.each([
    ["less", { bytes: 11, maxBytes: 20 }],
    ["more", { bytes: 9, maxBytes: 20 }],
  ])("that has %s than S3 has said broke off", async (_, expectation) => {
    await expect(read(halves, expectation)).rejects.toMatchObject({
      kind: "unavailable",
      retryable: true,
    });
  });

  it("that ends in an error of whatever form broke off", async () => {
    for (const error of [
      Object.assign(new Error("aborted"), { code: "ECONNRESET" }),
      new Error("Checksum mismatch"),
    ]) {
      const body = Readable.from(
        (function* () {
          yield content;
          throw error;
        })(),
      );
      const reading = readVerified(body, sound);
      await reading.next();
      await expect(reading.next()).rejects.toMatchObject({ kind: "unavailable", cause: error });
    }
  });

  it("is closed when its reader leaves", async () => {
    const body = Readable.from(halves);
    for await (const _ of readVerified(body, sound)) break;
    expect(body.destroyed).toBe(true);
  });

  it("ends with the reason of its signal, also while nothing comes", async () => {
    const controller = new AbortController();
    const body = new Readable({ read: () => undefined });
    const reading = readVerified(body, { ...sound, signal: controller.signal });
    const next = reading.next();
    controller.abort("enough");
    await expect(next).rejects.toBe("enough");
    expect(body.destroyed).toBe(true);
    const late = readVerified(new Readable({ read: () => undefined }), {
      ...sound,
      signal: controller.signal,
    });
    await expect(late.next()).rejects.toBe("enough");
  });
});
