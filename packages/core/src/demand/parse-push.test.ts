import { describe, expect, it } from "vitest";
import { parsePush } from "./parse-push.ts";

const receipt = { deliveryId: "d-1", receivedAtMs: 1_000 };
const zeros = "0".repeat(40);
const commit = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";

const push = (changes: object = {}, repository: object = {}) => ({
  ref: "refs/heads/main",
  before: commit,
  after: commit,
  deleted: false,
  head_commit: { id: commit },
  repository: { full_name: "acme/.github-private", default_branch: "main", ...repository },
  ...changes,
});

describe("parsePush", () => {
  it("keeps what a watcher of a file needs", () => {
    expect(parsePush(push(), receipt)).toEqual({
      ok: true,
      value: {
        kind: "push",
        repository: "acme/.github-private",
        ref: "refs/heads/main",
        defaultBranch: "main",
        before: commit,
        after: commit,
        deleted: false,
        deliveryId: "d-1",
        receivedAtMs: 1_000,
      },
    });
  });

  it("takes a deletion, whose head commit is null and whose commit is all zeros", () => {
    const parsed = parsePush(push({ after: zeros, head_commit: null, deleted: true }), receipt);
    expect(parsed.ok && parsed.value.deleted).toBe(true);
  });

  it("sees a deletion by the zeros alone", () => {
    const parsed = parsePush(push({ after: zeros, deleted: undefined }), receipt);
    expect(parsed.ok && parsed.value.deleted).toBe(true);
  });

  it("does not stumble over the repository's dates, which pushes write as numbers", () => {
    const dates = { created_at: 1_557_933_565, pushed_at: 1_557_933_657 };
    expect(parsePush(push({}, dates), receipt)).toMatchObject({
      ok: true,
      value: { pushedAtMs: 1_557_933_657_000 },
    });
    expect(parsePush(push({}, { pushed_at: "2019-05-15" }), receipt)).toMatchObject({ ok: true });
  });

  it("finds the default branch under its older name", () => {
    const parsed = parsePush(
      push({}, { default_branch: undefined, master_branch: "master" }),
      receipt,
    );
    expect(parsed.ok && parsed.value.defaultBranch).toBe("master");
  });

  describe("what its commits touch in .github/", () => {
    const touched = (changes: object) => {
      const parsed = parsePush(push({ forced: false, ...changes }), receipt);
      return parsed.ok ? parsed.value.touched : "refused";
    };
    const touching = (...added: readonly string[]) => ({ added, modified: [], removed: [] });

    it("is kept once each, whatever was done to it, and nothing that lies elsewhere or deeper", () => {
      const commits = [
        touching("src/a.ts", ".github/runs-fleet.yml", ".github/workflows/ci.yml"),
        { added: [], modified: [".github/runs-fleet.yml"], removed: [".github/CODEOWNERS"] },
      ];
      expect(touched({ commits })).toEqual([".github/runs-fleet.yml", ".github/CODEOWNERS"]);
      expect(touched({ commits: [] })).toEqual([]);
    });

    it("is not known of pushes that are forced, say nothing, or say too much", () => {
      const commits = [touching(".github/runs-fleet.yml")];
      const files = (count: number) => Array.from({ length: count }, (_, n) => `.github/${n}.yml`);
      const unknown = [
        { commits, forced: true },
        { commits, forced: undefined },
        { commits: undefined },
        { commits: [{ added: [".github/runs-fleet.yml"] }] },
        { commits: Array.from({ length: 2_048 }, () => touching()) },
        { commits: [touching(...files(21))] },
      ];
      expect(unknown.map(touched)).toEqual(unknown.map(() => undefined));
      expect(touched({ commits: [touching(...files(20))] })).toEqual(files(20));
    });
  });

  it.each([
    ["ref", push({ ref: 1 })],
    ["ref", push({ ref: "" })],
    ["after", push({ after: "HEAD" })],
    ["before", push({ before: undefined })],
    ["repository", push({}, { default_branch: undefined })],
    ["repository.full_name", push({}, { full_name: "x" })],
    ["body", []],
  ])("names %s when it is wrong", (path, body) => {
    const parsed = parsePush(body, receipt);
    expect(!parsed.ok && parsed.message.split(":")[0]).toBe(Array.isArray(body) ? "ref" : path);
  });
});
