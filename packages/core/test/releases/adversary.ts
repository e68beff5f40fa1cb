import type { FleetContext } from "../../src/fleet/context.ts";
import type { Gates } from "../../src/fleet/gates.ts";
import type { FleetRules } from "../../src/fleet/rules.ts";
import type { Dice } from "../../src/testing/simulation/dice.ts";
import { listed, reportOf, type TrueMachine } from "./machines.ts";
import { answer, eventOf, forge, type TrueJob, type World } from "./world.ts";

/** What happens next, and how often. */
const moves = [
  ...Array<"live">(10).fill("live"),
  ...Array<"news">(8).fill("news"),
  ...Array<"answer">(8).fill("answer"),
  ...Array<"wait">(4).fill("wait"),
  ...Array<"job">(4).fill("job"),
  ...(["list", "steal", "forge", "cancel"] as const),
] as const;

/** Labels that the jobs ask for. */
const labels = [
  "runs-fleet/pool=p",
  "runs-fleet/pool=q",
  "runs-fleet/pool=r",
  "runs-fleet",
] as const;

const seconds = 1_000;
/** What goes on in one move: so many machines act, so many news and answers come. */
const atOnce = 4;
/** News and answers come out of order by so many. */
const outOfOrder = 10;

/** One move of everything that is not the controller. */
export function move(
  world: World,
  dice: Dice,
  context: FleetContext,
  rules: FleetRules,
  gates: Gates,
): void {
  const { ledger, pending, news, jobs } = world;
  switch (dice.pick(moves as unknown as readonly [(typeof moves)[number]])) {
    case "wait":
      world.nowMs += dice.chance(0.1) ? dice.whole(60, 900) * seconds : dice.whole(1, 60) * seconds;
      return;
    case "job": {
      const id = String(1_000 + jobs.size);
      const job: TrueJob = { id, labels: [dice.pick(labels)], state: "queued" };
      jobs.set(id, job);
      tell(world, job);
      return;
    }
    case "news":
      for (let count = 0; count < atOnce; count += 1) hear(world, dice, context, rules);
      return;
    case "answer":
      for (let count = 0; count < atOnce; count += 1) {
        const [effect] = pending.splice(dice.whole(0, Math.min(outOfOrder, pending.length) - 1), 1);
        const result = effect && answer(world, effect, dice);
        if (result) rules.takeResult(ledger, context, gates, result);
      }
      return;
    case "list":
      list(world, dice, context, rules);
      return;
    case "live": {
      const all = [...world.machines.values()].filter(({ power }) => power === "on");
      for (let count = 0; count < atOnce; count += 1) {
        const machine = all[dice.whole(0, Math.max(0, all.length - 1))];
        if (machine?.power === "on") live(world, machine, dice);
      }
      return;
    }
    case "steal": {
      // A runner that is not ours takes a job.
      const job = [...jobs.values()].find(({ state }) => state === "queued");
      if (!job) return;
      job.state = "running";
      job.runner = "stranger";
      tell(world, job);
      return;
    }
    case "cancel": {
      const job = [...jobs.values()].find(({ state }) => state === "queued");
      if (!job || dice.chance(0.5)) return;
      job.state = "over";
      tell(world, job);
      return;
    }
    case "forge": {
      const item = forge(world, dice);
      if (item) news.push(item);
      return;
    }
  }
}

function tell(world: World, job: TrueJob): void {
  world.news.push({ kind: "demand", event: eventOf(job) });
}

/** One of the oldest news; some never come, some come again. */
function hear(world: World, dice: Dice, context: FleetContext, rules: FleetRules): void {
  const { ledger, news } = world;
  const [item] = news.splice(dice.whole(0, Math.min(outOfOrder, news.length) - 1), 1);
  if (!item || dice.chance(0.07)) return;
  if (dice.chance(0.1)) news.push(item);
  if (item.kind === "demand") rules.takeDemand(ledger, context, item.event);
  else rules.takeReport(ledger, context, item.event, item.sender);
}

/** A listing that leaves out the young, lags and lacks tags, and sometimes one of what was. */
function list(world: World, dice: Dice, context: FleetContext, rules: FleetRules): void {
  const listing = [...world.machines.values()].flatMap((machine) => {
    const isYoung = world.nowMs - machine.launchedAtMs < 300 * seconds;
    if (isYoung && dice.chance(0.5)) return [];
    const { attemptId, ...shown } = listed(machine);
    // It may be behind, but it never ends or stops what was not ended or stopped.
    const state = dice.chance(0.2) && shown.state !== "running" ? "running" : shown.state;
    return [{ ...shown, state, ...(dice.chance(0.8) ? { attemptId } : {}) } as const];
  });
  rules.takeListing(world.ledger, context, listing, world.nowMs - dice.whole(0, 5) * seconds);
}

/** The machine, its agent and its runner go one step on. */
function live(world: World, machine: TrueMachine, dice: Dice): void {
  const { nowMs, news, jobs } = world;
  const say = (words: Parameters<typeof reportOf>[2]): void => {
    news.push({ kind: "report", event: reportOf(machine, nowMs, words), sender: machine.id });
  };
  if (!machine.isUp) {
    machine.isUp = true;
    say({ kind: "ready" });
    return;
  }
  const { document, runner } = machine;
  if (document && !document.isRead) {
    document.isRead = true;
    say({ kind: "acknowledged" });
    return;
  }
  if (!document || !runner || runner.name !== document.assignment.runnerName) return;
  if (runner.state === "waiting") {
    if (!runner.isOnline) say({ kind: "registered", runnerName: runner.name });
    runner.isOnline = true;
    // GitHub gives it any job whose labels it has, not the one that it was meant for.
    const fits = [...jobs.values()].filter(
      ({ state, labels: own }) =>
        state === "queued" && own.every((label) => document.assignment.labels.includes(label)),
    );
    const job = fits[dice.whole(0, Math.max(0, fits.length - 1))];
    if (job && dice.chance(0.7)) {
      runner.state = "busy";
      runner.jobId = job.id;
      job.state = "running";
      job.runner = runner.name;
      tell(world, job);
      say({ kind: "job-started", runnerName: runner.name });
    } else if (dice.chance(0.1)) end(machine, "no-job");
    return;
  }
  if (runner.state !== "busy" || dice.chance(0.7)) return;
  const job = jobs.get(runner.jobId ?? "");
  if (job) {
    job.state = "over";
    tell(world, job);
  }
  end(machine, "succeeded");

  function end(own: TrueMachine, result: string): void {
    if (own.runner) own.runner.state = "over";
    say({ kind: "finished", result, timingsMs: {} });
    if (dice.chance(0.5)) own.power = "gone";
  }
}
