import { describe, expect, it } from "vitest";
import {
  createExportStage,
  dayMs,
  type ExportStage,
  exportNowMs,
  hourMs,
  passTime,
} from "../../test/export-stage.ts";
import { explainProblem } from "./problems.ts";
import type { ExportProgress } from "./progress.ts";

/** A stage with `count` runs of one finished job each, spread over the last day. */
function filled(count: number, limits?: Parameters<typeof createExportStage>[0]): ExportStage {
  const stage = createExportStage(limits);
  for (let index = 0; index < count; index += 1) {
    const queuedAtMs = exportNowMs - dayMs + index * 60_000;
    const times = { queuedAtMs, startedAtMs: queuedAtMs, completedAtMs: queuedAtMs + 1_000 };
    stage.github.recordRun({
      ...{ repository: "acme/app", createdAtMs: queuedAtMs },
      jobs: [{ labels: ["linux"], ...times }],
    });
  }
  return stage;
}

const limited = JSON.stringify({ message: "You have exceeded a secondary rate limit." });

/** One thing that goes wrong with a call, and how long it should cost, in milliseconds. */
const faults: Readonly<
  Record<
    string,
    { readonly leastMs: number; readonly answer: (good: Response) => Promise<Response> }
  >
> = {
  "a 429 with Retry-After": {
    leastMs: 17_000,
    answer: async () => new Response(limited, { status: 429, headers: { "retry-after": "17" } }),
  },
  "a secondary limit that does not say how long": {
    leastMs: 60_000,
    answer: async () => new Response(limited, { status: 403 }),
  },
  "a 502": { leastMs: 1_000, answer: async () => new Response("<html>", { status: 502 }) },
  "a body that is cut within its JSON": {
    leastMs: 1_000,
    answer: async (good) => {
      const text = await good.text();
      return new Response(text.slice(0, text.length / 2), { headers: good.headers });
    },
  },
  "a body that breaks off": {
    leastMs: 1_000,
    answer: async (good) => {
      const text = await good.text();
      const body = new ReadableStream({
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode(text.slice(0, 20)));
          controller.error(new TypeError("terminated"));
        },
      });
      return new Response(body, { headers: good.headers });
    },
  },
  "a connection that breaks": {
    leastMs: 1_000,
    answer: async () => {
      throw new TypeError("fetch failed");
    },
  },
  "an answer that never comes": { leastMs: 31_000, answer: () => new Promise(() => undefined) },
  "an answer of another form": {
    leastMs: 1_000,
    answer: async () => Response.json({ surprise: true }),
  },
};

