import { describe, expect, it } from "vitest";
import { createFrontDoor } from "../src/front-door.ts";

const at = (path: string, init?: RequestInit) => new Request(`http://host${path}`, init);

describe("the front door", () => {
  it("shows nothing but health to the world", async () => {
    const door = createFrontDoor({ isDraining: () => false });
    const statuses = ["/healthz", "/readyz", "/", "/status", "/jobs/1", "/webhooks/github"].map(
      async (path) => (await door(at(path))).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 404, 404, 404, 404]);
  });

  it("is alive and not ready while it drains, and still takes webhooks", async () => {
    const handleWebhook = async () => new Response(null, { status: 202 });
    const door = createFrontDoor({ handleWebhook, isDraining: () => true });
    expect((await door(at("/healthz"))).status).toBe(200);
    expect((await door(at("/readyz"))).status).toBe(503);
    expect((await door(at("/webhooks/github", { method: "POST" }))).status).toBe(202);
  });
});
