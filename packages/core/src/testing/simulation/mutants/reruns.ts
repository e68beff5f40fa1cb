import { lostJobOf } from "../../../fleet/await-rerun.ts";
import { fitOf } from "../../../fleet/route-demand.ts";
import type { Arrival } from "../plan-scenario.ts";
import { aJob, type Mutant, type Mutants, minutes, type Provocation } from "./mutant.ts";

/** Jobs of a quarter of an hour, on machines that are bought for them on spot. */
const longJobs = (): readonly Arrival[] =>
  Array.from({ length: 12 }, (_, index) =>
    aJob(16 + 3 * index, {
      repository: index % 2 === 0 ? "acme/app" : "acme/docs",
      labels: ["runs-fleet/cpu=2"],
      isWrong: false,
      isForeign: false,
      durationMs: minutes(15),
    }),
  );

/** Machines are announced to end, and do or do not. */
const notices = (isTrue: boolean): readonly Provocation[] =>
  Array.from({ length: 12 }, (_, index) => ({
    kind: "spot-notices",
    count: 2,
    isTrue,
    atMs: minutes(18 + 3 * index),
    forMs: minutes(2),
  }));

const losses: Pick<Mutant, "under" | "jobs"> = { under: notices(true), jobs: longJobs };

/** Bugs in what is done about machines that are taken away, and for their jobs. */
export const rerunMutants: Mutants = {
  "never-runs-a-lost-job-again": () => ({
    note: "A 5.6.60, GITHUB 2.7",
    caughtBy: "one-rerun",
    ...losses,
    rules: (rules) => ({
      ...rules,
      planReruns: () => ({
        settled: [],
        late: [],
        due: [],
        nextWakeAtMs: Number.POSITIVE_INFINITY,
      }),
    }),
  }),
  "runs-a-lost-job-again-and-again": () => ({
    note: "A 5.6.57, D 3.23",
    caughtBy: "one-rerun",
    ...losses,
    ports: (ports) => {
      const { clock, github } = ports;
      const rerun: typeof github.jobs.rerun = async (repository, jobId, options) => {
        const answer = await github.jobs.rerun(repository, jobId, options);
        // It does not look whether it has asked before.
        if (answer === "accepted") {
          void (async () => {
            for (let tries = 0; tries < 120; tries += 1) {
              await clock.sleep(30_000);
              const next = await github.jobs.rerun(repository, jobId).catch(() => "not-yet");
              if (next === "accepted") return;
            }
          })().catch(() => undefined);
        }
        return answer;
      };
      return { ...ports, github: { ...github, jobs: { ...github.jobs, rerun } } };
    },
  }),
  "runs-a-lost-job-again-on-spot": () => ({
    note: "D 1.1 retry, D 3.23",
    caughtBy: "one-rerun",
    ...losses,
    rules: (rules) => ({
      ...rules,
      takeDemand: (ledger, context, event, trace) => {
        const lost = lostJobOf(ledger, event);
        const isOurs = rules.takeDemand(ledger, context, event, trace);
        const job = ledger.jobs.get(`${event.jobId}.${event.attempt}`);
        if (lost && job?.placement) {
          const shape = { ...job.placement.shape, spot: true };
          const placement = { ...job.placement, shape };
          ledger.putJob({ ...job, placement, fit: fitOf(placement) });
        }
        return isOurs;
      },
    }),
  }),
  "runs-a-lost-job-again-against-its-policy": () => ({
    note: "D 3.24",
    caughtBy: "one-rerun",
    ...losses,
    rules: (rules) => ({
      ...rules,
      takeDemand: (ledger, context, event, trace) => {
        const policies = context.catalog.policies.map((policy) => ({
          ...policy,
          rerun: { attempts: 5 },
        }));
        const catalog = { ...context.catalog, policies };
        return rules.takeDemand(ledger, { ...context, catalog }, event, trace);
      },
    }),
  }),
  "ignores-notices": () => ({
    note: "A 5.6.59",
    caughtBy: "no-lost-job",
    // Those that do not come true leave the machine there to be given away.
    under: notices(false),
    jobs: longJobs,
    rules: (rules) => ({
      ...rules,
      takeNotice: () => false,
      takeReport: (ledger, context, event, sender) =>
        event.kind === "interrupted" ? "stale" : rules.takeReport(ledger, context, event, sender),
    }),
  }),
};
