import type { Entropy } from "../ports/clock.ts";
import type { Outcome } from "../ports/machine-provider.ts";
import { createEffectTask, type EffectTools, type SingleEffect } from "./effect-tasks.ts";
import { type Effect, type EffectResult, effectKey } from "./effects.ts";
import type { WordLane } from "./word-lane.ts";

/** Does what was decided and stored; each result comes back by `onResult`. */
export interface EffectRunner {
  /** Does these, and the words whose turn has come. */
  run(effects: readonly Effect[]): void;
  /** How many are under way; words that wait for their turn are not: they are owed on record. */
  busy(): number;
}

type BatchedAction = "start" | "stop" | "terminate" | "ring";

/** Most ids of one batched call. */
const batchSize = 100;
/** A machine that booted this recently looks by itself every 2 s; ringing would be a call for nothing. */
const looksByItselfMs = 110_000;

/** Makes a runner for one leadership. */
export function createEffectRunner(
  options: EffectTools & {
    readonly entropy: Entropy;
    readonly words: WordLane;
    readonly nowMs: () => number;
    readonly onResult: (result: EffectResult) => void;
    readonly signal: AbortSignal;
  },
): EffectRunner {
  const { ledger, provider, entropy, words, nowMs, mayAct, onResult, scope, signal } = options;
  const task = createEffectTask(options);
  const underWay = new Set<string>();

  /** Results are dropped once the leadership is over: the next controller finds out by itself. */
  const deliver = (result: EffectResult | undefined): void => {
    if (result && !signal.aborted) onResult(result);
  };

  const single = (effect: SingleEffect): void => {
    const key = effectKey(effect);
    if (underWay.has(key)) return;
    underWay.add(key);
    const done = (result?: EffectResult): void => {
      underWay.delete(key);
      deliver(result);
    };
    task(effect).then(done, () => done());
  };

  const call = (
    action: BatchedAction,
    ids: readonly string[],
    nonce: string,
  ): Promise<readonly Outcome[]> => {
    if (!mayAct()) return Promise.resolve([]);
    return scope.run((own) =>
      action === "ring"
        ? provider.ring(ids, nonce, { signal: own })
        : provider[action](ids, { signal: own }),
    );
  };

  const batched = (action: BatchedAction, ids: readonly string[]): void => {
    for (let from = 0; from < ids.length; from += batchSize) {
      const key = `${action}:${entropy.uuid()}`;
      underWay.add(key);
      const batch = ids.slice(from, from + batchSize);
      call(action, batch, key)
        .then(
          (outcomes) => {
            for (const outcome of outcomes) deliver({ kind: "outcome", action, outcome });
          },
          () => {
            // What happened is unknown: the deadline of each machine's state asks again, that of a boot too late.
            if (action !== "start") return;
            for (const id of batch) {
              deliver({
                kind: "outcome",
                action,
                outcome: { id, ok: false, failure: "unavailable" },
              });
            }
          },
        )
        .finally(() => underWay.delete(key));
    }
  };

  const needsRing = (machineId: string): boolean => {
    const readyAtMs = ledger.machines.get(machineId)?.readyAtMs;
    return readyAtMs !== undefined && nowMs() - readyAtMs >= looksByItselfMs;
  };

  return {
    busy: () => underWay.size,
    run: (effects) => {
      const ids: Record<BatchedAction, string[]> = { start: [], stop: [], terminate: [], ring: [] };
      for (const effect of effects) {
        switch (effect.kind) {
          case "start":
          case "stop":
          case "terminate":
            ids[effect.kind].push(effect.machineId);
            break;
          case "ring":
            if (needsRing(effect.machineId)) ids.ring.push(effect.machineId);
            break;
          case "check":
            words.put(effect.jobKey);
            break;
          default:
            single(effect);
        }
      }
      const turns = words.take(nowMs(), (jobKey) => ledger.jobs.has(jobKey));
      for (const jobKey of turns) single({ kind: "check", jobKey });
      batched("start", ids.start);
      batched("stop", ids.stop);
      batched("terminate", ids.terminate);
      batched("ring", ids.ring);
    },
  };
}
