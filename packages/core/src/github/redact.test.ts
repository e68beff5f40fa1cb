import { describe, expect, it } from "vitest";
import { testKey, testToken } from "../../test/github-client-stage.ts";
import { redact, redactError } from "./redact.ts";

const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMDAxIn0.c2lnbmF0dXJl";
const jit = Buffer.from("x".repeat(3_000)).toString("base64");

describe("redaction", () => {
  it.each([
    ["a short token", "ghs_16C7e42F292c6912E7710c838347Ae178B4a"],
    ["a long token", testToken],
    ["a personal token", `github_pat_${"a1".repeat(30)}`],
    ["a JSON web token", jwt],
    ["a JIT configuration", jit],
    ["a key", testKey],
    ["a key cut short", testKey.slice(0, 400)],
  ])("leaves nothing of %s", (_name, secret) => {
    const clean = redact(`Bearer ${secret} was refused`, 10_000);
    expect(clean).not.toContain(secret.slice(8, 24));
    expect(clean).toContain("[redacted]");
  });

  it("leaves words, shas and ids alone", () => {
    const text = `No commit found for SHA: ${"0a1b".repeat(10)} (runner rf-1, run 4294967296123)`;
    expect(redact(text)).toBe(text);
  });

  it("takes hostile text of any length in its stride", () => {
    const startedMs = performance.now();
    const clean = redact("eyJ".repeat(2_000_000));
    expect(clean.length).toBeLessThanOrEqual(300);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it("cleans an error that quotes a header, and keeps its code", () => {
    const inner = Object.assign(new Error("x"), { code: "ECONNRESET" });
    const error = new TypeError(`Headers.append: "Bearer ${testToken}" is invalid`, {
      cause: inner,
    });
    const clean = redactError(error);
    expect(clean.name).toBe("TypeError");
    expect(clean.message).toContain("ECONNRESET");
    expect(`${clean.message}${clean.stack ?? ""}`).not.toContain(testToken.slice(9, 40));
  });
});
