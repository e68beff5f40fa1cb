import type { PushEvent } from "@runs-fleet/core";
import type { Seen } from "./config-state.ts";

/** Most earlier commits that are remembered. */
const mostOlder = 50;

/** How a push stands to what was looked at last; `unclear`: only the branch itself can tell. */
export type PushOrder = "newer" | "older" | "same" | "unclear";

const noCommit = /^0+$/;

/**
 * Whether a push came after what was looked at last. Webhooks arrive in any order; what decides is which commit came on top of
 * which, then GitHub's time of the push, which is good to the second.
 */
export function pushOrder(event: PushEvent, seen: Seen | undefined): PushOrder {
  if (seen === undefined) return "newer";
  if (event.after === seen.commit) return "same";
  if (event.before === seen.commit) return "newer";
  if (seen.older.includes(event.after)) return "older";
  if (event.pushedAtMs === undefined || seen.pushedAtMs === undefined) return "unclear";
  if (event.pushedAtMs === seen.pushedAtMs) return "unclear";
  return event.pushedAtMs > seen.pushedAtMs ? "newer" : "older";
}

/** Versions that came before `version`. */
function olderVersions(before: Seen | undefined, version: string | undefined): string[] {
  const known = [...(before?.olderVersions ?? []), before?.version].filter(
    (earlier): earlier is string => earlier !== undefined && earlier !== version,
  );
  return [...new Set(known)].slice(-mostOlder);
}

/** What is remembered once a push was looked at. */
export function seenPush(
  event: PushEvent,
  version: string | undefined,
  atMs: number,
  before: Seen | undefined,
): Seen {
  const known = [...(before?.older ?? []), before?.commit, event.before].filter(
    (commit): commit is string =>
      commit !== undefined && commit !== event.after && !noCommit.test(commit),
  );
  return {
    commit: event.after,
    ...(event.pushedAtMs === undefined ? {} : { pushedAtMs: event.pushedAtMs }),
    ...(version === undefined ? {} : { version }),
    atMs,
    older: [...new Set(known)].slice(-mostOlder),
    olderVersions: olderVersions(before, version),
  };
}

/** How long the head of a branch may be seen as it was before a push that we know of. */
const lagMs = 60_000;

/**
 * Whether the head of the branch may have been seen as it was before a push that we know of.
 *
 * @param version - What was found there; `undefined`: nothing.
 */
export function isBehind(
  version: string | undefined,
  seen: Seen | undefined,
  nowMs: number,
): boolean {
  if (seen === undefined || nowMs - seen.atMs >= lagMs) return false;
  return version === undefined ? seen.version !== undefined : seen.olderVersions.includes(version);
}

/** What is remembered once the branch was looked at by itself: which commit that was, nobody said. */
export function seenHead(
  version: string | undefined,
  atMs: number,
  before: Seen | undefined,
): Seen {
  const known = [
    ...(before?.older ?? []),
    ...(before?.commit === undefined ? [] : [before.commit]),
  ];
  return {
    ...(version === undefined ? {} : { version }),
    atMs,
    older: [...new Set(known)].slice(-mostOlder),
    olderVersions: olderVersions(before, version),
  };
}
