import { retireMachine } from "../../../fleet/change-machine.ts";
import type { JobRecord } from "../../../fleet/records.ts";
import { without } from "../../../fleet/without.ts";
import { aJob, type Mutants, minutes, viewWith } from "./mutant.ts";

/** Bugs in who gets which machine, and who says that it is done. */
export const claimMutants: Mutants = {
  "takes-a-used-machine-for-a-spare": () => ({
    note: "A 5.1.12",
    caughtBy: "no-lost-job",
    // A second job comes while a first one has its machine for long.
    jobs: () => {
      const labels = ["runs-fleet/cpu=2"];
      const job = { repository: "acme/app", labels, isWrong: false, isForeign: false };
      return [8, 50, 90, 130].flatMap((minute) => [
        aJob(minute, { ...job, durationMs: minutes(25) }),
        aJob(minute + 2, job),
      ]);
    },
    rules: (rules) => ({
      ...rules,
      // A runner that has a job can take another one, as far as it knows.
      planAssignments: (view, ...rest) => {
        const seen = viewWith({ ...view, attempts: new Map() }, (machine) =>
          machine.state === "running"
            ? { ...without(machine, "jobKey"), state: "registered" }
            : machine,
        );
        const plan = rules.planAssignments(seen, ...rest);
        const adoptions = plan.adoptions.map(({ job, machine }) => ({
          job,
          machine: view.machines.get(machine.id) ?? machine,
        }));
        return { ...plan, adoptions };
      },
    }),
  }),
  "ends-a-machine-before-it-takes-back": () => ({
    note: "A 5.2.23",
    caughtBy: "no-busy-kill",
    // Reports come later than anybody waits for them.
    under: [{ kind: "queue-late", delayMs: 240_000, atMs: minutes(20), forMs: minutes(60) }],
    rules: (rules) => ({
      ...rules,
      actOnDeadlines: (ledger, context, ...rest) => {
        for (const machine of [...ledger.machines.values()]) {
          if (machine.state !== "assigned" || machine.deadlineMs > context.nowMs) continue;
          retireMachine(ledger, context, machine, {
            code: "registration-failed",
            message: "The agent does not acknowledge",
          });
        }
        return rules.actOnDeadlines(ledger, context, ...rest);
      },
    }),
  }),
  "believes-any-finish-report": () => ({
    note: "A 5.2.25",
    caughtBy: "no-busy-kill",
    rules: (rules) => ({
      ...rules,
      takeReport: (ledger, context, event, sender) => {
        const other = [...ledger.machines.values()].find(
          ({ id, state }) => state === "running" && id !== event.machineId,
        );
        if (event.kind === "finished" && other) {
          const crossed = { ...event, machineId: other.id, sequence: other.sequence + 1 };
          rules.takeReport(ledger, context, crossed, undefined);
        }
        return rules.takeReport(ledger, context, event, sender);
      },
    }),
  }),
  "believes-forged-reports": () => ({
    note: "A 5.11.19, DESIGN 3: reports name their sender",
    caughtBy: "no-busy-kill",
    under: [15, 20, 30, 45, 60, 75].map((minute) => ({
      kind: "reports-forged",
      count: 20,
      atMs: minutes(minute),
    })),
    rules: (rules) => ({
      ...rules,
      takeReport: (ledger, context, event) => rules.takeReport(ledger, context, event, undefined),
    }),
  }),
  "takes-busy-for-idle": () => ({
    note: "A 5.11.25",
    caughtBy: "no-busy-kill",
    under: [{ kind: "queue-late", delayMs: 600_000, atMs: minutes(14), forMs: minutes(80) }],
    rules: (rules) => ({
      ...rules,
      takeResult: (ledger, context, gates, result) => {
        const isBusy = result.kind === "deregistered" && result.result === "busy";
        const taken = isBusy ? { ...result, result: "removed" as const } : result;
        rules.takeResult(ledger, context, gates, taken);
      },
    }),
  }),
  "serves-the-newest-first": () => ({
    note: "A 6: no fairness",
    caughtBy: "fair",
    // Eight jobs come one by one while nothing can be bought, and then machines come one by one.
    under: [
      { kind: "capacity-gone", atMs: minutes(19), forMs: minutes(10) },
      { kind: "capacity-thin", most: 1, atMs: minutes(29), forMs: minutes(40) },
    ],
    jobs: () => {
      const labels = ["runs-fleet/cpu=2"];
      const job = { repository: "acme/app", labels, isWrong: false, isForeign: false };
      return [20, 21, 22, 23, 24, 25, 26, 27].map((minute) => aJob(minute, job));
    },
    rules: (rules) => ({
      ...rules,
      planAssignments: (view, ...rest) => {
        const jobs = new Map(
          [...view.jobs].map(([key, job]) => [key, { ...job, createdAtMs: -job.createdAtMs }]),
        );
        const plan = rules.planAssignments({ jobs, machines: view.machines }, ...rest);
        const real = <T extends { readonly job: JobRecord }>(item: T): T => ({
          ...item,
          job: view.jobs.get(item.job.key) ?? item.job,
        });
        return {
          ...plan,
          adoptions: plan.adoptions.map(real),
          claims: plan.claims.map(real),
          waits: plan.waits.map(real),
          unserved: plan.unserved.map((job) => view.jobs.get(job.key) ?? job),
        };
      },
    }),
  }),
  "believes-in-reservations": () => ({
    note: "A 5.2.26",
    caughtBy: "no-busy-kill",
    rules: (rules) => ({
      ...rules,
      // The job runs on the machine that was meant for it, whatever runner GitHub names.
      takeDemand: (ledger, context, event, trace) => {
        const job = ledger.jobs.get(`${event.jobId}.${event.attempt}`);
        const runnerName = ledger.machines.get(job?.machineId ?? "")?.registration?.runnerName;
        const believed = runnerName === undefined ? event : { ...event, runnerName };
        return rules.takeDemand(ledger, context, believed, trace);
      },
    }),
  }),
  "registers-long-before-use": () => {
    const ahead = new Map<string, { readonly runnerId: string; readonly jitConfig: string }>();
    return {
      note: "A 5.2.26, DESIGN 3: never mint long before use",
      caughtBy: "no-lost-job",
      ports: (ports) => {
        const { runners } = ports.github;
        const mint: typeof runners.mint = async (scope, request, options) => {
          const key = request.labels.join();
          const early = ahead.get(key);
          ahead.set(
            key,
            await runners.mint(scope, { ...request, name: `${request.name}-next` }, options),
          );
          return early ?? runners.mint(scope, request, options);
        };
        return { ...ports, github: { ...ports.github, runners: { ...runners, mint } } };
      },
    };
  },
};
