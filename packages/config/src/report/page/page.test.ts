import { compareReports, type FleetReport } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { sampleReport } from "../../../test/sample-report.ts";
import type { ReportDocument } from "../document.ts";
import { renderPage } from "./page.ts";

const inputs = { program: "runs-fleet 0.0.0", config: "fleet<1>.json", jobs: '"jobs".ndjson' };

const document = (report: FleetReport): ReportDocument => ({
  inputs,
  report,
  assertions: [{ condition: "p95 < 45s<i>", holds: false, value: 52_000, measured: "p95 is 52 s" }],
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
  compared: { config: "leaner<1>.json", report, changes: compareReports(report, report) },
});

/** A report in which nothing happened. */
function emptyReport(): FleetReport {
  const none = { jobs: 0, p50: 0, p95: 0, p99: 0, max: 0, over60Share: 0 };
  const { cost: _, totalUsd: __, spread: ___, baseline: ____, ...sample } = sampleReport();
  return {
    ...sample,
    trust: {
      boots: [],
      delays: sample.trust.delays,
      unpriced: [],
      leftOut: [],
      unserved: [],
      notModelled: [],
      warnings: [],
    },
    jobs: {
      given: 0,
      leftOut: 0,
      completed: 0,
      running: 0,
      interrupted: 0,
      refused: 0,
      failed: 0,
      cancelled: 0,
      waiting: 0,
    },
    waitsMs: none,
    lengths: [],
    hours: [],
    weekHours: [],
    served: { hot: 0, stopped: 0, cold: 0 },
    pools: [],
    environments: [],
    repositories: [],
    series: { fromMs: sample.horizon.fromMs, binMs: 3_600_000, pools: [] },
    worst: [],
    spareWindows: [],
    untriedWindows: [],
  };
}

/** Tags that are opened and not closed, or the other way round. */
function unbalanced(page: string): readonly string[] {
  const open: string[] = [];
  const faults: string[] = [];
  const voids = new Set(["meta", "!doctype"]);
  for (const [, end, name = "", rest = ""] of page.matchAll(
    /<(\/?)([!a-zA-Z][a-zA-Z0-9]*)((?:"[^"]*"|[^">])*)>/g,
  )) {
    if (voids.has(name) || rest.endsWith("/")) continue;
    if (end === "") open.push(name);
    else if (open.pop() !== name) faults.push(name);
  }
  return [...faults, ...open];
}

const variants: Readonly<Record<string, () => FleetReport>> = {
  "a full week": sampleReport,
  "no job at all": emptyReport,
  "no rates": () => {
    const { cost: _, totalUsd: __, ...rest } = sampleReport();
    return { ...rest, pools: rest.pools.map(({ cost: ___, ...pool }) => pool) };
  },
  "one pool and one hour": () => {
    const sample = sampleReport();
    const [pool] = sample.pools;
    const curve = {
      target: [1],
      ready: [1],
      booting: [0],
      busy: [0.5],
      stoppedTarget: [0],
      stopped: [0],
      waiting: [0],
    };
    const { fromMs } = sample.horizon;
    return {
      ...sample,
      pools: pool ? [{ ...pool, weekHours: pool.weekHours.slice(0, 1) }] : [],
      horizon: { fromMs: fromMs + 600_000, toMs: fromMs + 3_000_000 },
      series: { fromMs: fromMs + 600_000, binMs: 60_000, pools: [{ pool: "linux", ...curve }] },
    };
  },
};

