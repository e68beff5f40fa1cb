import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { killMachine } from "./ending.ts";
import { isAbsent, makeDirectory, readNames } from "./files.ts";
import { rememberMs } from "./forgetting.ts";
import { endedIn, eventsOf, hintsIn, isMachineName, runnerOf } from "./layout.ts";
import { endedAtMs, type MachineView, markTerminated, viewMachine } from "./machine-state.ts";
import type { ProcessMachineSettings } from "./options.ts";

/** How many machines are looked at side by side. */
const parallel = 32;

async function mapInParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
  return results;
}

/**
 * What is overdue for a machine, done: a machine that ended by itself is marked so and loses what it left running; one
 * that outlived its deadline is killed.
 */
async function enforce(view: MachineView, settings: ProcessMachineSettings): Promise<MachineView> {
  const nowMs = settings.clock.now();
  const overdue = view.record && nowMs > view.record.deadlineMs + settings.overdueMs;
  if (view.state === "terminated" && !view.endedByItself) return view;
  if (view.endedByItself) {
    await markTerminated(view.path, { atMs: nowMs, reason: "its process ended" });
  } else if (overdue) {
    await markTerminated(view.path, { atMs: nowMs, reason: "it outlived its deadline" });
  } else if (view.state !== "shutting-down") {
    return view;
  } else {
    const sinceMs = nowMs - ((await endedAtMs(view.path)) ?? 0);
    if (sinceMs < settings.terminateGraceMs) return view;
  }
  await killMachine(view);
  return (await viewMachine(view.path, view.id)) ?? view;
}

/** Moves an ended machine out of the way; its events and logs stay with it, its runner and its work do not. */
async function clearAway(view: MachineView, directory: string): Promise<void> {
  const ended = join(endedIn(directory), view.id);
  await makeDirectory(endedIn(directory));
  try {
    await rename(view.path, ended);
  } catch (error) {
    // Another host was faster.
    if (!isAbsent(error)) throw error;
  }
  await rm(join(hintsIn(directory), view.id), { force: true });
  await rm(runnerOf(ended), { recursive: true, force: true });
}

/** The machines of the directory, as one host sees them. */
export interface FleetDirectory {
  /** Every machine that has a place in the directory. A directory that cannot be read rejects. */
  view(): Promise<readonly MachineView[]>;
  /** The same after what was overdue for each is done; those that ended long ago are cleared away and left out. */
  tend(): Promise<readonly MachineView[]>;
}

/** The machines of the directory of the settings. */
export function createFleetDirectory(settings: ProcessMachineSettings): FleetDirectory {
  const { directory, clock, tombstoneMs } = settings;
  /** Machines that ended: nothing about them changes any more, so they are looked at once. */
  const ended = new Map<string, { readonly view: MachineView; readonly sinceMs: number }>();

  async function remember(view: MachineView): Promise<void> {
    if (view.state !== "terminated" || view.endedByItself) return;
    ended.set(view.id, { view, sinceMs: (await endedAtMs(view.path)) ?? clock.now() });
  }

  async function viewOne(id: string): Promise<MachineView | undefined> {
    const known = ended.get(id);
    if (known) return known.view;
    const view = await viewMachine(join(directory, id), id);
    if (view) await remember(view);
    return view;
  }

  async function isDone(view: MachineView): Promise<boolean> {
    const known = ended.get(view.id);
    if (known === undefined || clock.now() - known.sinceMs < tombstoneMs) return false;
    const unread = (await readNames(eventsOf(view.path))) ?? [];
    return (
      unread.length === 0 ||
      (view.record !== undefined && clock.now() > view.record.deadlineMs + rememberMs)
    );
  }

  async function tendOne(id: string): Promise<MachineView | undefined> {
    const view = await viewOne(id);
    if (view === undefined) return undefined;
    const now = ended.has(id) ? view : await enforce(view, settings);
    await remember(now);
    if (!(await isDone(now))) return now;
    await clearAway(now, directory);
    ended.delete(id);
    return undefined;
  }

  async function all(
    look: (id: string) => Promise<MachineView | undefined>,
  ): Promise<readonly MachineView[]> {
    await makeDirectory(directory);
    const names = ((await readNames(directory)) ?? []).filter(isMachineName);
    const present = new Set(names);
    for (const id of ended.keys()) if (!present.has(id)) ended.delete(id);
    const views = await mapInParallel(names, look);
    return views.filter((view) => view !== undefined);
  }

  return { view: () => all(viewOne), tend: () => all(tendOne) };
}
