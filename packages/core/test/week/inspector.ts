import type { World } from "../fleet/world.ts";
import type { Witness } from "./witness.ts";

/** What the listings of the provider and the stored records said, looked at every few minutes. */
export interface Inspection {
  readonly looks: number;
  /** Machines that the listing shows and the witness does not, or the other way round: 0, or the witness is blind. */
  readonly unseen: readonly string[];
  /** Machines that no open record and no open purchase speaks of. */
  readonly unowned: readonly string[];
  /** Machines alive after their hard deadline. */
  readonly overdue: readonly string[];
  /** What is left at the end, when nobody wants a machine. */
  readonly left: Readonly<
    Record<"machines" | "records" | "purchases" | "assignments" | "runners", number>
  >;
}

/** A termination at the deadline may take so long, milliseconds: the patrol of the controller, and one repetition. */
const terminationMs = 60_000;

/** Compares what there is with what is on the books. */
export function createInspector(
  world: World,
  witness: Witness,
): { look(): Promise<void>; close(): Promise<Inspection> } {
  const unseen: string[] = [];
  const unowned: string[] = [];
  const overdue: string[] = [];
  let looks = 0;

  const look = async (): Promise<void> => {
    looks += 1;
    const nowMs = world.clock.now();
    const at = new Date(nowMs).toISOString();
    const listed = await world.provider.list({ environment: "ci", region: "local" });
    const alive = listed.filter(({ state }) => state !== "terminated");
    const owned = new Set<string>();
    const attempts = new Set<string>();
    for await (const { table, id } of world.store.load("ci/local")) {
      if (table === "machines") owned.add(id);
      if (table === "attempts") attempts.add(id);
    }
    for (const { id, attemptId = "", state } of alive) {
      const seen = witness.machines.get(id);
      const known = seen !== undefined && (state === "stopped") === (seen.phase === "stopped");
      if (!known || seen.phase === "ended") unseen.push(`${at} ${id}: ${state}, ${seen?.phase}`);
      if (!owned.has(id) && !attempts.has(attemptId)) unowned.push(`${at} ${id}: ${state}`);
      // A stopped machine costs its disk; its hours are counted anew when it starts.
      if (seen && state !== "stopped" && nowMs > seen.hardDeadlineMs + terminationMs)
        overdue.push(`${at} ${id}: ${seen.phase}`);
    }
    const ids = new Set(alive.map(({ id }) => id));
    for (const { id, phase } of witness.machines.values())
      if (phase !== "ended" && !ids.has(id)) unseen.push(`${at} ${id}: not listed, ${phase}`);
  };

  return {
    look,
    close: async () => ({
      looks,
      unseen,
      unowned,
      overdue,
      left: {
        machines: await world.alive(),
        records: await world.open("machines"),
        purchases: await world.open("attempts"),
        assignments: await world.open("assignments"),
        runners: world.github.runners().length,
      },
    }),
  };
}
