import { describe, expect, it } from "vitest";
import { sampleReport } from "../../../test/sample-report.ts";
import { columns } from "./columns.ts";
import { renderText } from "./report-text.ts";

const inputs = { program: "runs-fleet 0.0.0", config: "fleet.json", jobs: "jobs.ndjson" };
const plain = (_: string, text: string) => text;

describe("a report as text", () => {
  const text = renderText(sampleReport(), inputs, plain);

  it("is the same bytes each time, without colours, blanks at line ends or values that are none", () => {
    expect(renderText(sampleReport(), inputs, plain)).toBe(text);
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

  it("shows what could steer a terminal instead of sending it", () => {
    const report = sampleReport();
    const worst = report.worst.map((job) => ({ ...job, repository: "acme/\u001b[2Jx" }));
    expect(renderText({ ...report, worst }, inputs, plain)).not.toContain("\u001b");
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
