import { tellWaiting } from "../../../fleet/tell-waiting.ts";
import { without } from "../../../fleet/without.ts";
import { FleetError } from "../../../ports/failure.ts";
import type { Check } from "../../../ports/github-client.ts";
import type { Narrowing } from "../../../routing/index.ts";
import { withFiles, withRollout, withUnserved } from "../plan-gradual.ts";
import type { Arrival, Scenario } from "../plan-scenario.ts";
import { aJob, type Mutant, type Mutants, minutes } from "./mutant.ts";

const plain = { isWrong: false, isForeign: false } as const;
const repository = "acme/app";
const asking = { ...plain, repository, labels: ["runs-fleet/cpu=2"] };

/** Jobs of one repository wait for one another, and nothing is wrong. */
const queueOfJobs: Pick<Mutant, "world" | "jobs"> = {
  world: (scenario) => {
    const { catalog } = scenario;
    const policies = catalog.policies.map((policy) => ({
      ...policy,
      limits: { perRepository: 1 },
    }));
    return withUnserved({ ...scenario, catalog: { ...catalog, policies } }, minutes(3));
  },
  jobs: () =>
    [16, 17, 18, 19, 20, 21].map((minute) => aJob(minute, { ...asking, durationMs: minutes(20) })),
};

/** Jobs that ask for a pool which any repository may use. */
const poolJobs =
  (repository: string, at: readonly number[]) =>
  ({ catalog }: Scenario): readonly Arrival[] => {
    const pool = catalog.pools.find(({ environment }) => environment === "ci");
    const labels = [`runs-fleet/pool=${pool?.name}`];
    return at.map((minute) => aJob(minute, { ...plain, repository, labels }));
  };

/** What passes is reported; of the rest developers hear nothing. */
function reportingOnly(passes: (check: Check) => boolean): NonNullable<Mutant["ports"]> {
  return (ports) => {
    const { checks } = ports.github;
    const report: typeof checks.report = async (repository, check, options) => {
      if (passes(check)) await checks.report(repository, check, options);
    };
    return { ...ports, github: { ...ports.github, checks: { report } } };
  };
}

