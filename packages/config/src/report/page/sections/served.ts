import { type Html, html } from "@runs-fleet/core/html";
import type { FleetReport } from "@runs-fleet/core/testing";
import { poolName } from "../../findings.ts";
import { count, percent } from "../../format.ts";
import { amounts, besideNames, names, still } from "../axes.ts";
import { draw } from "../draw.ts";
import { legend, section, table } from "../parts.ts";

const kinds = ["hot", "stopped", "cold"] as const;

/** How jobs found their machine. */
export function servedSection(report: FleetReport): Html {
  const pools = report.pools.filter(({ waitsMs }) => waitsMs.jobs > 0);
  const rows = pools.length > 1 ? [...pools, { ...report, name: "all" }] : pools;
  const plot = draw({
    id: "served",
    description: "Shares of jobs served hot, stopped and cold, as in the table below",
    height: rows.length * 34 + 34,
    title: (series, datum) => {
      const [kind, row] = [kinds[series], rows[datum]];
      return kind && row ? `${poolName(row.name)}: ${percent(row.served[kind])} ${kind}` : "";
    },
    option: ({ narrow }) => ({
      grid: besideNames(narrow),
      xAxis: amounts((value) => `${value}%`, { max: 100, interval: 25 }),
      yAxis: names(
        rows.map(({ name }) => poolName(name)),
        narrow,
      ),
      series: kinds.map((kind) => ({
        ...still,
        type: "bar" as const,
        stack: "share",
        barWidth: 16,
        itemStyle: { color: `var(--${kind})` },
        data: rows.map(({ served }) => served[kind] * 100),
      })),
    }),
  });
  return section(
    "served",
    "How jobs find their machine",
    "Hot: a machine was ready as the job came. Stopped: one was started. Cold: one was bought.",
    plot,
    legend(kinds.map((kind) => ({ colour: kind, name: kind }))),
    table({
      caption: "Hot, stopped and cold share",
      head: ["pool", "hot", "stopped", "cold", "machines bought", "starts", "below target"],
      rows: pools.map(({ name, served, bought, started, belowTargetShare }) => [
        poolName(name),
        percent(served.hot),
        percent(served.stopped),
        percent(served.cold),
        count(bought),
        count(started),
        percent(belowTargetShare),
      ]),
    }),
    html`<p class="soft">Below target: share of the time in which fewer machines were ready than the schedule wanted.</p>`,
  );
}
