import type { Clock } from "../../ports/clock.ts";
import { systemClock } from "../../ports/system-clock.ts";
import { assertInteger } from "../limits.ts";

/** Options of the adapters on local disk. */
export interface SqliteOptions {
  /** The database file. It and its directory are created; several stores, queues and processes may share it. */
  readonly path: string;
  /**
   * What an acknowledged write survives. `process`: the end of any process, also by SIGKILL. `power`: the loss of power
   * as well, at the price of one flush of the disk per group of writes.
   *
   * @defaultValue `process`
   */
  readonly durability?: "process" | "power";
  /**
   * How long a call waits while another process holds the lock, milliseconds.
   *
   * @defaultValue 5,000
   */
  readonly lockTimeoutMs?: number;
  /** Decides about expiry, leases and visibility; processes on one file must agree on it. @defaultValue `systemClock` */
  readonly clock?: Clock;
}

/** The options with their defaults. */
export interface ResolvedSqliteOptions {
  readonly path: string;
  readonly durability: "process" | "power";
  readonly lockTimeoutMs: number;
  readonly clock: Clock;
}

/** @throws A TypeError for a bad path or durability; a RangeError for a bad number. */
export function resolveOptions(options: SqliteOptions): ResolvedSqliteOptions {
  const { path, durability = "process", lockTimeoutMs = 5_000, clock = systemClock } = options;
  if (typeof path !== "string" || path === "") throw new TypeError("path must name a file");
  if (path.startsWith(":") || path.startsWith("file:")) {
    throw new TypeError(
      `path must name a file, not ${path}; createMemoryStore keeps state in memory`,
    );
  }
  if (durability !== "process" && durability !== "power") {
    throw new TypeError("durability must be process or power");
  }
  assertInteger(lockTimeoutMs, "lockTimeoutMs", 0);
  return { path, durability, lockTimeoutMs, clock };
}
