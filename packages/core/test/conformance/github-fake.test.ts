import { describe, expect, it } from "vitest";
import { createFakeStage } from "../fake-github-stage.ts";

async function answerOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "minted",
    (error: unknown) => String(error),
  );
}

describe("the fake GitHub refuses a runner configuration", () => {
  it("whose name has no character or more than 64", async () => {
    const { github, mint } = createFakeStage();
    await using _ = github;
    expect(await answerOf(mint("", ["x"]))).toContain("Invalid name");
    expect(await answerOf(mint("n".repeat(65), ["x"]))).toContain("Invalid name");
    expect(await answerOf(mint("n".repeat(64), ["x"]))).toBe("minted");
  });

  it("without a label, with more than 100, or with one that is empty or too long", async () => {
    const { github, mint } = createFakeStage();
    await using _ = github;
    const many = Array.from({ length: 101 }, (_, index) => `l${index}`);
    for (const labels of [[], many, [""], ["l".repeat(257)]]) {
      expect(await answerOf(mint("rf-1", labels))).toContain("Invalid labels");
    }
    expect(await answerOf(mint("rf-1", many.slice(1)))).toBe("minted");
  });

  it("with a name that is taken", async () => {
    const { github, mint } = createFakeStage();
    await using _ = github;
    await mint("rf-1", ["x"]);
    expect(await answerOf(mint("rf-1", ["x"]))).toContain("Already exists");
  });

  it("in a group that does not exist", async () => {
    const { github, mint } = createFakeStage();
    await using _ = github;
    expect(await answerOf(mint("rf-1", ["x"], 99))).toContain("runner_group_id");
  });

  it("beyond the bucket of an hour", async () => {
    const { github, mint } = createFakeStage({
      limits: { mintsPerMinute: false, mintsPerHour: 3 },
    });
    await using _ = github;
    for (const name of ["a", "b", "c"]) await mint(name, ["x"]);
    expect(await answerOf(mint("d", ["x"]))).toContain("rate limit");
  });

  it("with a token that is older than an hour", async () => {
    const { github, clock, mint } = createFakeStage();
    await using _ = github;
    await mint("a", ["x"]);
    await clock.advance(3_600_000);
    expect(await answerOf(mint("b", ["x"]))).toContain("401");
  });
});
