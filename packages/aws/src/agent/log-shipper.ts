import { type Clock, systemClock } from "@runs-fleet/core";
import { assertInteger } from "@runs-fleet/core/embedded/rules";
import { createS3Log } from "../s3/log.ts";
import type { S3Objects } from "../s3/objects.ts";
import { createLineBuffer } from "./line-buffer.ts";

/** Options of {@link createS3LogShipper}. */
export interface S3LogShipperOptions {
  /** The bucket's objects. */
  readonly objects: S3Objects;
  /** Where the parts are: `logs/<the instance's ARN>/agent`. */
  readonly key: string;
  /** How long lines are collected for one part, milliseconds. @defaultValue 10,000 */
  readonly collectMs?: number;
  /** A part that has grown to this goes at once, bytes. @defaultValue 65,536 */
  readonly partBytes?: number;
  /** Most that is held while S3 does not take it, bytes; of more, the oldest lines are dropped. @defaultValue 1,048,576 */
  readonly maxBytes?: number;
  /** Source of time. @defaultValue `systemClock` */
  readonly clock?: Clock;
}

/** Takes an agent's log to S3. Nothing that goes wrong there ever reaches the agent. */
export interface S3LogShipper extends AsyncDisposable {
  /** Takes a line, and returns at once. It must hold no secret. */
  write(line: string): void;
  /**
   * Resolves when everything that was written before is in S3, `true`, or after `limitMs`, `false`.
   *
   * @param limitMs - Milliseconds.
   */
  flush(limitMs: number): Promise<boolean>;
}

/** Pauses after failures, milliseconds: they double from the first to the longest. */
const firstPauseMs = 500;
const longestPauseMs = 300_000;
/** The longest of them while somebody waits. */
const hurriedPauseMs = 1_000;

/**
 * Ships lines in parts: see {@link createS3Log}. A writer that begins anew, such as after a stop of the instance, goes on behind the
 * parts that are there.
 *
 * `PutObject` below the key is all that it needs to be allowed: parts are never replaced, and nothing is listed. If it may not read
 * them either, lines may come twice after an answer that was lost; none is lost.
 *
 * @throws A RangeError for options that cannot work.
 * @example
 * const shipper = createS3LogShipper({ objects, key: `logs/${arn}/agent` });
 * shipper.write("2026-11-28T08:00:00.000Z ready");
 */
export function createS3LogShipper(options: S3LogShipperOptions): S3LogShipper {
  const { objects, key, clock = systemClock } = options;
  const { collectMs = 10_000, partBytes = 65_536, maxBytes = 1_048_576 } = options;
  assertInteger(collectMs, "collectMs", 0);
  assertInteger(partBytes, "partBytes", 1);
  assertInteger(maxBytes, "maxBytes", partBytes);
  const log = createS3Log(objects, key);
  const buffer = createLineBuffer(maxBytes);
  const closed = new AbortController();
  let shipping: Promise<void> | undefined;
  let failures = 0;
  let flushes = 0;
  /** Cuts the pause before the next part short. */
  let hurry = new AbortController();

  function pauseMs(): number {
    if (failures === 0) return flushes > 0 || buffer.bytes() >= partBytes ? 0 : collectMs;
    const longestMs = flushes > 0 ? hurriedPauseMs : longestPauseMs;
    return Math.min(longestMs, Math.max(collectMs, firstPauseMs) * 2 ** Math.min(failures, 10));
  }

  async function ship(): Promise<void> {
    while (buffer.bytes() > 0) {
      hurry = new AbortController();
      const until = AbortSignal.any([closed.signal, hurry.signal]);
      await clock.sleep(pauseMs(), until).catch(() => undefined);
      if (closed.signal.aborted) return;
      const part = buffer.take();
      if (part === undefined) return;
      try {
        await log.append(part.text, { signal: closed.signal });
        failures = 0;
      } catch {
        failures += 1;
        buffer.giveBack(part);
      }
    }
  }

  const start = (): void => {
    if (closed.signal.aborted) return;
    shipping ??= ship().finally(() => {
      shipping = undefined;
      // A line that came while the last part was on its way out of the loop.
      if (buffer.bytes() > 0) start();
    });
  };

  return {
    write(line) {
      buffer.add(line);
      if (failures === 0 && buffer.bytes() >= partBytes) hurry.abort();
      start();
    },
    async flush(limitMs) {
      const enough = new AbortController();
      let isLate = false;
      const limit = clock.sleep(limitMs, enough.signal).then(
        () => {
          isLate = true;
        },
        () => undefined,
      );
      flushes += 1;
      hurry.abort();
      while (!isLate && shipping !== undefined) await Promise.race([shipping, limit]);
      flushes -= 1;
      enough.abort();
      return shipping === undefined && buffer.bytes() === 0;
    },
    async [Symbol.asyncDispose]() {
      closed.abort(new Error("The log is closed"));
      await shipping?.catch(() => undefined);
    },
  };
}
