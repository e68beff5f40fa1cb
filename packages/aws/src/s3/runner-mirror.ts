import type { CallOptions } from "@runs-fleet/core";
import { assertInteger } from "@runs-fleet/core/embedded/rules";
import type { S3ContentStream } from "./get.ts";
import type { S3Entry } from "./list.ts";
import type { S3Objects } from "./objects.ts";
import { assertSha256 } from "./sha256.ts";

/** A release of the runner, as GitHub publishes it. */
export interface RunnerArchive {
  /** Name of the file, such as `actions-runner-linux-x64-2.330.0.tar.gz`. */
  readonly fileName: string;
  /** SHA-256 as GitHub publishes it, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Size of the file. */
  readonly bytes: number;
}

/** A mirror of the runner. An archive goes by its SHA-256, so that none can take the place of another one. */
export interface RunnerMirror {
  /**
   * Stores an archive, which is compared with its SHA-256 on the way. One that is there stays, unless its size tells that it is
   * none.
   *
   * @param open - Begins to read the archive; called when it is to be sent.
   */
  put(
    archive: RunnerArchive,
    open: () => AsyncIterable<Uint8Array>,
    options?: CallOptions,
  ): Promise<"stored" | "exists">;
  /** The archive; `undefined` when it is not there. Its body throws at the end when it is not the right one: run nothing before. */
  get(archive: RunnerArchive, options?: CallOptions): Promise<S3ContentStream | undefined>;
}

/**
 * A mirror of the runner under `runners/`.
 *
 * @returns Its calls throw a TypeError or a RangeError for archives that are not described well.
 */
export function createRunnerMirror(objects: S3Objects): RunnerMirror {
  return {
    async put(archive, open, options) {
      const key = runnerKey(archive);
      const { bytes, sha256 } = archive;
      // An archive has hundreds of megabytes: it is not sent to learn that it is there.
      const found = await find(objects, key, options);
      if (found?.bytes === bytes) return "exists";
      const when = found === undefined ? "absent" : { etag: found.etag };
      const source = { body: open(), bytes, sha256 };
      const { outcome } = await objects.putStream(key, source, { ...options, when });
      // Somebody else has stored it meanwhile.
      return outcome === "stored" ? "stored" : "exists";
    },
    async get(archive, options) {
      const key = runnerKey(archive);
      const { bytes: maxBytes, sha256 } = archive;
      return objects.getStream(key, { ...options, maxBytes, sha256 });
    },
  };
}

async function find(
  objects: S3Objects,
  key: string,
  options: CallOptions | undefined,
): Promise<S3Entry | undefined> {
  for await (const entry of objects.list(key, options)) if (entry.key === key) return entry;
  return undefined;
}

/**
 * The key of an archive, for policies and for those who look.
 *
 * @throws A TypeError or a RangeError when it is not described well.
 */
export function runnerKey({ fileName, sha256, bytes }: RunnerArchive): string {
  if (typeof fileName !== "string" || !/^[\w][\w.-]{0,199}$/u.test(fileName)) {
    throw new TypeError("fileName must be the name of a file");
  }
  assertSha256(sha256);
  assertInteger(bytes, "bytes", 1);
  return `runners/${sha256}/${fileName}`;
}
