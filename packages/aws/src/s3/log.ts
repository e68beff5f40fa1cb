import { type CallOptions, FleetError } from "@runs-fleet/core";
import { assertInteger } from "@runs-fleet/core/embedded/rules";
import type { S3Objects } from "./objects.ts";

/** A log in S3, where nothing can be appended to an object: it is a sequence of objects, its parts. */
export interface S3Log {
  /**
   * Stores the next part, and answers its number. Parts of one writer come in the order of their calls, each waits for the one
   * before it; what failed is not stored, and its number goes to the next. Parts that are there already are never replaced.
   */
  append(body: Uint8Array | string, options?: CallOptions): Promise<number>;
  /** The parts in order, as they are now. @throws A {@link FleetError} `config` when one is larger than `maxBytes`. */
  read(options: CallOptions & { readonly maxBytes: number }): AsyncIterable<Uint8Array>;
}

/** Digits of a part's number: as many parts as a minute of a year has seconds. */
const digits = 8;
/** Parts that others may have written since we looked; more of them are no accident. */
const mostSkipped = 1_000;

/**
 * A log under a key. A writer that begins anew goes on behind the parts that are there.
 *
 * @param key - Where its parts are, such as `logs/<machine>/agent`; the first is `logs/<machine>/agent/00000001.log`.
 */
export function createS3Log(objects: S3Objects, key: string): S3Log {
  let next = 1;
  let last: Promise<unknown> = Promise.resolve();

  async function store(
    body: Uint8Array | string,
    options: CallOptions | undefined,
  ): Promise<number> {
    const put = { ...options, when: "absent", contentType: "text/plain; charset=utf-8" } as const;
    for (let skipped = 0; skipped < mostSkipped; skipped += 1) {
      const part = next;
      const { outcome } = await objects.put(s3LogPartKey(key, part), body, put);
      next = part + 1;
      if (outcome === "stored") return part;
    }
    throw new FleetError({
      kind: "conflict",
      message: `Somebody else writes the log ${key} as well`,
    });
  }

  return {
    append(body, options) {
      const copy = typeof body === "string" ? body : new Uint8Array(body);
      const done = last.then(() => store(copy, options));
      // Who waits for this part is told of its failure; the next one goes on.
      last = done.catch(() => undefined);
      return done;
    },
    async *read({ maxBytes, ...options }) {
      for await (const entry of objects.list(`${key}/`, options)) {
        const part = await objects.get(entry.key, { ...options, maxBytes });
        // It has expired since it was listed.
        if (part !== undefined) yield part.body;
      }
    },
  };
}

/**
 * The key of a part: parts are listed in the order of their numbers.
 *
 * @param part - From 1 to 99,999,999.
 * @throws A RangeError for another number.
 */
export function s3LogPartKey(key: string, part: number): string {
  assertInteger(part, "part", 1);
  if (part >= 10 ** digits)
    throw new RangeError(`part must be less than ${10 ** digits}, is ${part}`);
  return `${key}/${String(part).padStart(digits, "0")}.log`;
}
