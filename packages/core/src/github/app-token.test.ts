import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createAppTokenSigner } from "./app-token.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const pkcs1 = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const nowMs = 1_790_000_000_999;

function decode(part: string | undefined): unknown {
  return JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
}

describe("the App's token", () => {
  it("is backdated by a minute, lives ten minutes and names the App", () => {
    const [header, claims] = createAppTokenSigner("1001", pkcs8).sign(nowMs, "id-1").split(".");
    expect(decode(header)).toEqual({ alg: "RS256", typ: "JWT" });
    expect(decode(claims)).toEqual({
      iat: 1_790_000_000 - 60,
      exp: 1_790_000_000 + 540,
      iss: "1001",
      jti: "id-1",
    });
  });

  it("differs from another one of the same instant", () => {
    const signer = createAppTokenSigner("1001", pkcs8);
    expect(signer.sign(nowMs, "a")).not.toBe(signer.sign(nowMs, "b"));
  });

  it.each([
    ["PKCS#1", pkcs1],
    ["PKCS#8", pkcs8],
    ["PKCS#1 on one line", pkcs1.replaceAll("\n", "\\n")],
    ["PKCS#8 on one line", pkcs8.replaceAll("\n", "\\n")],
    ["with carriage returns", pkcs8.replaceAll("\n", "\r\n")],
    ["with space around", `\n  ${pkcs8}\n`],
  ])("is signed by a key in the form %s", (_form, key) => {
    const token = createAppTokenSigner("1001", key).sign(nowMs, "id");
    const [header, claims, signature = ""] = token.split(".");
    const signed = Buffer.from(`${header}.${claims}`);
    const bytes = Buffer.from(signature, "base64url");
    expect(verify("sha256", signed, createPublicKey(pkcs8), bytes)).toBe(true);
  });

  it("refuses a key that is none, without quoting it", () => {
    const bad = pkcs8.replace(/[A-Z]{3}/g, "!!!");
    let thrown: unknown;
    try {
      createAppTokenSigner("1001", bad);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    expect((thrown as Error).cause).toBeUndefined();
    expect((thrown as Error).message).not.toContain(bad.slice(60, 100));
  });

  it("refuses a key that is not RSA and an empty App", () => {
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" })
      .privateKey.export({ type: "pkcs8", format: "pem" })
      .toString();
    expect(() => createAppTokenSigner("1001", other)).toThrow(TypeError);
    expect(() => createAppTokenSigner("", pkcs8)).toThrow(TypeError);
  });
});
