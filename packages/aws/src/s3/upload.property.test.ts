import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Of } from "./sha256.ts";
import { createUpload } from "./upload.ts";

const pieces = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 });

async function* from(list: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* list;
}

/** What is sent of content that was said to be something, and how that ends. */
async function send(
  list: readonly Uint8Array[],
  said: { readonly bytes: number; readonly sha256: string },
) {
  const stream = createUpload(from(list), { key: "k", ...said });
  const sent: Uint8Array[] = [];
  try {
    for await (const chunk of stream) sent.push(chunk as Uint8Array);
    return { sent: Buffer.concat(sent), error: undefined };
  } catch (error) {
    return { sent: Buffer.concat(sent), error };
  }
}

describe("an upload", () => {
  it("sends what was said", async () => {
    await fc.assert(
      fc.asyncProperty(pieces, async (list) => {
        const whole = Buffer.concat(list);
        const said = { bytes: whole.length, sha256: sha256Of(whole) };
        const { sent, error } = await send(list, said);
        expect(error).toBe(undefined);
        expect(sent.equals(whole)).toBe(true);
      }),
    );
  });

  it("never sends as many bytes as were said of anything else", async () => {
    await fc.assert(
      fc.asyncProperty(pieces, pieces, async (list, other) => {
        const said = { bytes: Buffer.concat(other).length, sha256: sha256Of(Buffer.concat(other)) };
        fc.pre(!Buffer.concat(list).equals(Buffer.concat(other)));
        const { sent, error } = await send(list, said);
        expect(error).toMatchObject({ kind: "config" });
        // S3 waits for the rest, and stores nothing. An empty object has no rest: its digest, which S3 has, tells.
        if (said.bytes > 0) expect(sent.length).toBeLessThan(said.bytes);
      }),
    );
  });

  it("ends with its source's error, when the source fails", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(3);
      throw new Error("disk full");
    }
    const stream = createUpload(broken(), { key: "k", bytes: 9, sha256: "" });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow("disk full");
  });
});
