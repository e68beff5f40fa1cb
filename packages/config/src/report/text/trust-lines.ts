import type { FleetReport } from "@runs-fleet/core/testing";
import { printable } from "../../cli/problem.ts";
import { poolName } from "../findings.ts";
import { count, duration, percent, plural, signedDuration } from "../format.ts";
import { columns } from "./columns.ts";

/** Where the numbers come from, how far they are from what GitHub recorded, and what they leave out. */
export function trustLines({ trust, baseline }: FleetReport): readonly string[] {
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
