import { bringRunner, createSteppedRunner, type GitHubClientSuite } from "./github-client-suite.ts";
import { failureOf } from "./stage.ts";

/** Registrations of runners. */
export function describeRunners({ api, check }: GitHubClientSuite): void {
  const { expect } = api;
  const request = { name: "rf-1", labels: ["Fast", "x64"], groupId: 1 } as const;

  check("mints a configuration that serves for one job and no more", async (scene) => {
    const { client, github } = scene;
    const { runnerId, jitConfig } = await client.runners.mint("orgs/acme", request);
    const runner = createSteppedRunner(github, jitConfig);
    expect(await client.runners.list("orgs/acme")).toEqual([
      { id: runnerId, name: "rf-1", busy: false, online: false, labels: ["Fast", "x64"] },
    ]);
    expect(await runner.connect()).toBe(201);
    expect((await client.runners.list("orgs/acme"))[0]?.online).toBe(true);
    const job = github.queueJob({ repository: "acme/app", labels: ["fast"], durationMs: 1 });
    expect(await runner.take()).toBe(job);
    expect((await client.runners.list("orgs/acme"))[0]?.busy).toBe(true);
    await runner.finish(job);
    expect(await client.runners.list("orgs/acme")).toEqual([]);
    expect(await runner.connect()).toBe(404);
  });

  check("registers at a repository as well as at an organisation", async ({ client }) => {
    const { runnerId } = await client.runners.mint("repos/acme/app", request);
    expect((await client.runners.list("repos/acme/app")).map(({ id }) => id)).toEqual([runnerId]);
    expect(await client.runners.list("orgs/acme")).toEqual([]);
  });

  check("tells a taken name, a bad group and a strange scope apart", async ({ client }) => {
    await client.runners.mint("orgs/acme", request);
    expect(await failureOf(client.runners.mint("orgs/acme", request))).toBe("conflict");
    const badGroup = { ...request, name: "rf-2", groupId: 99 };
    expect(await failureOf(client.runners.mint("orgs/acme", badGroup))).toBe("config");
    expect(await failureOf(client.runners.mint("repos/acme/none", request))).toBe("not-found");
    expect(await failureOf(client.runners.mint("acme", request))).toBe("config");
  });

  check("lists the runners of all pages, each once", async ({ client }) => {
    const names: string[] = [];
    for (let index = 0; index < 120; index += 1) {
      const name = `rf-${index}`;
      names.push(name);
      await client.runners.mint("orgs/acme", { ...request, name });
    }
    const listed = (await client.runners.list("orgs/acme")).map((runner) => runner.name);
    expect([...listed].sort()).toEqual([...names].sort());
  });

  check("removes what is there, what is gone, and nothing that works", async (scene) => {
    const { client, github } = scene;
    const { runnerId } = await client.runners.mint("orgs/acme", request);
    expect(await client.runners.remove("orgs/acme", runnerId)).toBe("removed");
    expect(await client.runners.remove("orgs/acme", runnerId)).toBe("removed");
    expect(await client.runners.list("orgs/acme")).toEqual([]);
    const runner = await bringRunner(scene, "rf-2", ["fast"]);
    github.queueJob({ repository: "acme/app", labels: ["fast"], durationMs: 1 });
    await runner.take();
    expect(await client.runners.remove("orgs/acme", runner.id)).toBe("busy");
    expect((await client.runners.list("orgs/acme")).length).toBe(1);
  });

  check("lists the groups of an organisation, and group 1 for a repository", async (scene) => {
    const id = scene.github.addRunnerGroup({
      owner: "acme",
      name: "fleet",
      visibility: "selected",
      repositories: ["acme/app"],
    });
    expect(await scene.client.runners.groups("orgs/acme")).toEqual([
      { id: 1, name: "Default", visibility: "all" },
      { id, name: "fleet", visibility: "selected" },
    ]);
    expect((await scene.client.runners.groups("repos/acme/app")).map((group) => group.id)).toEqual([
      1,
    ]);
  });
}
