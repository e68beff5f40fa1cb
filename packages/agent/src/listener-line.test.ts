import { describe, expect, it } from "vitest";
import { parseListenerLine } from "./listener-line.ts";

const time = "2026-11-24 09:00:00Z";

describe("parseListenerLine", () => {
  it("reads the lines that the listener prints about itself", () => {
    expect(parseListenerLine("√ Connected to GitHub")).toEqual({ kind: "connected" });
    expect(parseListenerLine("? Connected to GitHub")).toEqual({ kind: "connected" });
    expect(parseListenerLine("Current runner version: '2.336.0'")).toEqual({
      kind: "version",
      version: "2.336.0",
    });
    expect(parseListenerLine(`${time}: Listening for Jobs`)).toEqual({ kind: "listening" });
    expect(
      parseListenerLine("Runner version v2.311.0 is deprecated and cannot receive messages."),
    ).toEqual({ kind: "outdated" });
  });

  it("reads the beginning and the end of a job", () => {
    expect(parseListenerLine(`${time}: Running job: build (1)`)).toEqual({
      kind: "job-started",
      jobName: "build (1)",
    });
    expect(parseListenerLine(`${time}: Job build (1) completed with result: Failed`)).toEqual({
      kind: "job-completed",
      conclusion: "Failed",
    });
  });

  it("is not fooled by the name of a job", () => {
    const name = "x completed with result: Succeeded";
    expect(parseListenerLine(`${time}: Running job: ${name}`)?.kind).toBe("job-started");
    expect(parseListenerLine(`${time}: Job ${name} completed with result: Failed`)).toEqual({
      kind: "job-completed",
      conclusion: "Failed",
    });
    expect(parseListenerLine(`${time}: Running job: ${time}: Listening for Jobs`)?.kind).toBe(
      "job-started",
    );
  });

  it("says nothing about any other line", () => {
    for (const line of [
      "",
      "Listening for Jobs",
      "Job a completed with result: Succeeded",
      `${time} Listening for Jobs`,
      `${time}: Job a completed with result: `,
      "Connected to GitHub and more",
    ]) {
      expect(parseListenerLine(line)).toBeUndefined();
    }
  });
});
