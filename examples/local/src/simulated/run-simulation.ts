import process from "node:process";
import { createHttpHandler, FleetError, systemClock } from "@runs-fleet/core";
import { type HttpServer, serveHttp } from "@runs-fleet/core/node";
import type { SimulationArguments } from "../arguments.ts";
import { listenToKeys } from "../demo/keys.ts";
import { createWorld, type World } from "./create-world.ts";
import { demoCatalog } from "./demo-pools.ts";
import { createPacer, type Pacer } from "./pacer.ts";
import {
  hourHead,
  hourLine,
  liveText,
  momentText,
  noticeText,
  type Outcome,
  paceText,
  summaryLines,
} from "./report.ts";
import { createScreen, type Screen } from "./screen.ts";

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** After the last job came, the jobs that are there get this long to end, simulated milliseconds. */
const longestEndingMs = 6 * hourMs;
/** Jobs of each kind in a burst. */
const burstJobs = 12;
/** Hourly lines between two heads. */
const headEvery = 24;
/** Between two changes of the changing line, real milliseconds. */
const showEveryMs = 250;

const poolNames = demoCatalog.pools.map(({ name }) => name);

interface Simulation {
  readonly world: World;
  readonly pacer: Pacer;
  readonly screen: Screen;
  /** Aborted when it is to end before its time. */
  readonly end: AbortController;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Writes a line at each full hour of simulated time. */
async function tellHours({ world, screen, end }: Simulation): Promise<void> {
  const { clock, orchestrator, figures } = world;
  for (let line = 0; ; line++) {
    const nextMs = (Math.floor(clock.now() / hourMs) + 1) * hourMs;
    await clock.sleep(nextMs - clock.now(), end.signal);
    if (line % headEvery === 0) for (const head of hourHead(poolNames)) screen.say(head);
    screen.say(hourLine(nextMs, await orchestrator.status(), figures.lately));
    figures.restart();
  }
}

/** What is left of the jobs, and of the machines that only jobs want. */
async function leftovers({ world }: Simulation): Promise<{ open: number; leaked: number }> {
  const { machines } = await world.orchestrator.status();
  const known = new Set(machines.map(({ id }) => id));
  const there = [...(await world.machines())];
  const unknown = there.filter((id) => !known.has(id)).length;
  const unpooled = machines.filter(({ pool }) => pool === undefined).length;
  const open = world.github.jobs().filter(({ state }) => state !== "completed").length;
  return { open, leaked: unknown + unpooled };
}

/** Lets the jobs that are there end. */
async function settle(simulation: Simulation): Promise<void> {
  const { world, pacer, screen, end, untilMs } = simulation;
  const { open } = await leftovers(simulation);
  screen.say(`${momentText(untilMs)}  no more jobs come; ${open} have not ended yet`);
  while (!end.signal.aborted && world.clock.now() < untilMs + longestEndingMs) {
    const left = await leftovers(simulation);
    if (left.open === 0 && left.leaked === 0) return;
    await pacer.run(world.clock.now() + minuteMs, end.signal);
  }
}

async function outcomeOf(simulation: Simulation, whole: boolean): Promise<Outcome> {
  const { world, fromMs, untilMs } = simulation;
  const status = await world.orchestrator.status();
  world.figures.look(status, 0);
  const jobs = world.github.jobs();
  const { open, leaked } = await leftovers(simulation);
  return {
    hours: (Math.min(untilMs, world.clock.now()) - fromMs) / hourMs,
    figures: world.figures.whole,
    pools: poolNames,
    served: jobs.filter(({ state, starts }) => state === "completed" && starts > 0).length,
    doubled: jobs.filter(({ starts }) => starts > 1).length,
    open,
    leaked: whole ? leaked : undefined,
    machines: status.machines.length,
  };
}

/** Runs until the end, or until it is told to end, and sums up. Answers the exit code. */
async function play(simulation: Simulation): Promise<number> {
  const { world, pacer, screen, end, fromMs, untilMs } = simulation;
  const { signal } = end;
  const begunMs = systemClock.monotonicMs();
  await pacer.run(untilMs, signal);
  const once = untilMs < Number.POSITIVE_INFINITY;
  const whole = once && !signal.aborted;
  if (whole) await settle(simulation);
  const outcome = await outcomeOf(simulation, whole);
  const realMs = systemClock.monotonicMs() - begunMs;
  const speed = Math.round((world.clock.now() - fromMs) / realMs);
  const { hours } = outcome;
  screen.say("");
  screen.say(
    `${hours.toFixed(hours < 10 ? 1 : 0)} simulated hours until ${momentText(world.clock.now())} UTC in ${(realMs / 1_000).toFixed(0)} s: ${speed} times as fast`,
  );
  screen.say("");
  for (const line of summaryLines(outcome)) screen.say(line);
  if (!once) return 0;
  if (!whole) screen.say("It was ended before its time.");
  const { open, doubled, leaked } = outcome;
  return whole && open === 0 && doubled === 0 && leaked === 0 ? 0 : 1;
}

/** What happens in real time: the changing line, and word of a computer that is too slow. */
function watchPace(world: World, pacer: () => Pacer, screen: Screen): () => void {
  let shownAtMs = 0;
  let wasTooSlow = false;
  return () => {
    const nowMs = systemClock.monotonicMs();
    if (nowMs - shownAtMs < showEveryMs) return;
    shownAtMs = nowMs;
    const pace = pacer().pace();
    if (pace.tooSlow !== wasTooSlow) {
      wasTooSlow = pace.tooSlow;
      screen.say(
        wasTooSlow
          ? `This computer is too slow: time runs ${paceText(pace)}. Nothing is skipped, a day only takes longer.`
          : `Time runs ${paceText(pace)} again.`,
      );
    }
    screen.show(liveText(world.clock.now(), pace, world.latest()));
  };
}

/** Listens to keys and signals until it is disposed of. */
function listen({ world, pacer, screen, end }: Simulation): Disposable {
  let interrupted = false;
  let paused = false;
  const stop = (): void => end.abort(new Error("Told to end"));
  const interrupt = (): void => {
    if (interrupted) process.exit(130);
    interrupted = true;
    stop();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", stop);
  const keys = listenToKeys({
    q: stop,
    p: () => {
      paused = !paused;
      pacer.pause(paused);
      screen.say(paused ? "p: time stands still" : "p: time goes on");
    },
    b: () => {
      screen.say(`b: ${burstJobs} jobs of each kind`);
      world.burst(burstJobs);
    },
  });
  return {
    [Symbol.dispose]: () => {
      keys[Symbol.dispose]();
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", stop);
    },
  };
}

/** Runs a simulated fleet in fast time, with its page on `port`. Answers the exit code. */
export async function runSimulation(args: SimulationArguments, port: number): Promise<number> {
  const fromMs = args.fromMs ?? Math.floor(systemClock.now() / minuteMs) * minuteMs;
  const untilMs = fromMs + (args.hours ?? Number.POSITIVE_INFINITY) * hourMs;
  const end = new AbortController();
  using screen = createScreen(() => end.abort(new Error("Nobody reads")));
  const failures: unknown[] = [];
  const onError = (error: unknown): void => {
    failures.push(error);
    end.abort(error);
  };
  await using world = createWorld({ fromMs, seed: args.seed, onError });
  const { clock, orchestrator } = world;
  const pacer: Pacer = createPacer({
    clock,
    real: systemClock,
    speed: args.speed,
    onStep: watchPace(world, () => pacer, screen),
  });
  await world.start(untilMs);
  const notice = (): string => noticeText(clock.now(), pacer.pace());
  let http: HttpServer;
  try {
    http = await serveHttp({ handler: createHttpHandler({ orchestrator, clock, notice }), port });
  } catch (error) {
    if (!FleetError.isInstance(error)) throw error;
    process.stderr.write(`${error.message}. PORT names it, and PORT=0 takes a free one\n`);
    return 2;
  }
  screen.say("The machines and GitHub are simulated, and nothing leaves this machine.");
  screen.say(
    `Time runs ${paceText(pacer.pace())} from ${momentText(fromMs)} UTC; seed ${args.seed}.`,
  );
  screen.say(`Open ${http.url} to watch.`);
  screen.say("Of each pool: hot machines that are ready/wanted, stopped ones, and busy ones.");
  screen.say("");
  const simulation: Simulation = { world, pacer, screen, end, fromMs, untilMs };
  tellHours(simulation).catch((error) => {
    if (!end.signal.aborted) onError(error);
  });
  using _ = listen(simulation);
  try {
    const code = await play(simulation);
    if (failures.length > 0) throw failures[0];
    return code;
  } finally {
    await http.close(0);
  }
}
