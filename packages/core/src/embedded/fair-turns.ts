/**
 * Gives each message its turn, so that serving in order of turns takes the groups round-robin: however much one
 * repository queues, the next one waits for one message of it, not for all.
 */
export interface FairTurns {
  /** The turn of a new message of the group. */
  next(group: string): number;
  /** A message with this turn was served. */
  served(turn: number): void;
}

/** Turns from 1. */
export function createFairTurns(): FairTurns {
  const lastTurns = new Map<string, number>();
  let servedTurn = 0;
  let leastGroups = 1_000;

  /** Groups whose last turn is past need no memory: they start at the served turn anyway. */
  function forgetIdle(): void {
    if (lastTurns.size < leastGroups) return;
    for (const [group, turn] of lastTurns) if (turn <= servedTurn) lastTurns.delete(group);
    leastGroups = Math.max(1_000, lastTurns.size * 2);
  }

  return {
    next(group) {
      const turn = Math.max(servedTurn, lastTurns.get(group) ?? 0) + 1;
      lastTurns.set(group, turn);
      forgetIdle();
      return turn;
    },
    served(turn) {
      servedTurn = Math.max(servedTurn, turn);
    },
  };
}
