import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "@runs-fleet/core";
import {
  createFakeInstanceMetadata,
  createVirtualClock,
  type FakeInstanceMetadata,
} from "@runs-fleet/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMachineMetadata, type MachineMetadata } from "./machine-metadata.ts";

const identity = {
  instanceId: "i-0a1b",
  region: "eu-west-1",
  accountId: "123456789012",
  lifeCycle: "spot",
  pendingAtMs: 1_780_000_000_000,
} as const;
const ring = "runs-fleet:ring";

let fake: FakeInstanceMetadata;
let endpoint: string;
let metadata: MachineMetadata;

beforeEach(async () => {
  fake = createFakeInstanceMetadata({
    identity,
    tags: { "runs-fleet:environment": "ci" },
    credentials: {
      role: "machine",
      accessKeyId: "AKIA1",
      secretAccessKey: "s3cret",
      expiresAtMs: 1_790_000_000_000,
    },
    clock: systemClock,
  });
  ({ url: endpoint } = await fake.listen());
  metadata = createMachineMetadata({ endpoint, ringPollMs: 10, noticePollMs: 10 });
});

afterEach(() => fake[Symbol.asyncDispose]());

const sessions = (): number => fake.requests().filter(({ method }) => method === "PUT").length;
const isOver = (promise: Promise<unknown>, withinMs: number): Promise<boolean> =>
  Promise.race([promise.then(() => true), systemClock.sleep(withinMs).then(() => false)]);

describe("createMachineMetadata", () => {
  it("reads who the machine is, its tags and its credentials in one session", async () => {
    expect(await metadata.identity()).toEqual({
      instanceId: "i-0a1b",
      region: "eu-west-1",
      accountId: "123456789012",
      pendingAtMs: 1_780_000_000_000,
    });
    expect(await metadata.tag("runs-fleet:environment")).toBe("ci");
    expect(await metadata.tag("runs-fleet:pool")).toBeUndefined();
    expect(await metadata.credentials()).toEqual({
      accessKeyId: "AKIA1",
      secretAccessKey: "s3cret",
      sessionToken: "token-of-AKIA1",
      expiresAtMs: 1_790_000_000_000,
    });
    expect(sessions()).toBe(1);
  });

  it("begins one session for many at once, and another when the service forgets it", async () => {
    await Promise.all(Array.from({ length: 20 }, () => metadata.identity()));
    expect(sessions()).toBe(1);
    fake.forgetTokens();
    expect((await metadata.identity()).instanceId).toBe("i-0a1b");
    expect(sessions()).toBe(2);
  });

  it("begins another session before the one that it has is over", async () => {
    const clock = createVirtualClock(1_780_000_000_000);
    await using lasting = createFakeInstanceMetadata({ identity, clock });
    const { url } = await lasting.listen();
    const own = createMachineMetadata({ endpoint: url, clock });
    const refused = () => lasting.requests().filter(({ status }) => status === 401).length;
    for (const [passedMs, begun] of [
      [0, 1],
      [21_299_000, 1],
      [2_000, 2],
      [21_299_000, 2],
    ] as const) {
      await clock.advance(passedMs);
      await own.identity();
      const sessionsBegun = lasting.requests().filter(({ method }) => method === "PUT").length;
      expect([passedMs, sessionsBegun, refused()]).toEqual([passedMs, begun, 0]);
    }
  });

  it("hears the doorbell once for each ring, also for one before it listened", async () => {
    fake.setTags({ [ring]: "nonce-1" });
    const { signal } = new AbortController();
    await metadata.rung(signal);
    const second = metadata.rung(signal);
    expect(await isOver(second, 60)).toBe(false);
    fake.setTags({ [ring]: "nonce-2" }, { delayMs: 30 });
    await second;
  });

  it("hears the doorbell after the service was away", async () => {
    fake.setTrouble({ kind: "status", status: 503 });
    const rung = metadata.rung(new AbortController().signal);
    await expect.poll(() => fake.requests().length).toBeGreaterThan(3);
    fake.setTags({ [ring]: "nonce" });
    fake.setTrouble(undefined);
    await rung;
  });

  it("is told of its end by spot, and by no advice", async () => {
    const over = metadata.interruption(new AbortController().signal);
    fake.setRebalance(identity.pendingAtMs);
    expect(await isOver(over, 60)).toBe(false);
    fake.setInstanceAction({ atMs: identity.pendingAtMs + 120_000 });
    expect(await over).toEqual({ endsAtMs: identity.pendingAtMs + 120_000 });
  });

  it("stops when it is told to, with the reason", async () => {
    for (const wait of [metadata.rung, metadata.interruption]) {
      await expect(wait(AbortSignal.abort("over"))).rejects.toBe("over");
      const enough = new AbortController();
      const waiting = wait(enough.signal);
      await systemClock.sleep(25);
      enough.abort("enough");
      await expect(waiting).rejects.toBe("enough");
    }
    // What was on its way arrives.
    await systemClock.sleep(20);
    const seen = fake.requests().length;
    await systemClock.sleep(50);
    expect(fake.requests().length).toBe(seen);
  });

  it("waits for no answer for ever", async () => {
    fake.setTrouble({ kind: "silent" });
    const enough = new AbortController();
    const asked = metadata.identity({ signal: enough.signal });
    await expect.poll(() => fake.requests().length).toBe(1);
    await expect.poll(() => fake.requests().length, { timeout: 3_000 }).toBe(2);
    enough.abort("enough");
    await expect(asked).rejects.toBe("enough");
  });

  it("says what is missing or switched off, by what to do about it", async () => {
    fake.setCredentials(undefined);
    await expect(metadata.credentials()).rejects.toMatchObject({
      kind: "config",
      message: "This instance has no profile: its launch template must name one",
    });
    await expect(metadata.tag("with space")).rejects.toThrow(TypeError);
    fake.setTrouble({ kind: "status", status: 403 });
    await expect(createMachineMetadata({ endpoint }).identity()).rejects.toMatchObject({
      kind: "config",
      message: expect.stringContaining("switched off"),
    });
    await fake[Symbol.asyncDispose]();
    await expect(metadata.identity()).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("reads no answer that is too long, and shows nobody a credential that it cannot read", async () => {
    const server = createServer((request, response) => {
      if (request.method === "PUT") response.end("token");
      else if (request.url?.endsWith("/document")) response.end("x".repeat(70_000));
      else if (request.url?.endsWith("/machine")) response.end('{"SecretAccessKey":"s3cret"}');
      else response.end("machine");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const strange = createMachineMetadata({ endpoint: `http://127.0.0.1:${port}` });
    await expect(strange.identity()).rejects.toMatchObject({ kind: "unavailable" });
    const failure = await strange.credentials().catch((error) => error);
    expect(failure).toMatchObject({ kind: "unknown" });
    expect(JSON.stringify([failure.message, failure.details])).not.toContain("s3cret");
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    { endpoint: "no url" },
    { endpoint: "https://x" },
    { ringPollMs: 0 },
    { noticePollMs: 0.5 },
  ])("refuses %j", (options) => {
    expect(() => createMachineMetadata(options)).toThrow(/endpoint|PollMs/u);
  });
});
