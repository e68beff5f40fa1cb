import { table } from "../../../../scripts/lib/table.mjs";
import type { Cell } from "./cell.ts";
import { FAULTS } from "./faults.ts";

const order = new Map(FAULTS.map(({ name }, index) => [name, index]));

/** The tables of all matrices: faults down, in the order of their list, operations and their calls across; what was not tried is blank. */
export function matrixTables(cells: readonly Cell[]): string {
  const titles = [...new Set(cells.map(({ matrix }) => matrix))].sort();
  return titles
    .map((title) => {
      const own = cells.filter(({ matrix }) => matrix === title);
      const columns = [...new Set(own.map(({ column }) => column))];
      const rows = [...new Set(own.map(({ row }) => row))].sort(
        (a, b) => (order.get(a) ?? order.size) - (order.get(b) ?? order.size),
      );
      const outcomes = new Map(
        own.map(({ row, column, outcome }) => [`${row}\n${column}`, outcome]),
      );
      const lines = rows.map((row) => [
        row,
        ...columns.map((column) => outcomes.get(`${row}\n${column}`) ?? ""),
      ]);
      const failed = own.filter(({ outcome }) => outcome === "FAILED").length;
      return `${title}: ${own.length} cells, ${failed} failed\n${table([["fault", ...columns], ...lines])}`;
    })
    .join("\n\n");
}
