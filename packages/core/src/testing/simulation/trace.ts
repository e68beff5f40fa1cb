import type { Clock } from "../../ports/clock.ts";

/** What happened, one line each; the same for the same seed, to the byte. */
export interface Trace {
  /** Adds a line of this instant. */
  add(who: string, what: string): void;
  text(): string;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

/** Time since the start as `[d.]hh:mm:ss.mmm`. */
function sinceStart(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  const time = `${pad(Math.floor(ms / 3_600_000) % 24, 2)}:${pad(Math.floor(ms / 60_000) % 60, 2)}:${pad(Math.floor(ms / 1_000) % 60, 2)}.${pad(ms % 1_000, 3)}`;
  return days > 0 ? `${days}.${time}` : time;
}

/** An empty trace that begins now. */
export function createTrace(clock: Clock): Trace {
  const startMs = clock.now();
  const lines: string[] = [];
  return {
    add: (who, what) => {
      lines.push(`${sinceStart(clock.now() - startMs)} ${who} ${what}`);
    },
    text: () => `${lines.join("\n")}\n`,
  };
}
