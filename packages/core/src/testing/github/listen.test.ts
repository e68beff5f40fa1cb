import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { systemClock, systemEntropy } from "../../ports/system-clock.ts";
import { createFakeGitHub } from "./index.ts";

const job = { repository: "acme/app", labels: ["fast"], durationMs: 1 } as const;

describe("the fake over HTTP", () => {
  it("serves a runner that polls, and never hands a job to one whose connection broke", async () => {
    await using github = createFakeGitHub({ clock: systemClock, entropy: systemEntropy });
    github.setRepository({ name: "acme/app" });
    await using server = await github.listen();
    const open = async (name: string): Promise<string> => {
      const { jitConfig } = await github.client.runners.mint("orgs/acme", {
        ...{ name, labels: ["fast"], groupId: 1 },
      });
      const response = await fetch(`${server.url}/_runner/sessions`, {
        method: "POST",
        body: JSON.stringify({ jitConfig }),
      });
      return ((await response.json()) as { sessionId: string }).sessionId;
    };
    const killed = await open("killed");
    const alive = await open("alive");
    // A poll whose process dies: its socket is destroyed.
    const polling = request(`${server.url}/_runner/sessions/${killed}/message`);
    polling.on("error", () => undefined);
    polling.end();
    while (!polling.reusedSocket && polling.socket?.readyState !== "open")
      await systemClock.sleep(5);
    await systemClock.sleep(50);
    polling.destroy();
    await systemClock.sleep(50);
    const polled = fetch(`${server.url}/_runner/sessions/${alive}/message`);
    await systemClock.sleep(50);
    const id = github.queueJob(job);
    const answer = (await (await polled).json()) as { job: { id: string } };
    expect(answer.job.id).toBe(id);
    expect(github.runners().find((runner) => runner.busy)?.name).toBe("alive");
  });

  it("names its own address in what it hands out, and breaks connections when told", async () => {
    await using github = createFakeGitHub({ clock: systemClock, entropy: systemEntropy });
    github.setRepository({ name: "acme/app" });
    await using server = await github.listen();
    const { jitConfig } = await github.client.runners.mint("orgs/acme", {
      ...{ name: "rf-1", labels: ["fast"], groupId: 1 },
    });
    const parts = JSON.parse(Buffer.from(jitConfig, "base64").toString());
    const runner = JSON.parse(Buffer.from(parts[".runner"], "base64").toString());
    expect(runner.ServerUrlV2).toBe(server.url);
    github.setOutage({ api: "broken" });
    await expect(fetch(`${server.url}/orgs/acme/actions/runners`)).rejects.toThrow("fetch failed");
  });

  it("posts webhooks to a URL", async () => {
    await using github = createFakeGitHub({ clock: systemClock, entropy: systemEntropy });
    await using server = await github.listen();
    // Any server will do as a target: this one answers 401.
    github.webhooks.target(`${server.url}/app`, "secret");
    github.queueJob(job);
    await github.webhooks.settled();
    expect(github.webhooks.counts()).toEqual({ delivered: 0, failed: 1, vanished: 0 });
  });
});
