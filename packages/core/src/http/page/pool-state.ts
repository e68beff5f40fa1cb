import type { PoolStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";

/** How a pool does: decides colour, never alone what is said. */
type PoolTone = "short" | "filling" | "well" | "above" | "empty";

/** The tone of a pool. */
function poolTone({ cause, ready, target, machines }: PoolStatus): PoolTone {
  if (cause !== undefined) return "short";
  if (ready.hot < target.hot || ready.stopped < target.stopped) return "filling";
  if (machines === 0) return "empty";
  return ready.hot > target.hot || ready.stopped > target.stopped ? "above" : "well";
}

const words: Readonly<Record<PoolTone, string>> = {
  short: "Held back",
  filling: "Filling",
  well: "As wanted",
  above: "Above target",
  empty: "Empty",
};

/** How a pool does, as a word with a coloured mark. */
export function poolBadge(pool: PoolStatus): Html {
  const tone = poolTone(pool);
  return html`<span class="state pool-${tone}">${words[tone]}</span>`;
}
