import { describe, expect, it } from "vitest";
import type { JobEvent } from "../ports/demand-event.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createPollingSource } from "./polling-source.ts";

const job = (jobId: string, repository: string): JobEvent => ({
  kind: "job",
  action: "queued",
  jobId,
  runId: "1",
  attempt: 1,
  repository,
  repositoryId: "1",
  visibility: "private",
  fork: false,
  labels: ["runs-fleet"],
  deliveryId: `rest:${jobId}`,
  receivedAtMs: 0,
});

describe("a polling source", () => {
  it("yields the queued jobs of every repository, and looks again after the interval", async () => {
    const clock = createVirtualClock(0);
    const waiting = new Map([
      ["acme/app", [job("1", "acme/app")]],
      ["acme/web", [] as JobEvent[]],
    ]);
    const source = createPollingSource({
      github: { jobs: { listQueued: async (repository) => waiting.get(repository) ?? [] } },
      repositories: ["acme/app", "acme/web"],
      intervalMs: 1_000,
      clock,
    });
    const stop = new AbortController();
    const seen: string[] = [];
    const read = (async () => {
      for await (const { event, acknowledge } of source.receive({ signal: stop.signal })) {
        seen.push(event.jobId);
        await acknowledge();
      }
    })();
    await clock.advance(0);
    expect(seen).toEqual(["1"]);
    waiting.set("acme/web", [job("2", "acme/web")]);
    await clock.advance(999);
    expect(seen).toEqual(["1"]);
    await clock.advance(1);
    expect(seen).toEqual(["1", "1", "2"]);
    stop.abort(new Error("enough"));
    await expect(read).rejects.toThrow("enough");
  });

  it("refuses to be made without repositories or with an interval that is not positive", () => {
    const github = { jobs: { listQueued: async () => [] } };
    expect(() => createPollingSource({ github, repositories: [] })).toThrow(TypeError);
    expect(() => createPollingSource({ github, repositories: ["a/b"], intervalMs: 0 })).toThrow(
      RangeError,
    );
  });
});
