import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ZoneSource } from "../src/index.ts";

/** Zone data straight from a directory of TZif files, so that the engine and Python read the same bytes. */
export function tzifZones(directory: string): ZoneSource {
  const read = (id: string): { at: number[]; offsetMs: number[] } => {
    const file = readFileSync(join(directory, id));
    const counts = (at: number): number[] =>
      Array.from({ length: 6 }, (_, i) => file.readUInt32BE(at + 20 + i * 4));
    const [utc = 0, std = 0, leaps = 0, times = 0, kinds = 0, chars = 0] = counts(0);
    const start = 44 + times * 5 + kinds * 6 + chars + leaps * 8 + std + utc;
    const [, , , n = 0] = counts(start);
    const body = start + 44;
    const offset = (kind: number): number => file.readInt32BE(body + n * 9 + kind * 6) * 1_000;
    const at = [Number.NEGATIVE_INFINITY];
    const offsetMs = [offset(0)];
    for (let i = 0; i < n; i++) {
      at.push(Number(file.readBigInt64BE(body + i * 8)) * 1_000);
      offsetMs.push(offset(file[body + n * 8 + i] ?? 0));
    }
    const last = at.at(-1) ?? 0;
    if (
      /<?[A-Z].*,/.test(
        file
          .toString("latin1", file.length - 60)
          .split("\n")
          .at(-2) ?? "",
      ) &&
      last < Date.UTC(2037, 0)
    ) {
      throw new Error(
        `${directory}/${id} is a slim TZif file; this test needs fat ones, as Debian's tzdata package has them`,
      );
    }
    return { at, offsetMs };
  };
  return {
    version: "files",
    spans: (id, fromMs, toMs) => {
      const { at, offsetMs } = read(id);
      let first = 0;
      while ((at[first + 1] ?? Number.POSITIVE_INFINITY) <= fromMs) first++;
      let end = first + 1;
      while ((at[end] ?? Number.POSITIVE_INFINITY) < toMs) end++;
      return {
        at: Float64Array.from(at.slice(first, end)),
        offsetMs: Int32Array.from(offsetMs.slice(first, end)),
      };
    },
  };
}