/** Bugs in whom the fleet serves while it is tried out, what it tells of waits, and what repositories allow themselves. */
export const gradualMutants: Mutants = {
  "serves-what-it-observes": () => ({
    note: "D 3.14",
    caughtBy: "observe-only",
    world: (scenario) => withRollout(scenario),
    rules: (rules) => ({
      ...rules,
      takeDemand: (ledger, context, ...rest) => {
        const catalog = without(context.catalog, "rollout");
        return rules.takeDemand(ledger, { ...context, catalog }, ...rest);
      },
    }),
  }),
  "refuses-what-it-observes": () => ({
    note: "D 3.14",
    caughtBy: "observe-only",
    world: (scenario) => withRollout(scenario),
    rules: (rules) => ({
      ...rules,
      // Whoever is not claimed is refused, where the developer sees it.
      takeDemand: (ledger, context, event, trace) => {
        const { catalog } = context;
        const { rollout, ...served } = catalog;
        const claims = rollout?.claim.map((glob) => glob.toLowerCase()) ?? [];
        const isClaimed = claims.includes(event.repository.toLowerCase());
        const policies = isClaimed ? catalog.policies : [];
        return rules.takeDemand(
          ledger,
          { ...context, catalog: { ...served, policies } },
          event,
          trace,
        );
      },
    }),
  }),
  "never-tells-of-waits": () => ({
    note: "D 3.17",
    caughtBy: "told-in-time",
    ...queueOfJobs,
    ports: reportingOnly((check) => check.conclusion === "failure"),
  }),
  "gives-up-telling-in-an-outage": () => ({
    note: "D 3.32",
    caughtBy: "told-in-time",
    ...queueOfJobs,
    under: [
      {
        ...{ kind: "github-down", api: "unavailable", runners: false, webhooks: false },
        atMs: minutes(22),
        forMs: minutes(8),
      },
    ],
    rules: (rules) => ({
      ...rules,
      // It takes whatever went wrong for what repeating does not mend.
      takeResult: (ledger, context, gates, result) => {
        const error = new FleetError({ kind: "auth", message: "GitHub refused it" });
        const isFailure = result.kind === "checked" && result.result !== undefined;
        rules.takeResult(
          ledger,
          context,
          gates,
          isFailure ? { ...result, result: { error } } : result,
        );
      },
    }),
  }),
  "tells-of-every-wait-at-once": () => ({
    note: "D 3.17",
    caughtBy: "told-in-time",
    ...queueOfJobs,
    rules: (rules) => ({
      ...rules,
      actOnDeadlines: (ledger, context, most, ...rest) => {
        const unserved = { afterMs: 30_000, outcome: "check-run" } as const;
        const atOnce = { ...context, catalog: { ...context.catalog, unserved } };
        tellWaiting(ledger, atOnce, { room: most, words: most });
        return rules.actOnDeadlines(ledger, context, most, ...rest);
      },
    }),
  }),
  "tells-of-waits-that-are-over": () => ({
    note: "D 3.17",
    caughtBy: "told-in-time",
    ...queueOfJobs,
    // One of each two waits for the other, for little longer than the time after which it is told of.
    jobs: () =>
      [16, 32, 48, 64].flatMap((minute) => [
        aJob(minute, { ...asking, durationMs: minutes(5) }),
        aJob(minute + 1, asking),
      ]),
    ports: (ports) => {
      const { checks } = ports.github;
      const report: typeof checks.report = async (repo, check, options) => {
        if (check.conclusion !== "neutral") {
          await checks.report(repo, check, options);
          return;
        }
        // Nobody looks whether it still waits by then.
        void ports.clock
          .sleep(minutes(4))
          .then(() => checks.report(repo, check))
          .catch(() => undefined);
      };
      return { ...ports, github: { ...ports.github, checks: { report } } };
    },
  }),
  "leaves-it-at-that-a-job-waits": () => ({
    note: "D 3.17",
    caughtBy: "told-in-time",
    ...queueOfJobs,
    ports: reportingOnly((check) => !check.title.startsWith("Began")),
  }),
  "tells-of-a-wait-again-and-again": () => ({
    note: "D 3.17",
    caughtBy: "told-in-time",
    ...queueOfJobs,
    rules: (rules) => ({
      ...rules,
      actOnDeadlines: (ledger, context, ...rest) => {
        for (const job of [...ledger.jobs.values()]) {
          if (job.told?.isDone && context.nowMs - job.told.atMs > minutes(4))
            ledger.putJob(without(job, "told"));
        }
        return rules.actOnDeadlines(ledger, context, ...rest);
      },
    }),
  }),
  "ignores-what-repositories-allow": () => ({
    note: "A 6, phase 6: no isolation of repositories",
    caughtBy: "narrowed",
    world: (scenario) =>
      withFiles(scenario, [{ atMs: minutes(14), repository, says: { pools: [] } }]),
    jobs: poolJobs(repository, [20, 30, 40]),
    rules: (rules) => ({
      ...rules,
      takeDemand: (ledger, context, event, trace) =>
        rules.takeDemand(ledger, context, without(event, "narrowing"), trace),
    }),
  }),
  "forgets-the-bounds-of-repositories": () => ({
    note: "A 6, phase 6: no isolation of repositories",
    caughtBy: "narrowed",
    world: (scenario) =>
      withFiles(scenario, [{ atMs: minutes(14), repository, says: { maxJobs: 1, maxReruns: 0 } }]),
    jobs: poolJobs(repository, [20, 30, 40]),
    rules: (rules) => ({
      ...rules,
      takeDemand: (ledger, context, event, trace) => {
        const { narrowing, ...job } = event;
        const kept = narrowing && without(narrowing, "maxJobs", "maxReruns");
        return rules.takeDemand(ledger, context, kept ? { ...job, narrowing: kept } : job, trace);
      },
    }),
  }),
  "narrows-one-repository-by-another": () => {
    let last: Narrowing | undefined;
    return {
      note: "A 6, phase 6: no isolation of repositories",
      caughtBy: "narrowed",
      world: (scenario) =>
        withFiles(scenario, [{ atMs: minutes(14), repository, says: { pools: [] } }]),
      jobs: (scenario) => [
        ...poolJobs(repository, [20, 30, 40])(scenario),
        ...poolJobs("acme/web", [21, 31, 41])(scenario),
      ],
      ports: (ports) => {
        const { configuration } = ports;
        if (configuration === undefined) return ports;
        return {
          ...ports,
          configuration: {
            ...configuration,
            narrowing: async (asked, options) => {
              const answer = await configuration.narrowing?.(asked, options);
              last = answer ?? last;
              return last;
            },
          },
        };
      },
    };
  },
  "never-looks-at-a-repository-again": () => {
    const first = new Map<string, Narrowing | undefined>();
    return {
      note: "D 3.9",
      caughtBy: "narrowed",
      world: (scenario) =>
        withFiles(scenario, [
          { atMs: minutes(14), repository, says: { pools: [] } },
          { atMs: minutes(25), repository, says: "gone" },
        ]),
      jobs: poolJobs(repository, [18, 22, 40, 50, 60]),
      ports: (ports) => {
        const { configuration } = ports;
        if (configuration === undefined) return ports;
        return {
          ...ports,
          configuration: {
            ...configuration,
            narrowing: async (asked, options) => {
              const answer = await configuration.narrowing?.(asked, options);
              const known = first.get(asked) ?? answer;
              first.set(asked, known);
              return known;
            },
          },
        };
      },
    };
  },
};
