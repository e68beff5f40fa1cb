import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "./render-markdown.ts";
import { createRowPrinter, renderSummary } from "./render-text.ts";
import { countsOf, reportOf } from "./report.ts";
import type { DoctorFinding, DoctorVerdict } from "./row.ts";

function finding(over: Partial<DoctorFinding>): DoctorFinding {
  return {
    id: "tables",
    question: "Are they there?",
    why: "Without them nothing works",
    verdict: "proven",
    holds: true,
    detail: "10 tables are as described",
    evidence: {},
    tookMs: 10,
    calls: 3,
    ...over,
  };
}

const about = {
  version: "1.2.3",
  at: "2026-11-28 08:00:00 UTC",
  environment: "ci",
  region: "eu-west-1",
  live: false,
};

function printed(findings: readonly DoctorFinding[]): string {
  let text = "";
  const printer = createRowPrinter((own) => {
    text += own;
  });
  for (const one of findings) printer.add(one);
  printer.end();
  return text;
}

describe("rows as text", () => {
  it("are a line each, with what to do below", () => {
    expect(
      printed([
        finding({}),
        finding({ id: "quotas", verdict: "disproven", detail: "5 vCPU", advice: "ask" }),
      ]),
    ).toBe(`  proven     tables               10 tables are as described
  disproven  quotas               5 vCPU
                                  -> ask
`);
  });

  it("that are skipped for one reason are one line", () => {
    const skipped = (id: string, detail: string) =>
      finding({ id, detail, verdict: "skipped", holds: false });
    const rows = [
      skipped("a", "because"),
      skipped("b", "because"),
      skipped("c", "else"),
      finding({}),
      skipped("d", "else"),
    ];
    expect(printed(rows)).toBe(`  skipped    2 rows               because: a, b
  skipped    c                    else
  proven     tables               10 tables are as described
  skipped    d                    else
`);
  });

  it("name every row, whatever they come to, and steer no terminal", () => {
    const verdicts = fc.constantFrom<DoctorVerdict>("proven", "disproven", "unproven", "skipped");
    const rows = fc.array(
      fc.record({ verdict: verdicts, detail: fc.constantFrom("x", "y", "\u001b[31mred\nline") }),
    );
    fc.assert(
      fc.property(rows, (list) => {
        const text = printed(list.map((one, index) => finding({ ...one, id: `row-${index}` })));
        for (const index of list.keys())
          expect(text).toMatch(new RegExp(`\\brow-${index}\\b`, "u"));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/u);
      }),
    );
  });
});

describe("a summary", () => {
  it("counts, and says where it was and what is left to do", () => {
    const findings = [finding({}), finding({ verdict: "unproven" })];
    const onAws = reportOf({ findings, place: "aws" }, about);
    expect(renderSummary(onAws)).toBe(
      "\n2 rows: 1 proven, 0 disproven, 1 unproven, 0 skipped; 6 calls in 0.0 s\nRows about a machine need --live: one machine for some 10 minutes, about a cent.\n",
    );
    const elsewhere = reportOf(
      { findings, place: "emulator", brokenBy: "tables" },
      { ...about, live: true },
    );
    expect(renderSummary(elsewhere)).toContain("This was not AWS");
    expect(renderSummary(elsewhere)).toContain("Nothing could be asked after tables.");
  });

  it("counts each row once", () => {
    const verdicts = fc.constantFrom<DoctorVerdict>("proven", "disproven", "unproven", "skipped");
    fc.assert(
      fc.property(fc.array(verdicts), (list) => {
        const counts = countsOf(list.map((verdict) => finding({ verdict })));
        const sum = Object.values(counts).reduce((total, count) => total + count, 0);
        expect(sum).toBe(list.length);
      }),
    );
  });
});

describe("a report in Markdown", () => {
  it("says all by itself", () => {
    const failure = {
      code: "UnauthorizedOperation",
      kind: "auth",
      call: "ec2:DescribeSubnets",
      missingAction: "ec2:DescribeSubnets",
      status: 403,
      requestId: "r-1",
      message: "no",
      isEverywhere: false,
    } as const;
    const findings = [
      finding({ evidence: { asDescribed: 10 } }),
      finding({
        id: "addresses",
        verdict: "unproven",
        detail: "a | b",
        advice: "allow it",
        failure,
      }),
    ];
    expect(
      renderMarkdown(reportOf({ findings, place: "aws" }, about)),
    ).toBe(`# runs-fleet-aws doctor: ci in eu-west-1

Version 1.2.3, 2026-11-28 08:00:00 UTC, AWS, without a machine.
6 calls in 0.0 s.

1 proven, 0 disproven, 1 unproven, 0 skipped.

| verdict | row | question | what was seen |
| --- | --- | --- | --- |
| proven | tables | Are they there? | 10 tables are as described |
| unproven | addresses | Are they there? | a \\| b |

## Details

### tables

Without them nothing works.

- \`asDescribed = 10\`

### addresses

Without them nothing works.

- failed: \`UnauthorizedOperation, ec2:DescribeSubnets, HTTP 403, request r-1, missing ec2:DescribeSubnets\`
- do: allow it
`);
  });

  it("has a row of four cells for each finding, whatever is in it", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (details) => {
        const findings = details.map((detail, index) => finding({ detail, id: `r${index}` }));
        const lines = renderMarkdown(reportOf({ findings, place: "aws" }, about)).split("\n");
        const rows = lines.filter((line) => line.startsWith("| proven"));
        expect(rows).toHaveLength(details.length);
        for (const row of rows) {
          // Without what is escaped, five bars are left.
          expect(row.replaceAll(/\\./gu, "").split("|")).toHaveLength(6);
        }
      }),
    );
  });
});
