/** Most runs that are remembered; the longest ago are forgotten, and then count as never looked into. */
const remembered = 20_000;

/**
 * Chooses which active runs a pass looks into, so that a repository with hundreds of them cannot spend the budget that
 * registrations need: at most `most` over the whole pass, never looked into first, then longest ago.
 *
 * @param lookedInto - When each run was last looked into; kept up to date.
 */
export function createRunChoice(
  lookedInto: Map<string, number>,
  most: number,
  nowMs: number,
): (runIds: readonly string[]) => readonly string[] {
  let left = most;
  return (runIds) => {
    const chosen = [...runIds]
      .sort((one, other) => (lookedInto.get(one) ?? 0) - (lookedInto.get(other) ?? 0))
      .slice(0, left);
    left -= chosen.length;
    for (const id of chosen) {
      // Moved to the end: the order of the map is the order of forgetting.
      lookedInto.delete(id);
      lookedInto.set(id, nowMs);
    }
    for (const id of lookedInto.keys()) {
      if (lookedInto.size <= remembered) break;
      lookedInto.delete(id);
    }
    return chosen;
  };
}
