import type { CauseCode } from "../../ports/cause.ts";

/** What a cause means and what a person can do about it. */
export interface Advice {
  /** The cause in a few words. */
  readonly title: string;
  /** The next step, for whoever can take it. */
  readonly next: string;
}

/** Words for every cause; a code without words does not compile. */
export const adviceByCause: Readonly<Record<CauseCode, Advice>> = {
  "labels-invalid": {
    title: "Labels not understood",
    next: "Correct the job's runs-on as the message says, then re-run it.",
  },
  "unknown-pool": {
    title: "No such pool",
    next: "Name a configured pool in the label, or add this one to the configuration.",
  },
  "unknown-runner": {
    title: "No such runner",
    next: "Use a runner name from the configuration, or ask for cpu, ram and arch instead.",
  },
  "unknown-image": {
    title: "No such image",
    next: "Use an image name from the configuration, or add this one.",
  },
  "unknown-environment": {
    title: "No such environment",
    next: "Leave env out to get the default, or add the environment to the configuration.",
  },
  "forbidden-pool": {
    title: "Pool not allowed",
    next: "Use a pool that the repository may use, or extend its policy.",
  },
  "forbidden-environment": {
    title: "Environment not allowed",
    next: "Use an environment that the repository may use, or extend its policy.",
  },
  "forbidden-region": {
    title: "Region not allowed",
    next: "Choose one of the environment's regions, or leave region out.",
  },
  "forbidden-shape": {
    title: "Machine size not allowed",
    next: "Ask for fewer vCPUs, or raise maxCpu in the repository's policy.",
  },
  "no-policy": {
    title: "No policy allows this repository",
    next: "Add a policy that names the repository; public repositories and forks have to be listed on purpose.",
  },
  "no-matching-shape": {
    title: "No machine fits",
    next: "Loosen the label: what it asks for does not exist together.",
  },
  contradiction: {
    title: "The request contradicts itself",
    next: "Remove one of the settings that the message names.",
  },
  capacity: {
    title: "No capacity at the provider",
    next: "Nothing to do yet: other offerings are tried. Allow more families or regions if it lasts.",
  },
  quota: {
    title: "Account limit reached",
    next: "Ask the provider for a higher limit, or add a region.",
  },
  throttled: {
    title: "Slowed down by a service",
    next: "Nothing to do: it goes on by itself. If it is the rule, lower what polls the same account.",
  },
  auth: {
    title: "A credential was refused",
    next: "Check the App's key and permissions, or the provider's role. Nothing works until then.",
  },
  config: {
    title: "The request is wrong as configured",
    next: "Correct the setting that the message names; repeating it cannot help.",
  },
  "not-found": {
    title: "Something it needs is missing",
    next: "Check that what the message names exists and that the App can see it.",
  },
  conflict: {
    title: "Someone else was faster",
    next: "Nothing to do: it is tried again with fresh facts.",
  },
  unavailable: {
    title: "A service is down",
    next: "Nothing to do here: it goes on when the service answers. Its status page tells more.",
  },
  unknown: {
    title: "An error we do not know",
    next: "Read the message and the decisions below; please report it if it comes back.",
  },
  "pool-limit": {
    title: "The pool is full",
    next: "Wait for a job to end, or raise the pool's limits.machines.",
  },
  "repository-limit": {
    title: "The repository's share is used up",
    next: "Wait for one of its jobs to end, or raise perRepository in its policy.",
  },
  "environment-limit": {
    title: "The environment is full",
    next: "Wait for a job to end, or raise the environment's machine limit.",
  },
  "region-limit": {
    title: "The region is full",
    next: "Wait for a job to end, or add a region to the environment.",
  },
  "mint-budget": {
    title: "GitHub limits new runners per minute",
    next: "Nothing to do: jobs are served in order as the budget refills.",
  },
  budget: {
    title: "The money budget is spent",
    next: "Raise the budget, or wait until it starts anew.",
  },
  "observe-only": {
    title: "Only observed",
    next: "This repository is not claimed yet. Add it to rollout.claim to serve its jobs.",
  },
  "deadline-exceeded": {
    title: "Waited too long",
    next: "See what held it below, then re-run the job.",
  },
  "boot-timeout": {
    title: "The machine did not come up in time",
    next: "Another one is tried. If it repeats, look at the image and at the machine's boot log.",
  },
  "machine-lost": {
    title: "The machine is gone",
    next: "Re-run the job. If it repeats, look at the machine's log and at the provider's events.",
  },
  interrupted: {
    title: "The provider took the machine back",
    next: "Re-run the job if that was not done for you; use spot=false for jobs that must not be interrupted.",
  },
  "rerun-pending": {
    title: "Its machine was taken away",
    next: "Nothing to do: it is run again on demand as soon as the rest of its run has ended.",
  },
  "rerun-failed": {
    title: "Its machine was taken away, and it could not be run again",
    next: "Re-run the job. The message says why; GitHub asks for the permission Actions: write.",
  },
  "runner-outdated": {
    title: "GitHub refuses this runner version",
    next: "Build a new image with the current runner: GitHub allows about a month after a release.",
  },
  "registration-failed": {
    title: "The runner could not register",
    next: "Check that the runner group exists and is open to this repository.",
  },
  "taken-by-sibling": {
    title: "Another job took its runner",
    next: "Nothing to do: jobs with equal labels share runners, and this one gets the next.",
  },
  "cancelled-on-github": {
    title: "Cancelled on GitHub",
    next: "Nothing to do.",
  },
};

/** Advice for a cause. Total: a status from a newer version may carry a code that this one does not know. */
export function adviceFor(code: CauseCode): Advice {
  return Object.hasOwn(adviceByCause, code) ? adviceByCause[code] : adviceByCause.unknown;
}
