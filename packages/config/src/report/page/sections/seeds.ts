import { type Html, html } from "@runs-fleet/core/html";
import type { FleetReport, Spread } from "@runs-fleet/core/testing";
import { dollars, duration, percent } from "../../format.ts";
import { section, table } from "../parts.ts";

/** How much of the result is chance. */
export function seedsSection(report: FleetReport): Html {
  const { spread } = report;
  if (spread === undefined) return html``;
  const row = (name: string, { min, median, max }: Spread, format: (value: number) => string) => [
    name,
    format(min),
    format(median),
    format(max),
    median === 0 ? "" : percent((max - min) / median),
  ];
  return section(
    "seeds",
    "How much is chance",
    `The same jobs under ${spread.seeds.length} seeds, which decide boot times, delays and interruptions. A difference smaller than this says nothing.`,
    table({
      caption: "Spread over seeds",
      head: ["", "lowest", "median", "highest", "spread"],
      rows: [
        row("p50", spread.p50Ms, duration),
        row("p95", spread.p95Ms, duration),
        row("p99", spread.p99Ms, duration),
        row("over a minute", spread.over60Share, percent),
        ...(spread.totalUsd === undefined ? [] : [row("total cost", spread.totalUsd, dollars)]),
      ],
    }),
    html`<p class="soft">Seeds ${spread.seeds.join(", ")}; the report above is that of seed ${report.seed}.</p>`,
  );
}
