import { describe, expect, it } from "vitest";
import { fakeHost } from "../../test/fake-host.ts";
import { createProgress } from "./progress.ts";

describe("progress", () => {
  it("draws a bar on a terminal, at most ten times a second, and takes it away", async () => {
    const { host, written, clock } = fakeHost({ terminal: true });
    const progress = createProgress(host, "simulating");
    for (let step = 1; step <= 100; step++) {
      await clock.advance(20);
      progress.update(step / 100, "seed 1");
    }
    expect(written.err.match(/\r/g)?.length).toBe(20);
    expect(written.err).toContain("50%  simulating, seed 1, 1 s left");
    progress.end();
    expect(written.err.endsWith("\r\u001b[K")).toBe(true);
  });

  it("never draws over the end of the line", async () => {
    const { host, written, clock } = fakeHost({ terminal: true, columns: 40 });
    const progress = createProgress(host, "a title that is much longer than any terminal is wide");
    await clock.advance(200);
    progress.update(0.5);
    expect(written.err.replace("\r\u001b[K", "").length).toBeLessThan(40);
  });

  it("says a line every ten seconds to a log, and nothing when all is done before", async () => {
    const { host, written, clock } = fakeHost();
    const progress = createProgress(host, "simulating");
    await clock.advance(9_000);
    progress.update(0.3);
    expect(written.err).toBe("");
    await clock.advance(1_500);
    progress.update(0.5);
    progress.update(0.6);
    progress.end();
    expect(written.err).toBe("simulating: 50% after 11 s\n");
  });
});
