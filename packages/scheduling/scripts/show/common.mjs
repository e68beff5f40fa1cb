import { intlZones, layered, tableZones } from "../../dist/index.js";
import { tzdata } from "../../dist/tzdata/index.js";

/** The same answers on every runtime, as far as the table reaches. */
export const zones = layered(tableZones(tzdata), intlZones());

/** Prints rows of cells in columns. */
export function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column]));
    console.log(cells.join("  ").trimEnd());
  }
}

/** A pool with office hours, nights, a window in the hour that clocks repeat, and a holiday. */
export const example = {
  timeZone: "Europe/Berlin",
  default: { hot: 1, stopped: 2 },
  entries: [
    {
      kind: "weekly",
      name: "office",
      days: ["mon", "tue", "wed", "thu", "fri"],
      start: "08:00",
      end: "18:00",
      capacity: { hot: 10 },
    },
    { kind: "weekly", name: "night", start: "22:00", end: "06:00", capacity: { hot: 3 } },
    {
      kind: "weekly",
      name: "maintenance",
      days: ["sun"],
      start: "02:30",
      end: "04:00",
      priority: 10,
      capacity: { hot: 0 },
    },
  ],
  exceptions: [{ name: "bridge day", dates: ["2026-10-30"], entries: ["office"] }],
};
