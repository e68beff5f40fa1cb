import type { Catalog } from "../../routing/index.ts";
import type { Observation } from "./observe-provider.ts";
import type { PortFacts } from "./observed-ports.ts";
import { judgeSteady, judgeSteadyListings } from "./oracles/budget.ts";
import type { FloorMemory } from "./oracles/floors.ts";
import { judgeForeign } from "./oracles/isolation.ts";
import { judgeKnown, judgeRefusals, judgeWaits } from "./oracles/jobs.ts";
import { judgeMachines, judgeRest } from "./oracles/machines.ts";
import { judgeDelivery } from "./oracles/messages.ts";
import { createRenewalMemory, judgeRenewal } from "./oracles/renewed.ts";
import { judgeOwedReruns } from "./oracles/reruns.ts";
import { createServedMemory, judgeServed } from "./oracles/served.ts";
import { type Asked, createStatusMemory, judgeStatus } from "./oracles/status.ts";
import { judgeToldEnds, judgeToldWaits } from "./oracles/told.ts";
import type { Trouble } from "./trouble.ts";

const minutes = 60_000;
/** Processes are asked in the middle of a minute: a clock that is off by seconds is in the same minute then. */
const askedAfterMs = 30_000;
/** They are asked this often, and whenever a calendar turns. */
const askedEvery = 5;

/** What is looked at. */
export interface WatchOptions {
  readonly observation: Observation;
  readonly trouble: Trouble;
  readonly floors: FloorMemory;
  readonly facts: PortFacts;
  /** Calls that GitHub has refused. */
  readonly refusedByGitHub: () => number;
  /** Calls that the provider has refused for their number, by action. */
  readonly refusedByProvider: () => Readonly<Record<string, number>>;
  /** Processes that can answer. */
  readonly awake: () => readonly Asked[];
  /** The configuration of a version; `undefined`: there is no such sound one. */
  readonly catalogOf: (version: string) => Catalog | undefined;
}

/** What is looked at again and again, besides what is judged as it happens. */
export interface Watch {
  /** Looks at everything, at the end of a minute. */
  minute(number: number): Promise<void>;
  /** Looks at what is left when all is over. */
  end(): Promise<void>;
}

/** Whether the calendar of a pool turns at this minute, now or after its lead. */
function turns({ observation, floors }: WatchOptions, atMs: number): boolean {
  return observation.truth.pools.some(({ name, leadMs = 0 }) => {
    const calendar = floors.calendars.get(name);
    const aheadMs = leadMs === "auto" ? 0 : leadMs;
    return [atMs, atMs + aheadMs].some((ms) => {
      const now = calendar?.at(ms);
      const before = calendar?.at(ms - minutes);
      return now?.hot !== before?.hot || now?.stopped !== before?.stopped;
    });
  });
}

/** Looks that have not begun. */
export function createWatch(options: WatchOptions): Watch {
  const { observation, trouble, floors, facts } = options;
  const { judge, clock, trace } = observation;
  const statuses = createStatusMemory();
  const served = createServedMemory();
  const renewal = createRenewalMemory();

  const ask = async (): Promise<void> => {
    await clock.sleep(askedAfterMs);
    await judgeStatus(observation, statuses, floors, options.awake(), options.catalogOf);
  };

  return {
    minute: async (number) => {
      judgeWaits(observation, facts.told);
      await judgeKnown(observation, trouble, facts.told);
      await judgeMachines(observation, trouble, floors);
      await judgeRenewal(observation, trouble, floors, renewal);
      judgeServed(observation, trouble, floors, served);
      judgeToldWaits(observation, trouble, facts.told, facts.store.records);
      judgeToldEnds(observation, trouble, facts.told);
      judgeDelivery(observation, trouble, "demand", facts.demand);
      judgeDelivery(observation, trouble, "reports", facts.reports);
      judgeSteady(observation, trouble, facts.store);
      judgeSteadyListings(observation, trouble, facts.listings);
      const refused = options.refusedByGitHub();
      judge.check(
        "call-budget",
        "github",
        refused > 0 ? `GitHub refused ${refused} calls` : undefined,
      );
      for (const [action, count] of Object.entries(options.refusedByProvider()))
        judge.check("call-budget", action, `the provider refused ${count} calls of ${action}`);
      const nowMs = clock.now();
      if (number % askedEvery !== 0 && !turns(options, nowMs) && !turns(options, nowMs + minutes))
        return;
      // Not waited for: its questions take their time like all others, and a process may die over them.
      ask().catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        trace.add("judge", `could not ask how things stand: ${message}`);
      });
    },
    end: async () => {
      await judgeRest(observation, floors);
      await judgeForeign(observation);
      judgeRefusals(observation);
      judgeOwedReruns(observation);
    },
  };
}
