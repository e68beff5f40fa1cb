import { spend, type Work } from "./work.ts";

const star = "*";

/** What a place costs at which a sign may be read, in steps of {@link Work}. */
const placeCost = 3;

const isAll = (glob: string): boolean => glob === star || glob === "**";

/** What stands before the first wildcard. */
function plainStart(glob: string): string {
  const end = glob.search(/[*?]/);
  return end < 0 ? glob : glob.slice(0, end);
}

/**
 * Whether a glob matches everything that another one matches, letters in either case; a name is a glob without wildcards.
 * As core reads globs: `*` is any run of characters but a slash, `?` is one of them, `*` or `**` alone is all.
 *
 * Never a wrong yes; no, when the work runs out. A no may be wrong for globs in which several wildcards only together make up for one.
 */
export function coversGlob(wide: string, narrow: string, work?: Work): boolean {
  if (!spend(work, 1)) return false;
  if (isAll(wide)) return true;
  if (isAll(narrow)) return false;
  const [outer, inner] = [wide.toLowerCase(), narrow.toLowerCase()];
  const start = plainStart(outer);
  if (!inner.startsWith(start)) return false;
  // Most globs have no wildcard, or one at their end.
  if (start.length === outer.length) return inner.length === outer.length;
  if (outer === `${start}*`) return !inner.includes("/", start.length);
  // For each place in `outer`: whether what was read of `inner` can end there. A star of `inner` is only for a star.
  let ends = put(outer, 0);
  for (const sign of inner) {
    if (!spend(work, placeCost * ends.size)) return false;
    const next = new Set<number>();
    for (const at of ends) {
      const wanted = outer[at];
      if (wanted === star && sign !== "/") put(outer, at, next);
      else if (sign !== star && (wanted === sign || (wanted === "?" && sign !== "/")))
        put(outer, at + 1, next);
    }
    ends = next;
    if (ends.size === 0) return false;
  }
  return ends.has(outer.length);
}

/** Whether there is a text that both globs match. Yes, when the work runs out. */
export function meetGlobs(one: string, other: string, work?: Work): boolean {
  if (isAll(one) || isAll(other) || one === other) return true;
  if (!spend(work, 1)) return true;
  const [left, right] = [one.toLowerCase(), other.toLowerCase()];
  // For each place in `right`: whether what `left` may have matched so far can end there.
  let ends = put(right, 0);
  for (const sign of left) {
    if (!spend(work, placeCost * right.length)) return true;
    // A star stands for nothing, or for one sign of the other glob after the other.
    const next = new Set<number>(sign === star ? ends : []);
    for (const at of sign === star ? next : ends) {
      const wanted = right[at];
      if (wanted === undefined || !meetSigns(sign, wanted)) continue;
      put(right, wanted === star ? at : at + 1, next);
    }
    ends = next;
    if (ends.size === 0) return false;
  }
  return ends.has(right.length);
}

const isWild = (sign: string): boolean => sign === star || sign === "?";

function meetSigns(one: string, other: string): boolean {
  if (one === other) return true;
  return isWild(one) ? other !== "/" : isWild(other) && one !== "/";
}

/** Adds a place to these, and those behind it that stars, which may stand for nothing, lead to. */
function put(glob: string, place: number, places: Set<number> = new Set()): Set<number> {
  places.add(place);
  for (let at = place; glob[at] === star; at += 1) places.add(at + 1);
  return places;
}
