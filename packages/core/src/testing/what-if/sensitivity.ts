import type { Capacity } from "@runs-fleet/scheduling";
import type { Catalog, PoolConfig } from "../../routing/index.ts";
import { rounded } from "./measure-cost.ts";
import type { SimulateFleetOptions } from "./options.ts";
import type { FleetReport } from "./report.ts";
import { simulateFleet } from "./simulate-fleet.ts";

/** What one change of a pool's schedule would do. */
export interface SensitivityRow {
  /** Name of the pool whose schedule is changed. */
  readonly pool: string;
  /** Which tier is changed, in the default and in every entry and exception. */
  readonly what: keyof Capacity;
  /** The highest value of the tier in the schedule as it is, machines; the others change in proportion. */
  readonly from: number;
  /** The highest value of the tier in the changed schedule, machines. */
  readonly to: number;
  /** Change of the wait that half of the pool's jobs do not exceed, milliseconds. Below 0: they wait less. */
  readonly p50Ms: number;
  /** Change of the wait that 95 of 100 of the pool's jobs do not exceed, milliseconds. */
  readonly p95Ms: number;
  /** Change of the pool's share of jobs that wait over a minute. */
  readonly over60Share: number;
  /** Change of the whole fleet's cost of a week. Absent: no rate is known. */
  readonly usdPerWeek?: number;
  /** The row in words: `linux.hot 25 -> 18: -$212/week, p95 +3 s`. */
  readonly text: string;
}

/** What {@link sensitivity} is given: a simulation, of one seed. */
export interface SensitivityOptions extends Omit<SimulateFleetOptions, "seeds"> {
  /** The report of the configuration as it is, if it was made already with the same options. */
  readonly report?: FleetReport;
  /** Pools to try. @defaultValue all */
  readonly pools?: readonly string[];
}

const factors = [0.75, 1.25] as const;
const tiers = ["hot", "stopped"] as const;

/** About a quarter less or more, and at least one machine. */
function scaled(value: number, factor: number): number {
  if (value === 0) return 0;
  const near = Math.round(value * factor);
  return factor < 1 ? Math.min(value - 1, near) : Math.max(value + 1, near);
}

function scaleTier<T extends Partial<Capacity>>(
  capacity: T,
  tier: keyof Capacity,
  factor: number,
): T {
  const value = capacity[tier];
  return value === undefined ? capacity : { ...capacity, [tier]: scaled(value, factor) };
}

/** The pool with one tier of its whole schedule made smaller or larger. */
function scalePool(pool: PoolConfig, tier: keyof Capacity, factor: number): PoolConfig {
  const { schedule } = pool;
  return {
    ...pool,
    schedule: {
      ...schedule,
      default: scaleTier(schedule.default, tier, factor),
      entries: schedule.entries.map((entry) => ({
        ...entry,
        capacity: scaleTier(entry.capacity, tier, factor),
      })),
      ...(schedule.exceptions === undefined
        ? {}
        : {
            exceptions: schedule.exceptions.map((exception) =>
              typeof exception.action === "object" && "capacity" in exception.action
                ? {
                    ...exception,
                    action: { capacity: scaleTier(exception.action.capacity, tier, factor) },
                  }
                : exception,
            ),
          }),
    },
  };
}

function highest({ schedule }: PoolConfig, tier: keyof Capacity): number {
  const values = schedule.entries.map(({ capacity }) => capacity[tier] ?? 0);
  return Math.max(schedule.default[tier], ...values);
}

function withPool(catalog: Catalog, pool: PoolConfig): Catalog {
  return {
    ...catalog,
    pools: catalog.pools.map((one) => (one.name === pool.name ? pool : one)),
  };
}

function signed(value: number, unit: string, before = ""): string {
  const sign = value < 0 ? "-" : "+";
  return `${sign}${before}${Math.abs(value)}${unit}`;
}

function rowOf(
  pool: PoolConfig,
  tier: keyof Capacity,
  [from, to]: readonly [number, number],
  [before, after]: readonly [FleetReport, FleetReport],
): SensitivityRow {
  const of = (report: FleetReport) =>
    report.pools.find(({ name }) => name === pool.name)?.waitsMs ?? report.waitsMs;
  const [one, other] = [of(before), of(after)];
  const p95Ms = other.p95 - one.p95;
  const usdPerWeek =
    before.cost && after.cost ? rounded(after.cost.usdPerWeek - before.cost.usdPerWeek) : undefined;
  const money = usdPerWeek === undefined ? [] : [signed(Math.round(usdPerWeek), "/week", "$")];
  const wait = `p95 ${signed(Math.round(p95Ms / 100) / 10, " s")}`;
  return {
    pool: pool.name,
    what: tier,
    from,
    to,
    p50Ms: other.p50 - one.p50,
    p95Ms,
    over60Share: rounded(other.over60Share - one.over60Share),
    ...(usdPerWeek === undefined ? {} : { usdPerWeek }),
    text: `${pool.name}.${tier} ${from} -> ${to}: ${[...money, wait].join(", ")}`,
  };
}

/**
 * Tries each tier of each pool about a quarter smaller and larger, all else equal and with the same luck. Up to four
 * simulations a pool.
 *
 * @throws As {@link simulateFleet}.
 */
export async function sensitivity(options: SensitivityOptions): Promise<readonly SensitivityRow[]> {
  const { report: known, pools: chosen, onProgress, ...simulation } = options;
  const { catalog } = simulation;
  const trials = catalog.pools
    .filter(({ name }) => chosen === undefined || chosen.includes(name))
    .flatMap((pool) =>
      tiers.flatMap((tier) => {
        const from = highest(pool, tier);
        if (from === 0) return [];
        return factors.map((factor) => ({ pool, tier, factor, from }));
      }),
    );
  const runs = trials.length + (known ? 0 : 1);
  let done = 0;
  const simulate = async (tried: Catalog): Promise<FleetReport> => {
    const progress = (part: number): void => onProgress?.((done + part) / Math.max(1, runs));
    const report = await simulateFleet({ ...simulation, catalog: tried, onProgress: progress });
    done += 1;
    return report;
  };
  const before = known ?? (await simulate(catalog));
  const rows: SensitivityRow[] = [];
  for (const { pool, tier, factor, from } of trials) {
    const tried = scalePool(pool, tier, factor);
    const after = await simulate(withPool(catalog, tried));
    rows.push(rowOf(pool, tier, [from, highest(tried, tier)], [before, after]));
  }
  return rows;
}
