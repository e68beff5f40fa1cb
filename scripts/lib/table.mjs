/**
 * Columns as wide as what stands in them.
 *
 * @param {readonly (readonly string[])[]} rows The first is the head.
 */
export function table(rows) {
  const head = rows[0] ?? [];
  const widths = head.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** How often a log hears of progress, milliseconds; a terminal sees every step. */
const toldEveryMs = 15_000;

/**
 * A bar on stderr that says how far something has come.
 *
 * @param {number} all
 * @param {string} what Plural of what is counted.
 */
export function createProgress(all, what) {
  const startedMs = performance.now();
  let shownMs = startedMs;
  let done = 0;
  return {
    /** One more is done; `note` is said behind the count. */
    step(/** @type {string} */ note = "") {
      done += 1;
      const nowMs = performance.now();
      const leftS = ((nowMs - startedMs) / 1_000 / done) * (all - done);
      const bar = "#".repeat(Math.round((done / all) * 24)).padEnd(24, ".");
      const words = `[${bar}] ${done}/${all} ${what}${note}, ${leftS.toFixed(0)} s left`;
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words}`);
      else if (nowMs - shownMs > toldEveryMs || done === all) {
        shownMs = nowMs;
        process.stderr.write(`${words}\n`);
      }
    },
    /** Takes the bar off the terminal. */
    clear() {
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    },
  };
}
