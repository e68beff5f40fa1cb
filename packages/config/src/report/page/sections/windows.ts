import { type Html, html } from "@runs-fleet/core/html";
import type { FleetReport, SpareWindow } from "@runs-fleet/core/testing";
import { amount, count, dollars } from "../../format.ts";
import { noSpareWindows, untriedNote } from "../../window-words.ts";
import { type Cell, section, table } from "../parts.ts";

const words: Readonly<Record<SpareWindow["kind"], string>> = {
  "no-effect": "changes no target: other entries decide all the time",
  "never-needed": "raises targets, and no job ever needed what it adds",
};

/** Schedule entries that could go. */
export function windowsSection(report: FleetReport): Html {
  const untried = untriedNote(report);
  return section(
    "windows",
    "Windows that never bind",
    "Entries of schedules without which no simulated job would have waited longer.",
    report.spareWindows.length === 0
      ? html`<p class="soft">${noSpareWindows(report)}</p>`
      : table({
          caption: "Windows that never bind",
          head: [
            "pool / entry",
            { value: "why", kind: "left" },
            "jobs meanwhile",
            "adds hot",
            "adds stopped",
            "adds cost",
          ],
          rows: report.spareWindows.map((window): readonly (string | Cell)[] => [
            `${window.pool} / ${window.entry}`,
            { value: words[window.kind], kind: "text" },
            count(window.jobs),
            `${amount(window.addsHours.hot)} h`,
            `${amount(window.addsHours.stopped)} h`,
            window.addsUsd === undefined ? "" : dollars(window.addsUsd),
          ]),
        }),
    ...(untried === undefined ? [] : [html`<p class="soft">${untried}</p>`]),
  );
}
