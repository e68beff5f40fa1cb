import { FleetError } from "@runs-fleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCredentials, readIdentity, readInstanceAction } from "./documents.ts";

const document = fc.oneof(
  fc.string(),
  fc.json(),
  fc
    .record(
      {
        instanceId: fc.oneof(fc.constant("i-0a1b"), fc.string()),
        region: fc.oneof(fc.constant("eu-west-1"), fc.string()),
        accountId: fc.oneof(fc.constant("123456789012"), fc.string()),
        pendingTime: fc.anything(),
        AccessKeyId: fc.oneof(fc.constant("AKIA1"), fc.anything()),
        SecretAccessKey: fc.oneof(fc.constant("s3cret"), fc.anything()),
        Token: fc.oneof(fc.constant("t"), fc.anything()),
        Expiration: fc.oneof(fc.constant("2026-11-28T08:00:00Z"), fc.anything()),
        time: fc.oneof(fc.constant("2026-11-28T08:02:00Z"), fc.anything()),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value) ?? ""),
);

describe("documents of the metadata service", () => {
  it("are read whole, or refused in words that hold nothing of them", () => {
    fc.assert(
      fc.property(document, (text) => {
        for (const read of [readIdentity, readCredentials]) {
          try {
            const found: object = read(text);
            expect(Object.values(found).every((value) => value !== "")).toBe(true);
          } catch (error) {
            expect(FleetError.isInstance(error)).toBe(true);
            expect(String(error)).not.toContain("s3cret");
          }
        }
      }),
    );
  });

  it("always say when a notice is over, at worst two minutes from now", () => {
    fc.assert(
      fc.property(document, fc.nat(), (text, nowMs) => {
        const endsAtMs = readInstanceAction(text, nowMs);
        expect(Number.isSafeInteger(endsAtMs)).toBe(true);
      }),
    );
    expect(readInstanceAction("soon", 5)).toBe(120_005);
    expect(readInstanceAction('{"action":"stop","time":"2026-11-28T08:02:00Z"}', 5)).toBe(
      1_795_852_920_000,
    );
  });
});
