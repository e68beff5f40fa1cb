// A trace of 10,000 jobs over a week, replayed through a configuration with four pools: what `runs-fleet simulate` costs.
// `main.mjs` runs it; `node bench/replay.mjs` alone prints the rows. Times are those of the processor, all threads counted.
import { pathToFileURL } from "node:url";
import { fromSource } from "./lib/from-source.mjs";

const dayMs = 86_400_000;
const fromMs = Date.parse("2026-11-16T00:00:00Z");
/** Seconds of one processor. */
const targetSeconds = 10;
const jobsWanted = 10_000;

/** A pool in office hours. */
const poolOf = (name, cpu, hot) => ({
  name,
  environment: "ci",
  regions: [{ name: "local" }],
  shape: { os: "linux", cpu: { min: cpu, max: cpu }, spot: false },
  schedule: {
    timeZone: "Europe/Berlin",
    default: { hot: 1, stopped: 4 },
    entries: [
      {
        kind: "weekly",
        name: "office",
        days: ["mon", "tue", "wed", "thu", "fri"],
        start: "07:00",
        end: "19:00",
        capacity: { hot, stopped: hot * 2 },
      },
    ],
  },
  leadMs: "auto",
  limits: { machines: 300 },
});

const catalog = {
  version: "1",
  defaultEnvironment: "ci",
  environments: [{ name: "ci", regions: ["local"], machines: 700 }],
  pools: [poolOf("linux", 4, 12), poolOf("big", 16, 4), poolOf("small", 2, 6), poolOf("few", 8, 1)],
  images: [],
  policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
};

/** Replays the trace and answers one row for its time, one for its pace. */
export async function run() {
  const { whatIf } = await fromSource({
    whatIf: "packages/core/src/testing/what-if/index.ts",
  });
  const jobs = whatIf
    .generateJobs({
      pattern: "office-hours",
      jobsPerDay: 2_100,
      days: 7,
      seed: 1,
      fromMs,
      labels: [["runs-fleet/pool=linux"], ["runs-fleet/pool=small"], ["runs-fleet/cpu=2"]],
    })
    .slice(0, jobsWanted);
  const started = process.cpuUsage();
  const report = await whatIf.simulateFleet({
    catalog,
    jobs,
    seed: 1,
    rates: { "*": { hotUsdPerHour: 0.16, stoppedUsdPerHour: 0.005 } },
    horizon: { fromMs, toMs: fromMs + 7 * dayMs },
  });
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  if (report.jobs.completed !== jobs.length) {
    throw new Error(`${report.jobs.completed} of ${jobs.length} jobs were completed`);
  }
  const name = `a week of ${jobs.length} jobs in ${catalog.pools.length} pools`;
  return [
    {
      name: `${name}, processor time`,
      value: seconds,
      unit: "s",
      target: `<= ${targetSeconds}`,
      ok: seconds <= targetSeconds,
    },
    { name: `${name}, pace`, value: jobs.length / seconds, unit: "jobs/s" },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.table(await run());
