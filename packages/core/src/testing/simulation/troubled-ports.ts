import type { Clock } from "../../ports/clock.ts";
import { FleetError } from "../../ports/failure.ts";
import type { FaultyPort } from "./faults.ts";
import type { Active, Trouble } from "./trouble.ts";

/** What the wrappers share. */
export interface TroubledOptions {
  readonly trouble: Trouble;
  readonly clock: Clock;
  readonly note: (what: string) => void;
}

type Work = (...words: unknown[]) => unknown;

const iterated: ReadonlySet<string> = new Set(["load", "listFailed"]);
/** Most items of an iterated read before it breaks off. */
const mostBeforeBreak = 12;
const renewal = "store.leases.renew";

/** The signal that a call of a port was given. */
function signalOf(words: readonly unknown[]): AbortSignal | undefined {
  const last = words.at(-1);
  if (typeof last !== "object" || last === null || !("signal" in last)) return undefined;
  return last.signal instanceof AbortSignal ? last.signal : undefined;
}

function isHit(
  fault: { readonly port: FaultyPort; readonly call?: string; readonly rate: number } & Pick<
    Active<"calls-fail">,
    "dice"
  >,
  port: string,
  path: string,
): boolean {
  if (fault.port !== port) return false;
  if (fault.call !== undefined && !path.startsWith(`${port}.${fault.call}`)) return false;
  return fault.dice.chance(fault.rate);
}

/**
 * A port of which calls fail or are slow while such faults are at work, before or after their effect. Otherwise it adds
 * nothing, no turn either.
 */
export function troubledPort<T extends object>(
  port: FaultyPort,
  inner: T,
  options: TroubledOptions,
): T {
  return wrap(port, port, inner, options);
}

function wrap<T extends object>(port: string, path: string, inner: T, options: TroubledOptions): T {
  const made = new Map<PropertyKey, unknown>();
  const dress = (key: PropertyKey, value: unknown): unknown => {
    const own = `${path}.${String(key)}`;
    if (typeof value === "object" && value !== null) return wrap(port, own, value, options);
    if (typeof value !== "function") return value;
    const work: Work = (...words) => Reflect.apply(value, inner, words);
    return iterated.has(String(key))
      ? breakable(port, own, work as (...words: unknown[]) => AsyncIterable<unknown>, options)
      : fallible(port, own, work, options);
  };
  return new Proxy(inner, {
    get: (target, key) => {
      if (made.has(key)) return made.get(key);
      const dressed = dress(key, Reflect.get(target, key));
      made.set(key, dressed);
      return dressed;
    },
  });
}

function broken(path: string, kind: Active<"calls-fail">["failure"]): FleetError {
  return new FleetError({ kind, message: `${path}: the connection broke` });
}

function fallible(port: string, path: string, work: Work, options: TroubledOptions): Work {
  const { trouble, clock, note } = options;
  const failing = async (
    words: readonly unknown[],
    fault: Pick<Active<"calls-fail">, "when" | "failure">,
  ): Promise<never> => {
    const { when, failure } = fault;
    if (when === "after") await work(...words);
    note(`${path} fails ${when} its effect: ${failure}`);
    throw broken(path, failure);
  };
  const slowly = async (words: readonly unknown[], fault: Active<"calls-slow">) => {
    const delayMs = fault.dice.whole(500, fault.delayMs);
    const before = fault.dice.chance(0.5);
    note(`${path} takes ${delayMs} ms longer ${before ? "before" : "after"} its effect`);
    if (before) await clock.sleep(delayMs, signalOf(words));
    const answer: unknown = await work(...words);
    if (!before) await clock.sleep(delayMs, signalOf(words));
    return answer;
  };
  return (...words) => {
    if (path === renewal) {
      const [lost] = trouble.active("renewals-lost");
      if (lost) return failing(words, { when: lost.when, failure: "unavailable" });
    }
    const failures = trouble.active("calls-fail");
    if (failures.length > 0) {
      const fault = failures.find((each) => isHit(each, port, path));
      if (fault) return failing(words, fault);
    }
    const delays = trouble.active("calls-slow");
    if (delays.length > 0) {
      const fault = delays.find((each) => isHit(each, port, path));
      if (fault) return slowly(words, fault);
    }
    return work(...words);
  };
}

/** An iterated read that breaks off in its midst. */
function breakable(
  port: string,
  path: string,
  work: (...words: unknown[]) => AsyncIterable<unknown>,
  { trouble, note }: TroubledOptions,
): (...words: unknown[]) => AsyncIterable<unknown> {
  async function* some(words: readonly unknown[], most: number, failure: FleetError) {
    let count = 0;
    for await (const item of work(...words)) {
      if (count >= most) break;
      count += 1;
      yield item;
    }
    note(`${path} breaks off after ${count}`);
    throw failure;
  }
  return (...words) => {
    const breaks = port === "store" ? trouble.active("loads-break") : [];
    const cut = breaks.find(({ dice, rate }) => dice.chance(rate));
    if (cut) return some(words, cut.dice.whole(0, mostBeforeBreak), broken(path, "unavailable"));
    const fault = trouble.active("calls-fail").find((each) => isHit(each, port, path));
    if (!fault) return work(...words);
    const most = fault.when === "before" ? 0 : fault.dice.whole(0, mostBeforeBreak);
    return some(words, most, broken(path, fault.failure));
  };
}
