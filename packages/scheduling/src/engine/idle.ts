import type { Compiled, IdleDecision, IdleMachine, IdleState } from "../types/answers.ts";
import type { Instant } from "../types/schedule.ts";
import type { Engine } from "./compile.ts";
import { epochMs } from "./instant.ts";
import { segmentAt } from "./page.ts";
import { target } from "./target.ts";
import { boundsOf, pageAt } from "./track.ts";

/** Idle time before release when neither entry nor pool says anything, milliseconds. */
export const DEFAULT_IDLE_TIMEOUT_MS = 0;

/** How far ahead a machine counts as needed, milliseconds. */
export const DEFAULT_REUSE_HORIZON_MS = 0;

/** Shortest life of a machine, milliseconds. Source: Amazon EC2 bills each instance for at least 60 seconds. */
export const DEFAULT_MIN_UPTIME_MS = 60_000;

/** Part of a total that falls to the machines in question. */
type Share = (total: number) => number;

/** Highest hot target in a closed range of time. */
function highestTarget(compiled: Compiled, share: Share, fromMs: number, toMs: number): number {
  let now = target(compiled, fromMs);
  let highest = share(now.hot);
  while (now.untilMs !== undefined && now.untilMs <= toMs) {
    now = target(compiled, now.untilMs);
    highest = Math.max(highest, share(now.hot));
  }
  return highest;
}

/** How far ahead a fall of the need is looked for, beyond the reuse horizon: each decision pays for what it looks at. */
const LOOK_AHEAD_MS = 7 * 86_400_000;

/** When fewer machines than now will be needed, or when to look for it again; `undefined` = not within the schedule's horizon. */
function needFallsAt(
  compiled: Compiled,
  share: Share,
  fromMs: number,
  reuseMs: number,
  need: number,
): number | undefined {
  if (need === 0) return undefined;
  const limit = fromMs + reuseMs + LOOK_AHEAD_MS;
  let now = target(compiled, fromMs);
  let lastNeeded = fromMs;
  for (;;) {
    const until = now.untilMs;
    if (share(now.hot) >= need) {
      if (until === undefined) return undefined;
      lastNeeded = until;
    } else if (until === undefined || until > lastNeeded + reuseMs) {
      // From this moment on the next level of that height is out of reach.
      return lastNeeded > fromMs ? lastNeeded : undefined;
    }
    if (until > limit) return limit;
    now = target(compiled, until);
  }
}

/** Text order by code units: no locale has a say. */
const compareIds = (a: IdleMachine, b: IdleMachine): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

/**
 * What becomes of a pool's idle machines. All are decided together, so that the target is never undercut.
 *
 * The machines that the target needs until `at + reuseHorizonMs` are kept. Of the rest, those that have been idle and
 * up long enough go, in the order asked for: into `stopped` while the pool lacks stopped machines, else for good.
 *
 * @param state - Idle machines only, and only those that may be released.
 * @returns One decision per machine, in the order of release; the order of the input has no effect.
 */
export function decideIdle(compiled: Compiled, at: Instant, state: IdleState): IdleDecision[] {
  const engine = compiled as Engine;
  const now = epochMs(at);
  const page = pageAt(engine.nominal, now);
  const segment = segmentAt(page, now);
  const entryTimeoutMs = page.values[segment]?.idleTimeoutMs;
  const timeoutMs = entryTimeoutMs ?? state.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS;
  const reuseMs = Math.min(state.reuseHorizonMs ?? DEFAULT_REUSE_HORIZON_MS, engine.horizonMs);
  const minUptimeMs = state.minUptimeMs ?? DEFAULT_MIN_UPTIME_MS;
  const direction = state.order === "newest-first" ? -1 : 1;
  const machines = [...state.machines].sort(
    (a, b) => direction * (a.launchedAtMs - b.launchedAtMs) || compareIds(a, b),
  );

  const { share = (total) => total } = state;
  const keepCount = highestTarget(compiled, share, now, now + reuseMs);
  const surplus = Math.max(0, machines.length - keepCount);
  let toStop = share(target(compiled, now).stopped) - state.stopped;
  const dueAt = ({ idleSinceMs, launchedAtMs }: IdleMachine): number =>
    Math.max(idleSinceMs + timeoutMs, launchedAtMs + minUptimeMs);
  const released = new Set(machines.filter((machine) => dueAt(machine) <= now).slice(0, surplus));
  // While there is surplus left, whoever is due first goes next, whatever the order.
  const moreToGo = released.size < surplus;
  const needFalls = needFallsAt(compiled, share, now, reuseMs, keepCount);
  // Where entries have timeouts, the next one to begin or end may bring what is due forward.
  const isVaried = engine.schedule.entries.some(({ idleTimeoutMs }) => idleTimeoutMs !== undefined);
  const timeoutEnds = isVaried ? boundsOf(engine.nominal, page, segment)[1] + 1 : Infinity;

  return machines.map((machine): IdleDecision => {
    const { id } = machine;
    if (released.has(machine)) {
      if (toStop > 0 && machine.canStop) {
        toStop--;
        return { id, action: "stop", reason: "fill-stopped" };
      }
      return { id, action: "terminate", reason: "surplus" };
    }
    const due = dueAt(machine);
    if (moreToGo) {
      const reason = machine.idleSinceMs + timeoutMs > now ? "idle-timeout" : "min-uptime";
      return { id, action: "keep", reason, recheckAtMs: Math.min(due, timeoutEnds) };
    }
    const keep = { id, action: "keep", reason: "needed" } as const;
    if (needFalls === undefined) return keep;
    return { ...keep, recheckAtMs: Math.max(needFalls, Math.min(due, timeoutEnds)) };
  });
}
