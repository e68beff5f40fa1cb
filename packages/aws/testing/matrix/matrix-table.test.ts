import { expect, it } from "vitest";
import { matrixTables } from "./matrix-table.ts";

it("shows faults down and calls across, what failed, and nothing for what was not tried", () => {
  const cells = [
    { matrix: "Queue", row: "reset", column: "send", outcome: "ok" },
    { matrix: "Queue", row: "denied", column: "send", outcome: "auth" },
    { matrix: "Queue", row: "denied", column: "receive", outcome: "FAILED" },
    { matrix: "Bucket", row: "reset", column: "put", outcome: "ok, 1 written" },
  ];
  expect(matrixTables(cells)).toBe(
    [
      "Bucket: 1 cells, 0 failed",
      "fault  put",
      "reset  ok, 1 written",
      "",
      "Queue: 3 cells, 1 failed",
      "fault   send  receive",
      "reset   ok",
      "denied  auth  FAILED",
    ].join("\n"),
  );
});
