import { describe, expect, it } from "vitest";
import { createSignatureVerifier, signBody } from "./signature.ts";

const secret = "It's a Secret to Everybody";
const body = new TextEncoder().encode("Hello, World!");
const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

describe("signatures", () => {
  it("agree with the vector that GitHub documents", () => {
    expect(signBody(secret, body)).toBe(signature);
    expect(signBody(secret, "Hello, World!")).toBe(signature);
    expect(createSignatureVerifier([secret])(body, signature)).toBe("valid");
  });

  it("hold under the old and the new secret while they are exchanged", () => {
    const verify = createSignatureVerifier(["new", "old"]);
    expect(verify(body, signBody("old", body))).toBe("valid");
    expect(verify(body, signBody("new", body))).toBe("valid");
    expect(verify(body, signBody("older", body))).toBe("signature-invalid");
  });

  it("are over raw bytes, also such that are no text", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const verify = createSignatureVerifier([secret]);
    expect(verify(bytes, signBody(secret, bytes))).toBe("valid");
    expect(verify(bytes.slice(1), signBody(secret, bytes))).toBe("signature-invalid");
  });

  it.each([null, ""])("are missing in the header %j", (header) => {
    expect(createSignatureVerifier([secret])(body, header)).toBe("signature-missing");
  });

  it.each([
    signature.slice(0, -1),
    `${signature}0`,
    signature.slice("sha256=".length),
    signature.replace("sha256", "sha1"),
    `${signature}, ${signature}`,
    signature.replace("7", "g"),
    "sha256=",
    " ",
  ])("are invalid in any other form: %s", (header) => {
    expect(createSignatureVerifier([secret])(body, header)).toBe("signature-invalid");
  });

  it("need a secret that is not empty", () => {
    expect(() => createSignatureVerifier([])).toThrow(TypeError);
    expect(() => createSignatureVerifier(["good", ""])).toThrow(TypeError);
  });
});
