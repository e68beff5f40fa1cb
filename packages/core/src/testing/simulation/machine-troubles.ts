import type { MachineCall } from "../../embedded/memory-machine-options.ts";
import type { FailureKind } from "../../ports/failure.ts";
import { createDice, createStream } from "./dice.ts";
import type { TroubledOptions } from "./troubled-ports.ts";

/** What decides about machines of a provider. */
export interface MachineTroubles {
  /** Why this call has no effect. */
  refuse(call: MachineCall): FailureKind | undefined;
  /** How long this boot takes, milliseconds. */
  bootMs(machineId: string): number;
  /** Whether the machine's agent never says a word. */
  mute(machineId: string): boolean;
}

const shortestBootMs = 5_000;

/** Boots that spread around `bootMs`, each by dice of its own, and refusals while such faults are at work. */
export function createMachineTroubles(
  options: TroubledOptions & {
    readonly seed: number;
    readonly bootMs: number;
    /** Names of pools. */
    readonly pools: readonly string[];
  },
): MachineTroubles {
  const { trouble, clock, note, seed, pools } = options;
  const mutes = new Set<string>();
  const boots = new Map<string, number>();
  /** What a purchase, or the starts of one instant, brought while capacity was thin. */
  const brought = new Map<string, number>();

  const isBroken = (pool: string | undefined): boolean =>
    trouble
      .active("launch-broken")
      .some(({ target }) => [undefined, ...pools][target % (pools.length + 1)] === pool);
  const isOut = (batch: string): boolean => {
    const [thin] = trouble.active("capacity-thin");
    if (!thin) {
      brought.clear();
      return false;
    }
    const count = brought.get(batch) ?? 0;
    if (count >= thin.most) return true;
    brought.set(batch, count + 1);
    return false;
  };
  const why = (
    call: Extract<MachineCall, { readonly kind: "launch" }> | "start",
  ): FailureKind | undefined => {
    if (trouble.active("capacity-gone").length > 0) return "capacity";
    if (trouble.active("quota-full").length > 0) return "quota";
    if (call === "start") return isOut(`starts at ${clock.now()}`) ? "capacity" : undefined;
    if (isBroken(call.attempt.pool)) return "config";
    const isGone = trouble
      .active("offering-gone")
      .some(
        ({ market, cpu }) =>
          market === call.market && (cpu === undefined || cpu === call.attempt.shape.cpu.min),
      );
    if (isGone || isOut(call.attempt.id)) return "capacity";
    return undefined;
  };

  return {
    refuse: (call) => {
      const isLaunch = call.kind === "launch";
      if (!isLaunch && call.kind !== "start") return undefined;
      const kind = why(isLaunch ? call : "start");
      if (kind !== undefined) note(`no ${isLaunch ? `${call.market} machine` : "start"}: ${kind}`);
      return kind;
    },
    bootMs: (id) => {
      const boot = (boots.get(id) ?? 0) + 1;
      boots.set(id, boot);
      if (trouble.active("never-boots").length > 0) {
        mutes.add(id);
        note(`${id} boots and will say nothing`);
      }
      const slow = trouble.active("slow-boots");
      const factor = slow.reduce((most, fault) => Math.max(most, fault.factor), 1);
      if (factor > 1) note(`${id} boots ${factor} times as slowly`);
      const dice = createDice(createStream(seed, `boot ${boot} of ${id}`));
      return Math.max(shortestBootMs, dice.spread(options.bootMs, 0.3) * factor);
    },
    mute: (id) => mutes.has(id),
  };
}
