import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { createFakeInstanceMetadata } from "./fake-instance-metadata.ts";
import type { FakeInstanceMetadata } from "./types.ts";

const startMs = 1_780_000_000_000;
const identity = { instanceId: "i-0a1b", region: "eu-west-1", accountId: "123456789012" } as const;

let clock: VirtualClock;
let metadata: FakeInstanceMetadata;
let url: string;

beforeEach(async () => {
  clock = createVirtualClock(startMs);
  metadata = createFakeInstanceMetadata({
    identity: { ...identity, lifeCycle: "spot" },
    tags: { "runs-fleet:environment": "ci" },
    credentials: { role: "machine", accessKeyId: "AKIA1", secretAccessKey: "secret" },
    clock,
  });
  ({ url } = await metadata.listen());
});

afterEach(() => metadata[Symbol.asyncDispose]());

const ttl = (seconds: string) => ({ "x-aws-ec2-metadata-token-ttl-seconds": seconds });

async function put(headers: Record<string, string>) {
  const response = await fetch(`${url}/latest/api/token`, { method: "PUT", headers });
  return { status: response.status, text: await response.text() };
}

async function session(seconds = "21600"): Promise<string> {
  return (await put(ttl(seconds))).text;
}

async function get(path: string, token: string | undefined, method = "GET") {
  const headers = token === undefined ? {} : { "x-aws-ec2-metadata-token": token };
  const response = await fetch(`${url}${path}`, { method, headers });
  return { status: response.status, text: await response.text() };
}

