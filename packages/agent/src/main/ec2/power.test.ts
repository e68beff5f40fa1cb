import process from "node:process";
import { describe, expect, it } from "vitest";
import { switchOff } from "./power.ts";

const node = (script: string): [string, ...string[]] => [process.execPath, "-e", script];

describe("switchOff", () => {
  it("is done when its command has ended well", async () => {
    await switchOff(node("process.exit(0)"));
  });

  it.each([
    [node("process.exit(3)"), "ended with 3"],
    [node("process.kill(process.pid, 'SIGKILL')"), "ended with SIGKILL"],
    [["/no/such/program"] as [string], "cannot be switched off by /no/such/program"],
  ])("says when %s did not do it", async (command, message) => {
    await expect(switchOff(command)).rejects.toThrow(message);
  });
});
