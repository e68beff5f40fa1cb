import type { ConfigPlan } from "./plan-config.ts";

const some = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** A plan in one sentence. */
export function planSummary({ changes, pools }: Omit<ConfigPlan, "summary">): string {
  if (changes.length === 0) return "Nothing changes";
  const of = (kind: "added" | "changed" | "removed"): number =>
    pools.filter((pool) => pool.kind === kind).length;
  const rolled = changes.filter(({ kind }) => kind === "rolled").length;
  const replaced = pools.reduce((sum, pool) => sum + pool.replaced, 0);
  const words = [
    of("added") > 0 ? `${some(of("added"), "pool")} added` : "",
    of("changed") > 0 ? `${some(of("changed"), "pool")} changed` : "",
    of("removed") > 0 ? `${some(of("removed"), "pool")} removed, its machines drain` : "",
    rolled > 0
      ? `${some(rolled, "pool")} replaced machine by machine${replaced > 0 ? ` (${some(replaced, "machine that waits", "machines that wait")})` : ""}`
      : "",
    some(changes.length - rolled, "difference"),
  ];
  return words
    .filter((word) => word !== "")
    .join("; ")
    .replace("removed, its", of("removed") > 1 ? "removed, their" : "removed, its");
}
