import { describe, expect, it } from "vitest";
import { aPool } from "../test/fleet/builders.ts";
import { expectServedOnce, queueJobs } from "../test/fleet/oracles.ts";
import {
  createFleetWorld,
  minutes,
  openCatalog,
  seconds,
  type World,
} from "../test/fleet/world.ts";
import { signBody } from "./demand/index.ts";
import type { Orchestrator } from "./orchestrator-port.ts";

interface Body {
  readonly action: string;
  readonly workflow_job: Readonly<Record<string, unknown>>;
}

/** GitHub's webhooks as they come, but without a runner in those of these actions. Answers how many lost one. */
function leaveRunnersOut(
  world: World,
  orchestrator: Orchestrator,
  actions: readonly string[],
): () => number {
  let count = 0;
  world.github.webhooks.target(async (request) => {
    const body = JSON.parse(await request.text()) as Body;
    if (!actions.includes(body.action) || body.workflow_job["runner_name"] == null) {
      return orchestrator.handleWebhook(await signed(request, body));
    }
    count += 1;
    const workflow_job = { ...body.workflow_job, runner_name: null, runner_id: null };
    return orchestrator.handleWebhook(await signed(request, { ...body, workflow_job }));
  }, "secret");
  return () => count;
}

async function signed(request: Request, body: Body): Promise<Request> {
  const text = JSON.stringify(body);
  const headers = new Headers(request.headers);
  headers.set("x-hub-signature-256", signBody("secret", text));
  return new Request(request.url, { method: "POST", headers, body: text });
}

const hears = (machineId: string): boolean => Number(machineId.slice(-1)) % 2 === 0;

describe("an orchestrator whom GitHub does not tell where jobs run", { timeout: 60_000 }, () => {
  it.each([
    ["starts", ["in_progress"]],
    ["starts and ends", ["in_progress", "completed"]],
  ])(
    "serves every job once, soon, and ends no busy machine when %s name no runner",
    async (_, actions) => {
      for (let seed = 1; seed <= 10; seed += 1) {
        const catalog = { ...openCatalog, pools: [aPool("p", { hot: 6 })] };
        const world = createFleetWorld({
          seed,
          catalog: () => catalog,
          // Those that do not hear their ring look up to 36 s later, and run what was meant for others.
          provider: (provider) => ({
            ...provider,
            ring: async (ids, nonce, options) => {
              await provider.ring(ids.filter(hears), nonce, options);
              return ids.map((id) => ({ id, ok: true }));
            },
          }),
        });
        const { orchestrator } = await world.boot();
        const leftOut = leaveRunnersOut(world, orchestrator, actions);
        await world.clock.advance(10 * minutes);
        // Alike, and all find a machine at once: GitHub gives the oldest to the runner that is the first to listen.
        for (const durationMs of [20, 20, 20, 600, 600, 600].map((length) => length * seconds)) {
          world.github.queueJob({
            repository: "acme/app",
            labels: ["runs-fleet/pool=p"],
            durationMs,
          });
        }
        await world.untilDone(40);
        expect(leftOut()).toBeGreaterThanOrEqual(6);
        const ends = world.github.jobs().map(({ starts, conclusion }) => `${starts} ${conclusion}`);
        expect(ends, `seed ${seed}`).toEqual(ends.map(() => "1 success"));
        // Nobody lost an assignment to a job that ran elsewhere, and no machine is left working for nobody.
        const waitsMs = world.github
          .jobs()
          .map(
            ({ queuedAtMs, startedAtMs = Number.POSITIVE_INFINITY }) => startedAtMs - queuedAtMs,
          );
        expect(Math.max(...waitsMs), `seed ${seed}`).toBeLessThan(40 * seconds);
        expect(await world.alive(), `seed ${seed}`).toBe(6);
      }
    },
  );

  it("learns the runner from GitHub within seconds, because it asks", async () => {
    const world = createFleetWorld();
    const { orchestrator } = await world.boot();
    leaveRunnersOut(world, orchestrator, ["in_progress"]);
    await world.clock.advance(seconds);
    const [id] = queueJobs(world, 1, 5 * minutes);
    await world.clock.advance(2 * minutes);
    const told = (await orchestrator.explain({ jobId: `${id}.1` })).map(({ message }) => message);
    const unknown = told.findIndex((text) => text.includes("does not say yet on which runner"));
    expect(unknown).toBeGreaterThan(0);
    expect(told.slice(unknown + 1).some((text) => text.startsWith("Runs on local-"))).toBe(true);
    await world.untilDone(30);
    await expectServedOnce(world);
  });
});
