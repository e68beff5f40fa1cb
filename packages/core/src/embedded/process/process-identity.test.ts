import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { bootClaimOf, identityOf, isAlive, parseBootClaim } from "./process-identity.ts";

describe("process identity", () => {
  it("knows a living process, and no longer when it has ended", async () => {
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    const { pid = 0 } = child;
    const claim = parseBootClaim(bootClaimOf(pid));
    expect(claim).toEqual({ pid, identity: await identityOf(pid) });
    expect(claim && (await isAlive(claim))).toBe(true);
    expect(claim && (await isAlive({ ...claim, identity: `${claim.identity}0` }))).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(claim && (await isAlive(claim))).toBe(false);
    expect(await identityOf(pid)).toBeUndefined();
  });

  it("reads a start time behind a name that looks like more fields", () => {
    const fields = Array.from({ length: 30 }, (_, index) => index + 4).join(" ");
    const claim = parseBootClaim(`77\nboot\n77 (a) R 1 (b)) S ${fields}\n`);
    expect(claim).toEqual({ pid: 77, identity: "boot 22" });
  });

  it("takes nothing else for a claim", () => {
    for (const text of ["", "x", "12", "12\nboot\n", "12\nboot\nno stat", "0\nboot\n0 (a) S 1"]) {
      expect(parseBootClaim(text)).toBeUndefined();
    }
  });
});