describe.each(Object.entries(variants))("the page of %s", (_, report) => {
  const page = renderPage(document(report()));

  it("is the same bytes whenever it is written", () => {
    renderPage({ ...document(sampleReport()), inputs: { ...inputs, config: "another" } });
    expect(renderPage(document(report()))).toBe(page);
  });

  it("closes what it opens, and names nothing twice", () => {
    expect(unbalanced(page)).toEqual([]);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target = ""] of page.matchAll(/(?:href="|url\()#([^")]+)/g))
      expect(ids).toContain(target);
  });

  it("holds no value that is none", () => {
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it("loads nothing and runs nothing", () => {
    expect(page).not.toMatch(
      /https?:|<script|<link|<img|<iframe|@import|src=|url\((?!#)| on[a-z]+=/i,
    );
    expect(page).toContain("default-src &#39;none&#39;");
  });
});

describe("the page of a simulation", () => {
  const page = renderPage(document(sampleReport()));

  it("escapes what comes from files", () => {
    expect(page).toContain("acme/&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).toContain("acme/&quot;quotes&quot;&amp;&lt;b&gt;");
    expect(page).toContain("<title>Simulation of fleet&lt;1&gt;.json</title>");
    expect(page).not.toMatch(/<b>|<i>|<1>/);
  });

  it("draws each picture for a desk and for a phone, with words for those who cannot see it", () => {
    const plots = page.match(/<div class="plot" role="img" aria-label="[^"]{20,}">/g) ?? [];
    expect(plots.length).toBeGreaterThan(10);
    expect(page.match(/<svg /g)).toHaveLength(plots.length * 2);
  });

  it("leaves nothing of the library's numbering and hovering in the drawings", () => {
    expect(page).not.toMatch(/zr\d|ecmeta|cls-|CDATA/);
  });

  it("tells what a mark of a heat map stands for", () => {
    expect(page).toContain("<title>Mon 08:00: p95 ");
  });

  it("tells how many jobs waited how long, and how many no longer", () => {
    const sample = sampleReport();
    const [linux] = sample.pools;
    const lengths = [
      { fromMs: 5_000, toMs: 7_000, jobs: 6 },
      { fromMs: 45_000, toMs: 60_000, jobs: 3 },
      { fromMs: 86_400_000, jobs: 1 },
    ];
    const waitsMs = { ...sample.waitsMs, jobs: 10 };
    const pools = linux ? [{ ...linux, lengths, waitsMs }] : [];
    const shown = renderPage(document({ ...sample, pools }));
    expect(shown).toContain("<title>5 s to 7 s: 6 jobs, 60%; 60% waited no longer</title>");
    expect(shown).toContain("<title>45 s to 1 min: 3 jobs, 30%; 90% waited no longer</title>");
    expect(shown).toContain("<title>over 24 h: 1 job, 10%; 100% waited no longer</title>");
    expect(shown).toContain(
      '<tr><th scope="row">linux</th><td>10</td><td>0%</td><td>60%</td><td>60%</td><td>90%</td>',
    );
    // Each is drawn for a desk and for a phone.
    const drawn = shown.slice(shown.indexOf('aria-label="Lengths of the waits of linux'));
    const bars = drawn.slice(0, drawn.indexOf("<details"));
    expect(bars.match(/ fill="var\(--limit\)"[^>]*><title>over 24 h/g)).toHaveLength(2);
    expect(bars.match(/ fill="var\(--busy\)"[^>]*><title>45 s to 1 min/g)).toHaveLength(2);
  });

  it("marks each seed of each number, by its distance from the median", () => {
    expect(page).toContain("<title>p95, seed 8: 49 s</title>");
    expect(page).toContain("<title>total cost, seed 10: $421</title>");
    expect(page.match(/<title>(?:p50|p95|p99|over a minute|total cost), seed /g)).toHaveLength(
      5 * 5 * 2,
    );
    const sample = sampleReport();
    const seeds = sample.spread?.seeds ?? [];
    const zero = { min: 0, median: 0, max: 0, values: seeds.map(() => 0) };
    const still = { seeds, p50Ms: zero, p95Ms: zero, p99Ms: zero, over60Share: zero };
    const flat = renderPage(document({ ...sample, spread: still }));
    expect(flat).not.toContain(", seed 8:");
    expect(flat).not.toMatch(/NaN|Infinity/);
  });

  it("begins with the answer, then says what it can be trusted for", () => {
    const order = [...page.matchAll(/<section class="card" id="([a-z]+)"/g)].map(([, id]) => id);
    expect(order).toEqual([
      "trust",
      "waits",
      "served",
      "peaks",
      "cost",
      "week",
      "seeds",
      "worst",
      "sensitivity",
      "windows",
      "comparison",
    ]);
    expect(page.indexOf("<h1>95 of 100 jobs start within 52 s")).toBeLessThan(
      page.indexOf('id="trust"'),
    );
  });
});