describe("an export that meets faults", () => {
  it.each(Object.entries(faults))(
    "gets over %s, at any call",
    async (_name, { leastMs, answer }) => {
      for (let faulty = 1; faulty <= 5; faulty += 1) {
        const stage = filled(3);
        await using _ = stage.github;
        let calls = 0;
        const fetcher: typeof fetch = async (input, init) => {
          calls += 1;
          const wrong = calls === faulty;
          const good = await stage.github.fetch(input, init);
          return wrong ? answer(good) : good;
        };
        const summary = await stage.run({ fetch: fetcher });
        expect(summary).toMatchObject({ complete: true, jobs: 3 });
        expect(new Set(stage.lines().map(({ id }) => id)).size).toBe(3);
        expect(stage.clock.now() - exportNowMs).toBeGreaterThanOrEqual(leastMs);
      }
    },
  );

  it("gives up when GitHub stays away, keeps what it has, and goes on another time", async () => {
    const stage = filled(5);
    await using _ = stage.github;
    let calls = 0;
    const down: typeof fetch = async (input, init) => {
      calls += 1;
      return calls > 4 ? new Response("", { status: 503 }) : stage.github.fetch(input, init);
    };
    const failure = await stage.run({ fetch: down }).catch((error: unknown) => error);
    expect(explainProblem(failure, "acme")).toMatchObject({ code: "github-unavailable" });
    // Four minutes of patience.
    expect(stage.clock.now() - exportNowMs).toBeGreaterThan(180_000);
    expect(stage.lines()).toHaveLength(2);
    calls = Number.NEGATIVE_INFINITY;
    expect(await stage.run({ fetch: down })).toMatchObject({ complete: true, jobs: 5 });
    expect(new Set(stage.lines().map(({ id }) => id)).size).toBe(5);
  });

  it("waits longer each time that GitHub limits the same call", async () => {
    const stage = filled(1);
    await using _ = stage.github;
    let refusals = 4;
    const fetcher: typeof fetch = async (input, init) => {
      refusals -= 1;
      if (refusals < 0) return stage.github.fetch(input, init);
      return new Response(limited, { status: 403 });
    };
    await stage.run({ fetch: fetcher });
    expect(stage.clock.now() - exportNowMs).toBeGreaterThanOrEqual((1 + 1 + 2 + 4) * 60_000);
  });

  it("stops at once for what waiting cannot mend", async () => {
    const stage = filled(1);
    await using _ = stage.github;
    const refused: typeof fetch = async () =>
      new Response(JSON.stringify({ message: "Bad credentials" }), { status: 401 });
    const failure = await stage.run({ fetch: refused }).catch((error: unknown) => error);
    expect(explainProblem(failure, "acme").code).toBe("token-refused");
    expect(stage.clock.now()).toBe(exportNowMs);
  });

  it("saves and ends with the signal's reason when it is stopped, also while it waits", async () => {
    const stage = filled(30, { corePerHour: 20 });
    await using _ = stage.github;
    const stop = new AbortController();
    const reason = new Error("enough");
    const run = stage.run({
      signal: stop.signal,
      onProgress: ({ waiting }) => {
        if (waiting !== undefined) stop.abort(reason);
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(stage.lines().length).toBeGreaterThan(5);
    expect(await stage.run()).toMatchObject({ complete: true, jobs: 30 });
  });
});

describe("the budget of an export", () => {
  it("leaves the reserve to others, waits for the next hour, and counts down", async () => {
    const stage = filled(90, { corePerHour: 50 });
    await using _ = stage.github;
    const seen: ExportProgress[] = [];
    let least = Number.POSITIVE_INFINITY;
    const watching: typeof fetch = async (input, init) => {
      const answer = await stage.github.fetch(input, init);
      least = Math.min(least, Number(answer.headers.get("x-ratelimit-remaining")));
      return answer;
    };
    const onProgress = (progress: ExportProgress): void => {
      seen.push(progress);
    };
    const summary = await stage.run({ fetch: watching, onProgress });
    expect(summary).toMatchObject({ complete: true, jobs: 90 });
    // A fifth of 50.
    expect(least).toBe(10);
    // 92 calls at 40 an hour.
    expect(stage.clock.now() - exportNowMs).toBeGreaterThan(2 * hourMs);
    expect(stage.clock.now() - exportNowMs).toBeLessThan(2 * hourMs + 60_000);
    const waits = seen.flatMap(({ waiting, nowMs }) =>
      waiting === undefined ? [] : [Math.round((waiting.untilMs - nowMs) / 1_000)],
    );
    expect(waits.slice(0, 3)).toEqual([waits[0], (waits[0] ?? 0) - 1, (waits[0] ?? 0) - 2]);
    expect(seen.at(-1)).toMatchObject({ phase: "done", jobs: 90, runs: { done: 90, total: 90 } });
  });

  it("takes a reserve as it is given, and stops for others who spend the same budget", async () => {
    const stage = filled(20, { corePerHour: 100 });
    await using _ = stage.github;
    let least = Number.POSITIVE_INFINITY;
    const sharing: typeof fetch = async (input, init) => {
      const headers = { authorization: `Bearer ${stage.token}` };
      const other = () => stage.github.fetch("https://github.fake/repos/acme/app", { headers });
      await other();
      await other();
      const answer = await stage.github.fetch(input, init);
      least = Math.min(least, Number(answer.headers.get("x-ratelimit-remaining")));
      return answer;
    };
    const summary = await stage.run({ fetch: sharing, reserve: 70 });
    expect(summary.jobs).toBe(20);
    // Two calls of others come between our look and our call.
    expect(least).toBeGreaterThanOrEqual(70 - 2);
    expect(stage.clock.now() - exportNowMs).toBeGreaterThan(hourMs);
  });

  it("makes at most 600 calls a minute where GitHub sets no hourly limit", async () => {
    const stage = filled(700);
    await using _ = stage.github;
    const summary = await stage.run();
    expect(summary.jobs).toBe(700);
    expect(stage.clock.now() - exportNowMs).toBeGreaterThanOrEqual(60_000);
  });

  it("never stands still without a wait that it shows", async () => {
    const stage = filled(2);
    await using _ = stage.github;
    await passTime(stage.clock, stage.run());
    expect(stage.clock.now()).toBe(exportNowMs);
  });
});
