import type { GitHubDeed } from "../faults.ts";
import { type Makers, minutes, seconds } from "./maker.ts";

/** What happens at GitHub and on the way from there. */
export const githubFaults: Makers<GitHubDeed["kind"]> = {
  webhooks: (dice) => ({
    kind: "webhooks",
    loss: dice.pick([0, 0.3, 0.8]),
    vanish: dice.pick([0, 0.2, 1]),
    duplicate: dice.pick([0, 0.3]),
    reorder: dice.pick([0, 0.5]),
    delayMs: dice.pick([0, 0, 20 * seconds]),
    forMs: dice.whole(2, 20) * minutes,
  }),
  "webhooks-forged": (dice) => ({ kind: "webhooks-forged", count: dice.whole(1, 5) }),
  "webhooks-odd": (dice) => ({ kind: "webhooks-odd", count: dice.whole(1, 6) }),
  "jobs-vanished": (dice) => ({ kind: "jobs-vanished", count: dice.whole(1, 3) }),
  "jobs-cancelled": (dice) => ({ kind: "jobs-cancelled", count: dice.whole(1, 8) }),
  "jobs-rerun": (dice) => ({ kind: "jobs-rerun", count: dice.whole(1, 4) }),
  "reruns-refused": (dice) => ({ kind: "reruns-refused", forMs: dice.whole(5, 40) * minutes }),
  "github-down": (dice) => ({
    kind: "github-down",
    api: dice.chance(0.5) ? "unavailable" : "broken",
    runners: dice.chance(0.5),
    webhooks: dice.chance(0.5),
    forMs: dice.whole(1, 8) * minutes,
  }),
  "github-limits": (dice) => ({
    kind: "github-limits",
    rate: dice.pick([0.3, 1]),
    forMs: dice.whole(1, 6) * minutes,
  }),
  "runners-removed": (dice) => ({
    kind: "runners-removed",
    count: dice.whole(1, 4),
    forMs: 15 * minutes,
  }),
  "group-missing": (dice) => ({
    kind: "group-missing",
    isRenamed: dice.chance(0.5),
    forMs: dice.whole(2, 15) * minutes,
  }),
  thief: (dice) => ({ kind: "thief", label: dice.whole(0, 5) }),
};
