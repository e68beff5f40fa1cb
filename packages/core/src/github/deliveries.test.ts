import { describe, expect, it } from "vitest";
import { createClientStage, outcomeOf, testStartMs } from "../../test/github-client-stage.ts";
import { collect } from "../testing/contracts/stage.ts";

interface Row {
  readonly id: number;
  readonly guid: string;
  readonly code: number;
  readonly status?: string;
  readonly ageS?: number;
}

function page(rows: readonly Row[]): object[] {
  return rows.map(({ id, guid, code, status = "OK", ageS = 1 }) => ({
    id,
    guid,
    status,
    status_code: code,
    delivered_at: new Date(testStartMs - ageS * 1_000).toISOString(),
  }));
}

async function failedOf(rows: readonly Row[], sinceS = 600): Promise<readonly string[]> {
  const { client, clock } = createClientStage(() => ({ body: page(rows) }));
  const listed = collect(client.deliveries.listFailed(testStartMs - sinceS * 1_000));
  return ((await outcomeOf(clock, listed)).value ?? []).map(({ guid, id }) => `${guid}:${id}`);
}

describe("failed deliveries", () => {
  it("are those without a success under their guid, before or after", async () => {
    expect(
      await failedOf([
        { id: 9, guid: "a", code: 200 },
        { id: 8, guid: "b", code: 500, status: "Invalid HTTP Response: 500" },
        { id: 7, guid: "a", code: 500, status: "Invalid HTTP Response: 500" },
        { id: 6, guid: "c", code: 503, status: "Invalid HTTP Response: 503" },
        { id: 5, guid: "c", code: 202 },
      ]),
    ).toEqual(["b:8"]);
  });

  it("come once, as the newest attempt of their guid", async () => {
    expect(
      await failedOf([
        { id: 9, guid: "a", code: 502, status: "bad" },
        { id: 8, guid: "a", code: 502, status: "bad" },
      ]),
    ).toEqual(["a:9"]);
  });

  it("include those that timed out, whatever code they carry", async () => {
    expect(
      await failedOf([
        { id: 4, guid: "a", code: 0, status: "timed out" },
        { id: 3, guid: "b", code: 200, status: "timed out" },
        { id: 2, guid: "c", code: 0, status: "failed to connect to host" },
        { id: 1, guid: "d", code: 202, status: "Accepted" },
      ]),
    ).toEqual(["a:4", "b:3", "c:2"]);
  });

  it("end where the caller said", async () => {
    const { client, clock, calls } = createClientStage((_, count) => ({
      headers: {
        link: `<https://api.github.com/app/hook/deliveries?cursor=${count}>; rel="next"`,
      },
      body: page([
        { id: 100 - count, guid: `g${count}`, code: 500, status: "bad", ageS: count * 60 },
      ]),
    }));
    const listed = collect(client.deliveries.listFailed(testStartMs - 150_000));
    const { value } = await outcomeOf(clock, listed);
    expect(value?.map(({ guid }) => guid)).toEqual(["g1", "g2"]);
    expect(calls).toHaveLength(3);
  });

  it("are asked for in the App's own name", async () => {
    const { client, clock, calls, authCalls } = createClientStage(() => ({ body: [] }));
    await outcomeOf(clock, collect(client.deliveries.listFailed(testStartMs)));
    expect(calls[0]?.headers.get("authorization")).toMatch(/^Bearer eyJ/);
    expect(authCalls).toEqual([]);
  });
});
