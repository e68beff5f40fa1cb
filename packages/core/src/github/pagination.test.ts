import { describe, expect, it } from "vitest";
import { createClientStage, outcomeOf } from "../../test/github-client-stage.ts";
import { nextPath } from "./pagination.ts";

const origin = "https://api.github.com";

describe("the next page", () => {
  it("takes the query of the link and nothing else", () => {
    const link = `<${origin}/organizations/9/actions/runners?per_page=100&page=2>; rel="next", <${origin}/x?page=9>; rel="last"`;
    expect(nextPath("/orgs/acme/actions/runners?per_page=100", link, origin)).toBe(
      "/orgs/acme/actions/runners?per_page=100&page=2",
    );
  });

  it("is found behind other relations", () => {
    const link = `<${origin}/x?page=1>; rel="prev", <${origin}/x?page=3>; rel="next"`;
    expect(nextPath("/x?page=2", link, origin)).toBe("/x?page=3");
  });

  it("is not there without a next link", () => {
    expect(nextPath("/x", undefined, origin)).toBeUndefined();
    expect(nextPath("/x", `<${origin}/x?page=1>; rel="last"`, origin)).toBeUndefined();
  });

  it("refuses a link to another host", () => {
    for (const host of [
      "https://evil.example",
      "http://api.github.com",
      "https://api.github.com.evil.example",
    ]) {
      expect(() => nextPath("/x", `<${host}/x?page=2>; rel="next"`, origin)).toThrow(/host/);
    }
  });

  it("never leaves the path when the origin is not known", () => {
    expect(nextPath("/x?a=1", '<https://evil.example/y?page=2>; rel="next"', undefined)).toBe(
      "/x?page=2",
    );
  });
});

describe("a list whose next page lies elsewhere", () => {
  it("fails, and the other host gets no call", async () => {
    const { client, clock, calls } = createClientStage(() => ({
      headers: { link: '<https://evil.example/steal?page=2>; rel="next"' },
      body: { total_count: 2, runners: [] },
    }));
    const { error } = await outcomeOf(clock, client.runners.list("orgs/acme"));
    expect(error).toMatchObject({ kind: "config" });
    expect(calls.map((call) => call.url.host)).toEqual(["api.github.com"]);
  });

  it("fails when it runs in a circle", async () => {
    const { client, clock } = createClientStage((_, count) => ({
      headers: { link: `<${origin}/x?page=${count}>; rel="next"` },
      body: { total_count: 2, runners: [] },
    }));
    const { error } = await outcomeOf(clock, client.runners.list("orgs/acme"), 600_000);
    expect(error).toMatchObject({ kind: "unknown" });
  });

  it("does not follow a redirect to another host", async () => {
    const { client, clock, calls } = createClientStage(() => ({
      status: 302,
      headers: { location: "https://evil.example/steal" },
    }));
    const { error } = await outcomeOf(clock, client.contents.read("acme/app", "a", "main"));
    expect(error).toMatchObject({ kind: "config" });
    expect(calls).toHaveLength(1);
  });

  it("follows the redirect of a renamed repository", async () => {
    const { client, clock, calls } = createClientStage((call) =>
      call.url.pathname.startsWith("/repositories/")
        ? {
            headers: { etag: '"e"' },
            body: { type: "file", encoding: "base64", content: "YQ==", size: 1, sha: "s" },
          }
        : { status: 301, headers: { location: `${origin}/repositories/5/contents/a?ref=main` } },
    );
    const { value } = await outcomeOf(clock, client.contents.read("acme/app", "a", "main"));
    expect(value).toEqual({ status: "ok", text: "a", sha: "s", etag: '"e"' });
    expect(calls).toHaveLength(2);
  });
});
