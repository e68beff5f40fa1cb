/** Lines that were taken out of a buffer together. */
export interface LinePart {
  /** The lines, each with its end, and before them how many are missing. */
  readonly text: string;
  /** The lines, without their ends. */
  readonly lines: readonly string[];
  /** How many older lines were dropped before these. */
  readonly dropped: number;
}

/** Lines that wait, of bounded size. */
export interface LineBuffer {
  /** Takes a line; of what is too much, the oldest go. Ends of lines within it become spaces. */
  add(line: string): void;
  /** All lines, which are no longer here then; `undefined` when there are none. */
  take(): LinePart | undefined;
  /** Puts lines that were taken back in front of those that came since. */
  giveBack(part: LinePart): void;
  /** Bytes of all lines with their ends. */
  bytes(): number;
}

/** Longest line, characters; the rest of it is cut off. */
const longestLine = 8_192;

const sizeOf = (line: string): number => Buffer.byteLength(line) + 1;

/**
 * An empty buffer.
 *
 * @param maxBytes - Most that it holds; a single line that is larger is dropped like any other.
 */
export function createLineBuffer(maxBytes: number): LineBuffer {
  let lines: string[] = [];
  let size = 0;
  let dropped = 0;

  function trim(): void {
    let out = 0;
    while (size > maxBytes) {
      size -= sizeOf(lines[out] ?? "");
      out += 1;
    }
    if (out > 0) lines = lines.slice(out);
    dropped += out;
  }

  return {
    add(line) {
      const clean = line
        .slice(0, longestLine)

        .replace(/[\r\n]+/gu, " ");
      lines.push(clean);
      size += sizeOf(clean);
      trim();
    },
    take() {
      if (lines.length === 0) return undefined;
      const gap = dropped === 0 ? "" : `(${dropped} lines are missing here)\n`;
      const part = { text: `${gap}${lines.map((line) => `${line}\n`).join("")}`, lines, dropped };
      lines = [];
      size = 0;
      dropped = 0;
      return part;
    },
    giveBack(part) {
      // What has come since was too much already: these are older, and go first.
      if (dropped > 0) {
        dropped += part.dropped + part.lines.length;
        return;
      }
      lines = [...part.lines, ...lines];
      size += part.lines.reduce((sum, line) => sum + sizeOf(line), 0);
      dropped = part.dropped;
      trim();
    },
    bytes: () => size,
  };
}
