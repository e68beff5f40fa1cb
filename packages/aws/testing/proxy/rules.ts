import type { AwsRequest } from "./exchange.ts";
import type { FaultRule } from "./fault.ts";

/** A rule at work. */
export interface Injected {
  /** How many calls it has spoiled. */
  readonly fired: number;
  /** How many calls fitted, those that `skip` left alone included. */
  readonly seen: number;
  /** Takes it away; calls that it has caught stay caught. */
  remove(): void;
}

/** The faults of a proxy. */
export interface RuleBook {
  /** Lets something go wrong from now on. The rule that came first wins a call. Throws a RangeError on counts that make no sense. */
  inject(rule: FaultRule): Injected;
  /** Takes all rules away. */
  clear(): void;
  /** The rule for a call, which is counted by this. */
  take(request: AwsRequest): FaultRule | undefined;
}

/** Whether a rule is for a call, counts aside. */
function fits(rule: FaultRule, request: AwsRequest): boolean {
  const { service, action, region, where } = rule;
  if (service !== undefined && service !== request.service) return false;
  if (region !== undefined && region !== request.region) return false;
  if (action !== undefined && ![action].flat().includes(request.action)) return false;
  return where === undefined || where(request);
}

/** An empty book. */
export function createRuleBook(): RuleBook {
  const rules = new Set<{ rule: FaultRule; seen: number; fired: number }>();
  return {
    inject(rule) {
      const { skip = 0, times = 1 } = rule;
      if (!(skip >= 0)) throw new RangeError(`skip must be 0 or more, not ${skip}`);
      if (!(times > 0)) throw new RangeError(`times must be 1 or more, not ${times}`);
      const entry = { rule, seen: 0, fired: 0 };
      rules.add(entry);
      return {
        get fired() {
          return entry.fired;
        },
        get seen() {
          return entry.seen;
        },
        remove: () => void rules.delete(entry),
      };
    },
    clear: () => rules.clear(),
    take(request) {
      for (const entry of rules) {
        if (!fits(entry.rule, request)) continue;
        const { skip = 0, times = 1 } = entry.rule;
        entry.seen += 1;
        if (entry.seen <= skip || entry.fired >= times) continue;
        entry.fired += 1;
        return entry.rule;
      }
      return undefined;
    },
  };
}
