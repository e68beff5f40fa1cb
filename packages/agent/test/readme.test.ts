import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProcessReports } from "@runs-fleet/core/embedded/process";
import { expect, it } from "vitest";
import { live } from "./readme-example.ts";

it("reports that the README's machine is ready, and waits until it is told to stop", async () => {
  const fleet = await mkdtemp(join(tmpdir(), "runs-fleet-readme-"));
  try {
    const directory = join(fleet, "machine-1");
    await mkdir(directory);
    const stopped = new AbortController();
    const reason = new Error("enough");
    const ended = expect(live(directory, "machine-1", stopped.signal)).rejects.toBe(reason);
    const reports = createProcessReports({ directory: fleet });
    const [report] = await reports.receive({ max: 1, waitMs: 10_000, visibilityMs: 60_000 });
    expect(report?.body.kind).toBe("ready");
    await reports[Symbol.asyncDispose]();
    stopped.abort(reason);
    await ended;
  } finally {
    await rm(fleet, { recursive: true, force: true, maxRetries: 5 });
  }
});
