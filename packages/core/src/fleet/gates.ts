import type { Cause } from "../ports/cause.ts";
import { FleetError } from "../ports/failure.ts";

/** A gate that is shut: nothing of its kind is tried before `untilMs`. */
export interface Gate {
  readonly untilMs: number;
  readonly failures: number;
  readonly cause: Cause;
}

/** What is held back after failures, by key: `launch:<fit>`, `mint:<scope>`. Lost with the process; only delays depend on it. */
export interface Gates {
  /** The gate if it is shut now. */
  shut(key: string, nowMs: number): Gate | undefined;
  /** The gate, shut or not, if the last failure was for lack of room: there may be room for fewer. */
  short(key: string): Gate | undefined;
  /** Notes a failure and shuts the gate: longer each time, as long as the service asks, long for what repeating cannot help. */
  fail(key: string, error: unknown, nowMs: number): Gate;
  /** Notes a success: the next failure begins anew. */
  pass(key: string): void;
  /** A place became free: what was held back for lack of room may be tried at once. */
  roomFreed(key: string): void;
  /** Grows whenever a gate is shut, or opened before its time. */
  revision(): number;
  /** When the next gate opens. */
  nextOpenMs(nowMs: number): number | undefined;
}

const noRoom: ReadonlySet<string> = new Set(["capacity", "quota"]);
const firstDelayMs = 2_000;
const longestDelayMs = 120_000;
/** Capacity comes back without a word, and asking for it costs one call: we look often. */
const longestCapacityDelayMs = 15_000;
/** For `config` and `auth`: a person has to act; we look again now and then. */
const brokenDelayMs = 300_000;

/** The cause of an error, in the vocabulary of causes; secrets are not in FleetError messages by contract. */
export function causeOf(error: unknown): Cause {
  if (FleetError.isInstance(error)) return { code: error.kind, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { code: "unknown", message: message.slice(0, 500) };
}

/** Makes gates that are all open. */
export function createGates(random: () => number): Gates {
  const gates = new Map<string, Gate>();
  let revision = 0;
  const open = (key: string): void => {
    if (gates.delete(key)) revision += 1;
  };
  return {
    revision: () => revision,
    shut: (key, nowMs) => {
      const gate = gates.get(key);
      return gate && gate.untilMs > nowMs ? gate : undefined;
    },
    short: (key) => {
      const gate = gates.get(key);
      return gate && noRoom.has(gate.cause.code) ? gate : undefined;
    },
    fail: (key, error, nowMs) => {
      const before = gates.get(key);
      const stillShutMs = before && before.untilMs > nowMs ? before.untilMs : nowMs;
      // Calls that were under way together fail together: that is one failure, or a hiccup would shut us out for minutes.
      const failures = (before?.failures ?? 0) + (stillShutMs > nowMs ? 0 : 1);
      const cause = causeOf(error);
      const asked = FleetError.isInstance(error) ? error.retryAfterMs : undefined;
      const broken = cause.code === "config" || cause.code === "auth";
      const longest = cause.code === "capacity" ? longestCapacityDelayMs : longestDelayMs;
      const grown = Math.min(longest, firstDelayMs * (1 << Math.min(failures - 1, 10)));
      const delayMs = asked ?? (broken ? brokenDelayMs : grown * (0.75 + 0.5 * random()));
      const untilMs = Math.max(stillShutMs, nowMs + Math.ceil(delayMs));
      const gate: Gate = { untilMs, failures, cause };
      gates.set(key, gate);
      revision += 1;
      return gate;
    },
    pass: open,
    roomFreed: (key) => {
      if (noRoom.has(gates.get(key)?.cause.code ?? "")) open(key);
    },
    nextOpenMs: (nowMs) => {
      let next: number | undefined;
      for (const { untilMs } of gates.values()) {
        if (untilMs > nowMs && (next === undefined || untilMs < next)) next = untilMs;
      }
      return next;
    },
  };
}
