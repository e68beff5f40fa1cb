import { without } from "../../../fleet/without.ts";
import { poolTargets } from "../../../pools/pool-target.ts";
import { type Mutants, viewWith } from "./mutant.ts";

const hourMs = 3_600_000;

/** Bugs in what pools want, count and shed. */
export const poolMutants: Mutants = {
  "counts-ready-machines-as-busy": () => ({
    note: "A 5.1.1",
    caughtBy: "no-leak",
    rules: (rules) => ({
      ...rules,
      planLaunches: (view, ...rest) =>
        rules.planLaunches(
          viewWith(view, (machine) =>
            machine.state === "ready" ? { ...machine, state: "running" } : machine,
          ),
          ...rest,
        ),
    }),
  }),
  "lets-spares-go-between-jobs": () => ({
    note: "A 5.1.5",
    caughtBy: "floor-held",
    rules: (rules) => {
      const wanted = (view: { readonly jobs: ReadonlyMap<string, unknown> }) =>
        view.jobs.size > 0 ? {} : { hot: 0, stopped: 0 };
      return {
        ...rules,
        planLaunches: (view, jobs, targets, ...rest) =>
          rules.planLaunches(
            view,
            jobs,
            targets.map((target) => ({ ...target, ...wanted(view) })),
            ...rest,
          ),
        planRetirements: (view, targets, ...rest) =>
          rules.planRetirements(
            view,
            targets.map((target) => ({ ...target, ...wanted(view) })),
            ...rest,
          ),
      };
    },
  }),
  "forgets-what-is-stopping": () => ({
    note: "A 5.1.7",
    caughtBy: "bounded",
    rules: (rules) => ({
      ...rules,
      planLaunches: (view, ...rest) =>
        rules.planLaunches(
          viewWith(view, (machine) => (machine.state === "stopping" ? undefined : machine)),
          ...rest,
        ),
    }),
  }),
  "forgets-what-it-has-ordered": () => ({
    note: "A 5.11.10",
    caughtBy: "bounded",
    rules: (rules) => ({
      ...rules,
      planLaunches: (view, ...rest) =>
        rules.planLaunches(
          { jobs: view.jobs, machines: view.machines, attempts: new Map() },
          ...rest,
        ),
    }),
  }),
  "forgets-what-is-booting": () => ({
    note: "A 5.11.10",
    caughtBy: "bounded",
    rules: (rules) => ({
      ...rules,
      planLaunches: (view, ...rest) =>
        rules.planLaunches(
          viewWith(view, (machine) => (machine.state === "booting" ? undefined : machine)),
          ...rest,
        ),
    }),
  }),
  "sheds-without-its-guards": () => ({
    note: "A 5.1.11",
    caughtBy: "no-busy-kill",
    rules: (rules) => ({
      ...rules,
      // A map of its own says that every machine which runs is idle.
      planRetirements: (view, ...rest) => {
        const plan = rules.planRetirements(
          viewWith(view, (machine) =>
            machine.state === "registered" || machine.state === "running"
              ? { ...without(machine, "jobKey", "registration"), state: "ready" }
              : machine,
          ),
          ...rest,
        );
        const retirements = plan.retirements.map((retirement) => {
          const machine = view.machines.get(retirement.machine.id) ?? retirement.machine;
          const action = machine.state === "ready" ? retirement.action : "terminate";
          return { ...retirement, machine, action } as const;
        });
        return { ...plan, retirements };
      },
    }),
  }),
  "knows-no-limits": () => ({
    note: "A 6: no most machines",
    caughtBy: "bounded",
    rules: (rules) => ({
      ...rules,
      planLaunches: (view, jobs, targets, limits, context) =>
        rules.planLaunches(
          view,
          jobs,
          targets.map((target) => ({
            ...target,
            pool: { ...target.pool, limits: { machines: 10_000 } },
          })),
          limits,
          { ...context, catalog: { ...context.catalog, environments: [] } },
        ),
    }),
  }),
  "reads-schedules-hours-off": () => ({
    note: "A 6, phase 1: no time zone",
    caughtBy: "floor-held",
    rules: (rules) => ({
      ...rules,
      planLaunches: (view, jobs, _, limits, context) =>
        rules.planLaunches(
          view,
          jobs,
          poolTargets({ ...context, nowMs: context.nowMs - 7 * hourMs }).targets,
          limits,
          context,
        ),
    }),
  }),
};
