import type { Catalog } from "@runs-fleet/core";
import { compileSchedule, evaluate } from "@runs-fleet/scheduling";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ConfigIssue } from "../issues/issue.ts";
import { parseConfig } from "../parse-config.ts";

const atMs = Date.UTC(2026, 10, 28);
const halfHourMs = 1_800_000;
const weekMs = 7 * 24 * 3_600_000;

const number = fc.integer({ min: 0, max: 30 });
const hour = fc.integer({ min: 0, max: 23 });
const entry = fc.record({
  days: fc.constantFrom("mon-fri", "sat,sun", "wed", "mon-sun"),
  start: hour,
  length: fc.integer({ min: 1, max: 12 }),
  hot: number,
  stopped: number,
  mode: fc.constantFrom("set", "atLeast", "atMost"),
});
const pool = fc.record({
  entries: fc.array(entry, { maxLength: 3 }),
  hot: number,
  stopped: number,
  machines: fc.integer({ min: 0, max: 60 }),
});
type Pool = typeof pool extends fc.Arbitrary<infer T> ? T : never;

const clock = (hours: number): string => `${String(hours % 24).padStart(2, "0")}:00`;

function fileOf(pools: readonly Pool[], machines: number): string {
  const written = pools.map((one, index) => ({
    [`p${index}`]: {
      default: { hot: one.hot, stopped: one.stopped },
      limits: { machines: one.machines },
      schedule: one.entries.map(({ start, length, ...rest }, at) => ({
        name: `e${at}`,
        time: `${clock(start)}-${clock(start + length)}`,
        ...rest,
      })),
    },
  }));
  return JSON.stringify({
    version: 1,
    environments: { ci: { regions: ["us-east-1"], limits: { machines } } },
    pools: Object.assign({}, ...written),
    policies: [{ name: "all", repositories: ["*"], allow: {} }],
  });
}

/** What each pool wants at every half hour of a week: these schedules begin and end at full hours, and repeat. */
function wantedIn({ pools }: Catalog): readonly (readonly number[])[] {
  return pools.map(({ schedule }) => {
    const compiled = compileSchedule(schedule);
    return Array.from({ length: weekMs / halfHourMs }, (_, step) => {
      const { hot, stopped } = evaluate(compiled, atMs + step * halfHourMs);
      return hot + stopped;
    });
  });
}

function look(text: string): {
  readonly catalog: Catalog;
  readonly issues: readonly ConfigIssue[];
} {
  const parsed = parseConfig(text, { atMs });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return { catalog: parsed.value.catalog, issues: parsed.issues };
}

it("warns of a pool exactly when its schedule wants more than its limit at some hour", () => {
  let warned = 0;
  fc.assert(
    fc.property(pool, (one) => {
      const { catalog, issues } = look(fileOf([one], 1_000));
      const [wanted = []] = wantedIn(catalog);
      const found = issues.filter(({ rule }) => rule === "peak-over-limit");
      warned += found.length;
      expect(found.length > 0).toBe(Math.max(...wanted) > one.machines);
      const most = found.map(({ message }) =>
        [...(/(\d+) hot and (\d+) stopped/.exec(message)?.slice(1) ?? [])]
          .map(Number)
          .reduce((sum, count) => sum + count, 0),
      );
      if (found.length > 0) expect(Math.max(...most)).toBe(Math.max(...wanted));
    }),
    { numRuns: 200 },
  );
  expect(warned).toBeGreaterThan(30);
});

it("warns of an environment exactly when its pools, each within its own limit, want more at one hour", () => {
  let warned = 0;
  fc.assert(
    fc.property(
      fc.array(pool, { minLength: 1, maxLength: 3 }),
      fc.integer({ max: 120, min: 20 }),
      (pools, machines) => {
        const { catalog, issues } = look(fileOf(pools, machines));
        const all = wantedIn(catalog);
        const sums = (all[0] ?? []).map((_, step) =>
          pools.reduce(
            (sum, one, index) => sum + Math.min(all[index]?.[step] ?? 0, one.machines),
            0,
          ),
        );
        const found = issues.filter(({ rule }) => rule === "peak-over-environment-limit");
        warned += found.length;
        expect(found.length).toBe(Number(Math.max(...sums) > machines));
        for (const { message } of found)
          expect(message).toContain(` want ${Math.max(...sums)} machines together`);
      },
    ),
    { numRuns: 200 },
  );
  expect(warned).toBeGreaterThan(20);
});

it("tells without a day only what an entry alone would want", () => {
  const text = (mode: string): string => `version: 1
environments: { ci: { regions: [us-east-1], limits: { machines: 1 } } }
policies: [{ name: all, repositories: ["*"], allow: {} }]
pools:
  p:
    default: { hot: 2 }
    limits: { machines: 4 }
    schedule: [{ name: a, time: "08:00-19:00", hot: 5, mode: ${mode} }]
`;
  const rules = (written: string) => parseConfig(written).issues.map(({ rule }) => rule);
  expect(rules(text("set"))).toEqual(["peak-over-limit"]);
  expect(rules(text("atLeast"))).toEqual(["peak-over-limit"]);
  expect(rules(text("atMost"))).toEqual([]);
  expect(rules(text("set, enabled: false"))).toEqual([]);
});

it("looks further than a week when numbers change on dates, and names the exception", () => {
  const { issues } = look(`version: 1
defaults: { timezone: Europe/Berlin }
environments: { ci: { regions: [us-east-1], limits: { machines: 30 } } }
policies: [{ name: all, repositories: ["*"], allow: {} }]
pools:
  p:
    limits: { machines: 40 }
    schedule: [{ name: a, days: mon-fri, time: "08:00-19:00", hot: 20 }]
    exceptions: [{ name: release, dates: "2027-06-14", hot: 50 }]
`);
  expect(issues.map(({ rule, path, message }) => [rule, path.join("."), message])).toEqual([
    [
      "peak-over-environment-limit",
      "environments.ci.limits.machines",
      "From 2027-06-14 08:00 Europe/Berlin on its pools want 40 machines together (p 40); it may have 30",
    ],
    [
      "peak-over-limit",
      "pools.p.exceptions.0",
      "Exception release wants 50 hot and 0 stopped machines from 2027-06-14 08:00 Europe/Berlin on, and the pool may have 40, those of jobs included",
    ],
  ]);
});
