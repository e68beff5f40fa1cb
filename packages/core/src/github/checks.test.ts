import { describe, expect, it } from "vitest";
import { createClientStage } from "../../test/github-client-stage.ts";
import type { Check } from "../ports/github-client.ts";

const base: Check = {
  name: "runs-fleet/config",
  sha: "a".repeat(40),
  externalId: "k",
  conclusion: "failure",
  title: "t",
  summary: "s",
  annotations: [],
};

function annotations(count: number, message = "m"): Check["annotations"] {
  return Array.from({ length: count }, () => ({
    path: "a",
    startLine: 1,
    endLine: 1,
    level: "notice" as const,
    message,
  }));
}

interface Body {
  readonly status?: string;
  readonly conclusion?: string;
  readonly output: {
    readonly title: string;
    readonly summary: string;
    readonly annotations?: readonly { readonly message: string; readonly end_line: number }[];
  };
}

function outputOf(call: { readonly body: unknown } | undefined): Body["output"] {
  if (call === undefined) throw new Error("there was no such call");
  return (call.body as Body).output;
}

function createStage(existing: readonly object[] = []) {
  let next = 100;
  const stage = createClientStage((call) => {
    if (call.method === "GET") return { body: { total_count: 0, check_runs: existing } };
    next += 1;
    return { status: call.method === "POST" ? 201 : 200, body: { id: next } };
  });
  const changes = () => stage.calls.filter((call) => call.method !== "GET");
  return { ...stage, changes };
}

describe("reporting a check", () => {
  it("sends 50 annotations a call and concludes with the last", async () => {
    const { client, changes } = createStage();
    await client.checks.report("acme/app", { ...base, annotations: annotations(120) });
    const bodies = changes().map((call) => call.body as Body);
    expect(changes().map((call) => call.method)).toEqual(["POST", "PATCH", "PATCH"]);
    expect(bodies.map((body) => body.output.annotations?.length)).toEqual([50, 50, 20]);
    expect(bodies.map((body) => body.status)).toEqual(["in_progress", "in_progress", "completed"]);
    expect(bodies.map((body) => body.conclusion)).toEqual([undefined, undefined, "failure"]);
  });

  it("stops at a thousand annotations and says so", async () => {
    const { client, changes } = createStage();
    await client.checks.report("acme/app", { ...base, annotations: annotations(1_234) });
    expect(changes()).toHaveLength(20);
    expect(outputOf(changes().at(-1)).summary).toContain("234");
  });

  it("keeps every text within GitHub's limits, also in bytes", async () => {
    const { client, changes } = createStage();
    await client.checks.report("acme/app", {
      ...base,
      title: "t".repeat(400),
      summary: "s".repeat(100_000),
      annotations: annotations(1_001, "ü".repeat(50_000)),
    });
    for (const { body } of changes()) {
      const { output } = body as Body;
      expect(output.title.length).toBeLessThanOrEqual(255);
      expect(output.summary.length).toBeLessThanOrEqual(65_535);
      for (const { message } of output.annotations ?? []) {
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(65_536);
        expect(message).not.toContain("\uFFFD");
      }
    }
  });

  it("straightens lines that run backwards", async () => {
    const { client, changes } = createStage();
    const [one] = annotations(1);
    if (one === undefined) throw new Error("no annotation");
    const backwards = { ...one, startLine: 9, endLine: 3 };
    await client.checks.report("acme/app", { ...base, annotations: [backwards] });
    expect(outputOf(changes()[0]).annotations?.[0]?.end_line).toBe(9);
  });

  it("finds the check that an earlier process made", async () => {
    const { client, changes } = createStage([
      { id: 7, external_id: "other", output: { annotations_count: 0 } },
      { id: 8, external_id: "k", output: { annotations_count: 0 } },
    ]);
    await client.checks.report("acme/app", base);
    expect(changes().map((call) => `${call.method} ${call.url.pathname}`)).toEqual([
      "PATCH /repos/acme/app/check-runs/8",
    ]);
  });

  it("begins anew where an earlier process left annotations that cannot be compared", async () => {
    const { client, changes } = createStage([
      { id: 8, external_id: "k", output: { annotations_count: 2 } },
    ]);
    await client.checks.report("acme/app", { ...base, annotations: annotations(2) });
    expect(changes().map((call) => call.method)).toEqual(["POST"]);
  });

  it("looks for a check once and remembers it", async () => {
    const { client, calls } = createStage();
    await client.checks.report("acme/app", base);
    await client.checks.report("acme/app", { ...base, conclusion: "success" });
    expect(calls.map((call) => call.method)).toEqual(["GET", "POST", "PATCH"]);
  });
});

describe("where only a commit status may be written", () => {
  const forbidden = {
    status: 403,
    body: { message: "Resource not accessible by personal access token" },
  };
  const stage = (mayStatus: boolean) => {
    const made = createClientStage(({ method, url }) => {
      if (method === "GET") return { body: { total_count: 0, check_runs: [] } };
      if (url.pathname.includes("/check-runs")) return forbidden;
      return mayStatus ? { status: 201, body: { id: 1 } } : forbidden;
    });
    const writes = () => made.calls.filter(({ method }) => method === "POST");
    return { ...made, writes };
  };

  it("tells the headline there, and tries no check run in that repository again", async () => {
    const { client, writes } = stage(true);
    await client.checks.report("acme/app", { ...base, title: "t".repeat(300) });
    await client.checks.report("acme/app", { ...base, conclusion: "neutral" });
    const { conclusion: _, ...underWay } = base;
    await client.checks.report("acme/app", underWay);
    const told = writes().map(({ url, body }) => [
      url.pathname,
      (body as { state?: string }).state,
    ]);
    const status = `/repos/acme/app/statuses/${base.sha}`;
    expect(told).toEqual([
      ["/repos/acme/app/check-runs", undefined],
      [status, "failure"],
      [status, "success"],
      [status, "pending"],
    ]);
    expect(writes()[1]?.body).toMatchObject({
      context: "runs-fleet/config",
      description: `${"t".repeat(139)}…`,
    });
  });

  it("says that the check run is forbidden when the status is as well", async () => {
    const { client, writes } = stage(false);
    await expect(client.checks.report("acme/app", base)).rejects.toMatchObject({
      kind: "auth",
      message: expect.stringContaining("check"),
    });
    await expect(client.checks.report("acme/app", base)).rejects.toMatchObject({ kind: "auth" });
    expect(writes().length).toBe(4);
  });
});
