import type { Calendar } from "../calendar/lanes.ts";
import type { Evaluation } from "../types/answers.ts";
import type { ZoneSource } from "../types/zones.ts";
import { CLOCK_HISTORY_MS } from "../zones/civil-clock.ts";
import { makePage, type Page } from "./page.ts";
import type { Fold, State } from "./state.ts";
import { turnsIn } from "./turns.ts";

/** Builds the page of a schedule's states that begins at `index * pageMs`. */
export function buildNominalPage(
  calendar: Calendar,
  zones: ZoneSource,
  fold: Fold,
  pageMs: number,
  index: number,
): Page<State, Evaluation> {
  const startMs = index * pageMs;
  const clocks = calendar.zones.map((id) =>
    zones.spans(id, startMs - CLOCK_HISTORY_MS, startMs + pageMs),
  );
  const { flags, offsets, lanes: turns } = turnsIn(calendar, clocks, startMs, pageMs);
  const stateAfter = fold(flags, turns);
  const before = stateAfter(0);
  const starts = [0];
  const values = [before];
  const turned = [0];
  for (let next = 0; next < offsets.length; ) {
    const offset = offsets[next] as number;
    while (offsets[next] === offset) next++;
    // A state that looks like the one before is kept as well: what ends next is told from its true predecessor.
    const segment = offset === 0 ? 0 : values.length;
    starts[segment] = offset;
    values[segment] = stateAfter(next);
    turned[segment] = next;
  }
  return makePage(index, pageMs, starts, values, { before, turns, turned });
}
