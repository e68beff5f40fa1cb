import type { CliHost } from "@runs-fleet/core/node";

/** Shows how far long work is. */
export interface Progress {
  /** `part` between 0 and 1; `detail` says what is being done. */
  update(part: number, detail?: string): void;
  /** Nothing of it is left on a terminal. */
  end(): void;
}

const drawEveryMs = 100;
const sayEveryMs = 10_000;
const barWidth = 30;

/** A bar on a terminal; else a line every ten seconds, so that logs stay short and nobody thinks it hangs. */
export function createProgress(host: CliHost, title: string): Progress {
  const { err, clock } = host;
  const startedMs = clock.monotonicMs();
  let shownMs = startedMs;
  let drawn = false;
  return {
    update(part, detail = "") {
      const nowMs = clock.monotonicMs();
      if (nowMs - shownMs < (err.isTerminal ? drawEveryMs : sayEveryMs)) return;
      shownMs = nowMs;
      const share = Math.min(1, Math.max(0, part));
      const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
      const text = detail === "" ? title : `${title}, ${detail}`;
      if (!err.isTerminal) {
        err.write(
          `${text}: ${percent.trim()} after ${Math.round((nowMs - startedMs) / 1_000)} s\n`,
        );
        return;
      }
      const full = Math.round(share * barWidth);
      const bar = "█".repeat(full) + "░".repeat(barWidth - full);
      const left =
        share > 0.02 ? Math.round(((nowMs - startedMs) * (1 - share)) / share / 1_000) : 0;
      const line = `${bar} ${percent}  ${text}${left > 0 ? `, ${left} s left` : ""}`;
      err.write(`\r\u001b[K${line.slice(0, Math.max(20, (err.columns ?? 80) - 1))}`);
      drawn = true;
    },
    end() {
      if (drawn) err.write("\r\u001b[K");
    },
  };
}