describe("createFakeInstanceMetadata", () => {
  it("says nothing to who has no session", async () => {
    for (const token of [undefined, "", "made-up"]) {
      expect((await get("/latest/meta-data/instance-id", token)).status).toBe(401);
      expect((await get("/latest/meta-data/no-such-thing", token)).status).toBe(401);
    }
  });

  it("ends sessions when their time is over, and all of them when it forgets", async () => {
    const [short, long] = [await session("10"), await session()];
    await clock.advance(9_999);
    expect((await get("/latest/meta-data/instance-id", short)).text).toBe("i-0a1b");
    await clock.advance(1);
    expect((await get("/latest/meta-data/instance-id", short)).status).toBe(401);
    expect((await get("/latest/meta-data/instance-id", long)).status).toBe(200);
    metadata.forgetTokens();
    expect((await get("/latest/meta-data/instance-id", long)).status).toBe(401);
  });

  it.each(["0", "21601", "-1", "1.5", "", "ten"])("gives no token for %j seconds", async (life) => {
    expect((await put(ttl(life))).status).toBe(400);
  });

  it("gives no token without a life, through a proxy, or by another method", async () => {
    expect((await put({})).status).toBe(400);
    expect((await put({ ...ttl("60"), "x-forwarded-for": "10.0.0.1" })).status).toBe(403);
    expect((await get("/latest/api/token", await session())).status).toBe(405);
    expect((await get("/latest/meta-data/instance-id", await session(), "POST")).status).toBe(405);
  });

  it("says which instance it is", async () => {
    const token = await session();
    const document = await get("/latest/dynamic/instance-identity/document", token);
    expect(JSON.parse(document.text)).toMatchObject({
      ...identity,
      availabilityZone: "eu-west-1a",
      pendingTime: "2026-05-28T20:26:40Z",
    });
    const facts: Record<string, string> = {
      "instance-id": "i-0a1b",
      "placement/region": "eu-west-1",
      "placement/availability-zone": "eu-west-1a",
      "instance-life-cycle": "spot",
    };
    for (const [path, value] of Object.entries(facts)) {
      expect(await get(`/latest/meta-data/${path}`, token)).toEqual({ status: 200, text: value });
    }
    expect((await get("/latest/meta-data/hostname-of-nobody", token)).status).toBe(404);
    expect((await get("/2008-02-01/meta-data/instance-id", token)).status).toBe(404);
  });

  it("takes the path that the SDK's client writes", async () => {
    const token = await session();
    expect((await get("//latest/meta-data/instance-id", token)).text).toBe("i-0a1b");
    expect((await get("/latest//meta-data/instance-id/", token)).text).toBe("i-0a1b");
  });

  it("shows the tags that there are, and changes when they come through", async () => {
    const token = await session();
    const tag = (key: string) => get(`/latest/meta-data/tags/instance/${key}`, token);
    expect((await tag("runs-fleet:environment")).text).toBe("ci");
    expect((await tag("runs-fleet:ring")).status).toBe(404);
    metadata.setTags({ "runs-fleet:ring": "nonce-1" }, { delayMs: 700 });
    await clock.advance(699);
    expect((await tag("runs-fleet:ring")).status).toBe(404);
    await clock.advance(1);
    expect((await tag("runs-fleet:ring")).text).toBe("nonce-1");
    expect((await get("/latest/meta-data/tags/instance", token)).text).toBe(
      "runs-fleet:environment\nruns-fleet:ring",
    );
    metadata.setTags({ "runs-fleet:ring": undefined });
    expect((await tag("runs-fleet:ring")).status).toBe(404);
  });

  it("never shows an earlier change after a later one", async () => {
    const token = await session();
    const ring = () => get("/latest/meta-data/tags/instance/runs-fleet:ring", token);
    metadata.setTags({ "runs-fleet:ring": "1" }, { delayMs: 500 });
    metadata.setTags({ "runs-fleet:ring": "2" });
    expect((await ring()).status).toBe(404);
    await clock.advance(500);
    expect((await ring()).text).toBe("2");
  });

  it("takes no tag that EC2 would refuse", () => {
    for (const key of ["with space", "a/b", "", ".", "..", "_index", "aws:name", "x".repeat(128)]) {
      expect(() => metadata.setTags({ [key]: "v" })).toThrow(RangeError);
    }
    expect(() => metadata.setTags({ key: "v".repeat(257) })).toThrow(RangeError);
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, "v"]));
    expect(() => metadata.setTags(many)).toThrow(RangeError);
  });

  it("shows no tags when the launch template does not say so", async () => {
    await using plain = createFakeInstanceMetadata({
      identity,
      tags: { key: "v" },
      showsTags: false,
      clock,
    });
    ({ url } = await plain.listen());
    const token = await session();
    expect((await get("/latest/meta-data/tags/instance", token)).status).toBe(404);
    expect((await get("/latest/meta-data/tags/instance/key", token)).status).toBe(404);
    expect((await get("/latest/meta-data/iam/security-credentials/", token)).status).toBe(404);
  });

  it("gives notice to spot instances alone, and advice to all", async () => {
    const token = await session();
    const notice = () => get("/latest/meta-data/spot/instance-action", token);
    const rebalance = () => get("/latest/meta-data/events/recommendations/rebalance", token);
    expect([(await notice()).status, (await rebalance()).status]).toEqual([404, 404]);
    metadata.setInstanceAction({ atMs: startMs + 120_500 });
    metadata.setRebalance(startMs);
    expect(JSON.parse((await notice()).text)).toEqual({
      action: "terminate",
      time: "2026-05-28T20:28:40Z",
    });
    expect(JSON.parse((await rebalance()).text)).toEqual({ noticeTime: "2026-05-28T20:26:40Z" });
    expect((await get("/latest/meta-data/spot/termination-time", token)).status).toBe(200);
    metadata.setInstanceAction({ action: "stop", atMs: startMs });
    expect((await get("/latest/meta-data/spot/termination-time", token)).status).toBe(404);
    metadata.setInstanceAction(undefined);
    expect((await notice()).status).toBe(404);
    await using lasting = createFakeInstanceMetadata({ identity, clock });
    lasting.setInstanceAction({ atMs: startMs });
    ({ url } = await lasting.listen());
    expect((await get("/latest/meta-data/spot/instance-action", await session())).status).toBe(404);
  });

  it("gives the credentials of its one role", async () => {
    const token = await session();
    const at = (path: string) => get(`/latest/meta-data/iam/security-credentials/${path}`, token);
    expect((await at("")).text).toBe("machine");
    expect((await at("other")).status).toBe(404);
    expect(JSON.parse((await at("machine")).text)).toMatchObject({
      Code: "Success",
      AccessKeyId: "AKIA1",
      SecretAccessKey: "secret",
      Token: "token-of-AKIA1",
      Expiration: "2026-05-29T02:26:40Z",
    });
    metadata.setCredentials(undefined);
    expect([(await at("")).status, (await at("machine")).status]).toEqual([404, 404]);
  });

  it("can be out of order, and remembers who asked for what", async () => {
    const token = await session();
    metadata.setTrouble({ kind: "status", status: 503 });
    expect((await get("/latest/meta-data/instance-id", token)).status).toBe(503);
    metadata.setTrouble({ kind: "silent" });
    const gone = new AbortController();
    const waiting = fetch(`${url}/latest/meta-data/instance-id`, { signal: gone.signal });
    await expect.poll(() => metadata.requests().length).toBe(3);
    gone.abort();
    await expect(waiting).rejects.toThrow();
    metadata.setTrouble(undefined);
    expect((await get("/latest/meta-data/instance-id?x=1", token)).status).toBe(200);
    expect(metadata.requests()).toEqual([
      { method: "PUT", path: "/latest/api/token", status: 200, atMs: expect.any(Number) },
      ...[503, 0, 200].map((status) => ({
        method: "GET",
        path: "/latest/meta-data/instance-id",
        status,
        atMs: expect.any(Number),
      })),
    ]);
  });
});
