import { type FleetReport, type SensitivityRow, waitPhases } from "@runs-fleet/core/testing";
import { type Paint, printable } from "../../cli/problem.ts";
import { type ReportClock, reportClock } from "../clock.ts";
import { compareNumbers, comparison, comparisonNotes } from "../compare.ts";
import type { Compared, ReportDocument } from "../document.ts";
import { findings, headline, limited, poolName } from "../findings.ts";
import {
  amount,
  count,
  dollars,
  duration,
  percent,
  plural,
  signedDollars,
  signedDuration,
  signedPoints,
} from "../format.ts";
import { noSpareWindows, untriedNote } from "../window-words.ts";
import { columns } from "./columns.ts";
import { weekLines } from "./week-lines.ts";
import { worstLines } from "./worst-lines.ts";

/** The report for a terminal or a log, in the order of the page. Ends with a line break. */
export function renderText(document: ReportDocument, paint: Paint): string {
  const { report, inputs, sensitivity, compared } = document;
  const clock = reportClock(report.timeZone);
  const title = (text: string) => ["", paint("bold", text)];
  const lines = [
    ...top(document, clock, paint),
    ...title("What this can be trusted for"),
    ...trustLines(report),
    ...title("Waits, from queued to started"),
    ...waitLines(report),
    ...weekLines(report),
    ...title("Served"),
    ...servedLines(report),
    ...title("Peaks"),
    ...peakLines(report, clock),
    ...title(report.cost === undefined ? "Machine-hours" : "Cost"),
    ...costLines(report),
    ...seedLines(report, title),
    ...title("Longest waits"),
    ...worstLines(report, clock, paint),
    ...(sensitivity === undefined
      ? []
      : [...title("What a change would do"), ...sensitivityLines(sensitivity)]),
    ...title("Windows that never bind"),
    ...windowLines(report),
    ...(compared === undefined
      ? []
      : [...title("Another configuration"), ...comparisonLines(report, inputs.config, compared)]),
  ];
  return `${lines.join("\n")}\n`;
}

function top(
  { report, inputs, assertions }: ReportDocument,
  clock: ReportClock,
  paint: Paint,
): readonly string[] {
  const { horizon, jobs, waitsMs } = report;
  const tones = {
    bad: ["red", "problem"],
    warn: ["yellow", "look"],
    calm: ["dim", "note"],
  } as const;
  return [
    paint("bold", headline(report)),
    printable(
      `${inputs.config}, ${inputs.jobs}, seed ${report.seed}; ${clock.moment(horizon.fromMs)} to ${clock.moment(horizon.toMs)} ${clock.timeZone}; ` +
        `${count(waitsMs.jobs)} of ${plural(jobs.given - jobs.leftOut, "simulated job")} started`,
    ),
    ...assertions.map(
      ({ condition, holds, measured }) =>
        `  ${holds ? paint("green", "holds  ") : paint("red", "fails  ")}  ${printable(`${condition}: ${measured}`)}`,
    ),
    ...findings(report).map(({ tone, text }) => {
      const [style, word] = tones[tone];
      return `  ${paint(style, word.padEnd(7))}  ${printable(text)}`;
    }),
  ];
}

function trustLines({ trust, baseline }: FleetReport): readonly string[] {
  const { boots, delays, rates, leftOut, unserved, notModelled, unpriced } = trust;
  const compared =
    baseline === undefined
      ? [
          "  Not compared with reality: --baseline recorded does, with the configuration that ran then.",
        ]
      : [
          `  Against ${plural(baseline.jobs, "recorded start")}:`,
          ...columns(
            [
              ["", "recorded", "simulated", "error"],
              ...(["p50", "p95"] as const).map((point) => {
                const { ms, share } = point === "p50" ? baseline.errorP50 : baseline.errorP95;
                const part =
                  share === undefined
                    ? ""
                    : ` (${share < 0 ? "−" : "+"}${percent(Math.abs(share))})`;
                return [
                  point,
                  duration(baseline.recorded[point]),
                  duration(baseline.simulated[point]),
                  `${signedDuration(ms)}${part}`,
                ];
              }),
            ],
            { indent: "    " },
          ),
        ];
  return [
    ...columns(
      [
        ...boots.map((boot) => [`boots: ${boot.for}`, boot.date, boot.source]),
        ["delays", delays.date, delays.source],
        ...(rates === undefined ? [] : [["rates", rates.date, rates.source]]),
      ],
      { left: [0, 1, 2] },
    ),
    ...(rates === undefined ? ["  No rates were given: machine-hours, no cost."] : []),
    ...(rates !== undefined && unpriced.length > 0
      ? [`  No rate covers ${printable(unpriced.map(poolName).join(", "))}.`]
      : []),
    ...compared,
    ...[
      ...leftOut.map((group) => ({ ...group, what: "left out" })),
      ...unserved.map((group) => ({ ...group, what: "not served" })),
    ].map(({ what, reason, jobs, examples }) =>
      printable(`  ${count(jobs)} ${what}: ${reason} (${examples.join(", ")})`),
    ),
    "  Not modelled:",
    ...notModelled.map((text) => printable(`    - ${text}`)),
  ];
}

