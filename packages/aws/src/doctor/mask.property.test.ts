import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskData, maskText } from "./mask.ts";

const accountIds = fc.stringMatching(/^\d{12}$/u);

describe("masking", () => {
  it("leaves the account nowhere, in values and in keys, however deep", () => {
    fc.assert(
      fc.property(accountIds, fc.string(), fc.string(), (accountId, before, behind) => {
        const text = `${before}${accountId}${behind}`;
        const data = { [text]: [{ deep: text }], plain: accountId };
        const masked = JSON.stringify(maskData(data, { accountId }));
        expect(masked).not.toContain(accountId);
      }),
    );
  });

  it("changes nothing when it is done again", () => {
    fc.assert(
      fc.property(fc.string(), accountIds, (text, accountId) => {
        const secrets = { accountId };
        const once = maskText(
          `${text} arn:aws:iam::${accountId}:role/a AKIAIOSFODNN7EXAMPLE`,
          secrets,
        );
        expect(maskText(once, secrets)).toBe(once);
      }),
    );
  });

  it("keeps what holds neither an account nor an id, numbers too", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        fc.pre(!/\d{12}|A(?:KI|SI|RO|ID|NP|GP|IP)A/u.test(json));
        expect(JSON.stringify(maskData(value, { accountId: "123456789012" }))).toBe(json);
      }),
    );
  });

  it("masks accounts of others where ARNs show them", () => {
    expect(maskText("by arn:aws:sts::999999999999:assumed-role/a/b", {})).toBe(
      "by arn:aws:sts::<account>:assumed-role/a/b",
    );
    expect(maskText("arn:aws-cn:ec2:cn-north-1:999999999999:instance/i-1", {})).toBe(
      "arn:aws-cn:ec2:cn-north-1:<account>:instance/i-1",
    );
  });

  it("masks the name of the caller's session, which may be an address", () => {
    const arn = "arn:aws:sts::123456789012:assumed-role/admin/jo@example.com";
    const text = `${arn} is not allowed, jo@example.com`;
    expect(maskText(text, { accountId: "123456789012", arn })).toBe(
      "arn:aws:sts::<account>:assumed-role/admin/<session> is not allowed, <session>",
    );
  });

  it("leaves other words alone that the session's name is part of", () => {
    const arn = "arn:aws:iam::123456789012:user/moto";
    expect(maskText("moto and remote motorways, moto.", { arn })).toBe(
      "<session> and remote motorways, <session>.",
    );
  });

  it("takes a session's name for itself, whatever is in it", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w+=,.@-]{4,64}$/u), (name) => {
        fc.pre(!/^i-[0-9a-f]+$/u.test(name));
        const arn = `arn:aws:sts::123456789012:assumed-role/a/${name}`;
        expect(maskText(`(${name})`, { arn })).toBe("(<session>)");
      }),
    );
  });

  it("masks keys of access and unique ids, and says what they were", () => {
    expect(maskText("AKIAIOSFODNN7EXAMPLE AROAEXAMPLEEXAMPLE12:i-0a1b", {})).toBe(
      "AKIA<id> AROA<id>:i-0a1b",
    );
  });

  it("leaves machines, subnets and images", () => {
    const text = "i-0123456789abcdef0 in subnet-0123456789abcdef0 from ami-0123456789abcdef0";
    expect(maskText(text, { accountId: "123456789012" })).toBe(text);
  });
});
