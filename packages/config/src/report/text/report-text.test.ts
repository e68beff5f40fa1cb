import { compareReports } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { sampleReport } from "../../../test/sample-report.ts";
import type { ReportDocument } from "../document.ts";
import { columns } from "./columns.ts";
import { renderText } from "./report-text.ts";

const inputs = { program: "runs-fleet 0.0.0", config: "fleet.json", jobs: "jobs.ndjson" };
const document = (report = sampleReport()): ReportDocument => ({
  inputs,
  report,
  assertions: [{ condition: "p95 < 45s", holds: false, value: 52_000, measured: "p95 is 52 s" }],
  sensitivity: [
    {
      pool: "linux",
      what: "hot",
      from: 25,
      to: 18,
      p50Ms: 0,
      p95Ms: 3_000,
      over60Share: 0.004,
      usdPerWeek: -212,
      text: "",
    },
  ],
  compared: { config: "leaner.json", report, changes: compareReports(report, report) },
});
const plain = (_: string, text: string) => text;

describe("a report as text", () => {
  const text = renderText(document(), plain);

  it("is the same bytes each time, without colours, blanks at line ends or values that are none", () => {
    expect(renderText(document(), plain)).toBe(text);
    expect(text).not.toContain("\u001b");
    expect(text).not.toMatch(/[ \t]$|NaN|undefined|Infinity/m);
  });

  it("begins with the answer, then says what it can be trusted for", () => {
    expect(text.split("\n")[0]).toBe(
      "95 of 100 jobs start within 52 s, for $412 a week and what has no rate.",
    );
    const titles = [
      "What this can be trusted for",
      "Waits",
      "Served",
      "Peaks",
      "Cost",
      "Spread over 5 seeds",
      "Longest waits",
      "Windows that never bind",
    ];
    const places = titles.map((title) => text.indexOf(`\n\n${title}`));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("draws the week with a sign for each hour", () => {
    expect(text).toContain("  Mon ▒▒▒▒▒▒▓▓█████▓███▓▓▓▒▒▒▒\n");
    expect(text).toContain("  Sat       ▒▒▓▓▓▓▓▓▓▓▓▓▒▒\n");
  });

  it("tells of each of the ten longest waits what the controller decided", () => {
    expect(text.match(/claimed: machine m-17 was ready/g)).toHaveLength(10);
  });

  it("tells apart windows that never bind and windows that were never tried", () => {
    expect(text).toContain("  linux / saturday ");
    expect(text).toContain(
      "  Not tried: 1 window never falls into the simulated time (linux / quarter <end>).\n",
    );
    const untried = { ...sampleReport(), spareWindows: [] };
    expect(renderText(document(untried), plain)).toContain("  None of those that were tried.\n");
    const all = { ...untried, untriedWindows: [] };
    expect(renderText(document(all), plain)).toContain("  None: every window served a job.\n");
  });

  it("tells of assertions, changes and the other configuration", () => {
    expect(text).toContain("  fails    p95 < 45s: p95 is 52 s\n");
    expect(text).toContain("  linux.hot  25 → 18  −$212/week  p95 +3.0 s  +0.4 points\n");
    expect(text).toContain(
      "  leaner.json instead: ±$0 a week, ±0 s at p95, ±0 points of jobs over a minute.\n",
    );
  });

  it("shows what could steer a terminal instead of sending it", () => {
    const report = sampleReport();
    const worst = report.worst.map((job) => ({ ...job, repository: "acme/\u001b[2Jx" }));
    expect(renderText(document({ ...report, worst }), plain)).not.toContain("\u001b");
  });
});

describe("columns", () => {
  it("are as wide as what is in them, names at the left, numbers at the right", () => {
    expect(
      columns(
        [
          ["pool", "jobs"],
          ["a", "1"],
          ["bc", "1,000"],
        ],
        { indent: "" },
      ),
    ).toEqual(["pool   jobs", "a         1", "bc    1,000"]);
  });
});
