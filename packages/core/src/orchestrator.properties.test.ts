import { describe, expect, it } from "vitest";
import { createFleetWorld, minutes, openCatalog, seconds } from "../test/fleet/world.ts";

describe("custom properties of a repository", { timeout: 60_000 }, () => {
  it.each([
    ["by a webhook", true],
    ["by a look at GitHub, because no webhook told of its job", false],
  ])("count as GitHub tells them %s", async (_, webhooks) => {
    const world = createFleetWorld({
      catalog: () => ({
        ...openCatalog,
        policies: [
          { name: "browser", repositories: ["acme/*"], properties: { team: "browser" }, allow: {} },
        ],
      }),
    });
    const teams = { "acme/tabs": "browser", "acme/mail": "mail", "acme/both": ["browser", "mail"] };
    for (const [name, team] of Object.entries(teams)) {
      world.github.setRepository({ name, properties: { team, archived: "true" } });
    }
    const { orchestrator } = await world.boot();
    await world.clock.advance(seconds);
    const run = (repository: string): string =>
      world.github.queueJob({ repository, labels: ["runs-fleet"], durationMs: seconds });
    // A look goes where jobs were served before.
    run("acme/tabs");
    await world.clock.advance(10 * minutes);
    if (!webhooks) world.github.webhooks.target(undefined, "secret");
    const served = run("acme/tabs");
    const others = webhooks ? [run("acme/mail"), run("acme/both")] : [];
    await world.clock.advance(20 * minutes);
    expect(world.github.jobs().find(({ id }) => id === served)?.conclusion).toBe("success");
    for (const jobId of others) {
      const [decision] = await orchestrator.explain({ jobId });
      expect(decision).toMatchObject({
        code: "no-policy",
        message: expect.stringMatching(
          /^Policy browser wants the custom property team of acme\/\w+ to be browser/,
        ),
      });
    }
  });
});