function waitLines(report: FleetReport): readonly string[] {
  const pools = report.pools.filter(({ waitsMs }) => waitsMs.jobs > 0);
  const all = pools.length > 1 ? [{ ...report, name: "all" }] : [];
  return columns([
    ["pool", "jobs", "p50", "p95", "p99", "longest", "over 60 s"],
    ...[...pools, ...all].map(({ name, waitsMs }) => [
      poolName(name),
      count(waitsMs.jobs),
      duration(waitsMs.p50),
      duration(waitsMs.p95),
      duration(waitsMs.p99),
      duration(waitsMs.max),
      percent(waitsMs.over60Share),
    ]),
  ]).concat(
    "",
    columns([
      ["on what", ...waitPhases],
      ...pools.map(({ name, phasesMs }) => [
        poolName(name),
        ...waitPhases.map((phase) => duration(phasesMs[phase])),
      ]),
    ]),
  );
}

function servedLines(report: FleetReport): readonly string[] {
  return columns([
    ["pool", "hot", "stopped", "cold", "bought", "starts", "below target"],
    ...report.pools
      .filter(({ waitsMs }) => waitsMs.jobs > 0)
      .map(({ name, served, bought, started, belowTargetShare }) => [
        poolName(name),
        percent(served.hot),
        percent(served.stopped),
        percent(served.cold),
        count(bought),
        count(started),
        percent(belowTargetShare),
      ]),
  ]);
}

function peakLines(report: FleetReport, clock: ReportClock): readonly string[] {
  return columns([
    ["what", "most", "limit", "used", "first at"],
    ...limited(report)
      .filter(({ peak }) => peak > 0)
      .map(({ name, peak, limit, atMs }) => [
        name,
        count(peak),
        limit === undefined ? "none" : count(limit),
        limit === undefined || limit === 0 ? "" : percent(peak / limit),
        clock.moment(atMs),
      ]),
  ]);
}

function costLines(report: FleetReport): readonly string[] {
  const hours = report.pools.map(({ name, machineHours: { busy, idle, boot, stopped } }) => [
    poolName(name),
    ...[busy, idle, boot, stopped].map((value) => `${amount(value)} h`),
  ]);
  if (report.cost === undefined)
    return columns([["pool", "busy", "idle", "boot", "stopped"], ...hours]);
  const priced = report.pools.filter(({ cost }) => cost !== undefined);
  const all = priced.length > 1 ? [{ name: "all", cost: report.cost }] : [];
  return columns([
    ["pool", "busy", "idle", "boot", "disk", "total", "a week"],
    ...[...priced, ...all].map(({ name, cost }) => [
      poolName(name),
      ...(cost === undefined
        ? []
        : [
            cost.busyUsd,
            cost.idleUsd,
            cost.bootUsd,
            cost.diskUsd,
            cost.totalUsd,
            cost.usdPerWeek,
          ].map(dollars)),
    ]),
  ]).concat("", columns([["machine-hours", "busy", "idle", "boot", "stopped"], ...hours]));
}

function seedLines(
  { spread }: FleetReport,
  title: (text: string) => readonly string[],
): readonly string[] {
  if (spread === undefined) return [];
  const { p50Ms, p95Ms, p99Ms, over60Share, totalUsd } = spread;
  const rows = [
    ["p50", ...[p50Ms.min, p50Ms.median, p50Ms.max].map(duration)],
    ["p95", ...[p95Ms.min, p95Ms.median, p95Ms.max].map(duration)],
    ["p99", ...[p99Ms.min, p99Ms.median, p99Ms.max].map(duration)],
    ["over 60 s", ...[over60Share.min, over60Share.median, over60Share.max].map(percent)],
    ...(totalUsd === undefined
      ? []
      : [["total cost", ...[totalUsd.min, totalUsd.median, totalUsd.max].map(dollars)]]),
  ];
  return [
    ...title(`Spread over ${spread.seeds.length} seeds`),
    ...columns([["", "lowest", "median", "highest"], ...rows]),
  ];
}

function windowLines(report: FleetReport): readonly string[] {
  const { spareWindows } = report;
  const untried = untriedNote(report);
  const note = untried === undefined ? [] : [printable(`  ${untried}`)];
  if (spareWindows.length === 0) return [`  ${noSpareWindows(report)}`, ...note];
  return [
    ...columns(
      [
        ["pool / entry", "why", "jobs", "adds hot", "stopped", "cost"],
        ...spareWindows.map(({ pool, entry, kind, jobs, addsHours, addsUsd }) => [
          `${pool} / ${entry}`,
          kind,
          count(jobs),
          `${amount(addsHours.hot)} h`,
          `${amount(addsHours.stopped)} h`,
          addsUsd === undefined ? "" : dollars(addsUsd),
        ]),
      ],
      { left: [0, 1] },
    ),
    ...note,
  ];
}

function sensitivityLines(rows: readonly SensitivityRow[]): readonly string[] {
  if (rows.length === 0) return ["  Nothing was tried: no pool has a window."];
  return columns(
    rows.map(({ pool, what, from, to, p95Ms, over60Share, usdPerWeek }) => [
      `${pool}.${what}`,
      `${from} → ${to}`,
      usdPerWeek === undefined ? "" : `${signedDollars(usdPerWeek)}/week`,
      `p95 ${signedDuration(p95Ms)}`,
      signedPoints(over60Share),
    ]),
    { left: [0, 1] },
  );
}

function comparisonLines(
  report: FleetReport,
  config: string,
  compared: Compared,
): readonly string[] {
  const words = { more: "more than chance", maybe: "may be chance" } as const;
  return [
    `  ${printable(comparison(compared.config, report, compared.report))}`,
    ...comparisonNotes(compared.changes).map((note) => `  ${printable(note)}`),
    ...columns([
      ["", config, compared.config, "change", ""],
      ...compareNumbers(report, compared.report).map(({ name, here, there, change, chance }) => [
        name,
        here,
        there,
        change,
        chance === undefined ? "" : words[chance],
      ]),
    ]),
  ];
}
