import type { ImageSource, Shape } from "@runs-fleet/core";
import { createVirtualClock } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { attemptFor } from "./attempts.ts";
import { breakCalls } from "./spoiled-client.ts";
import { openStrict } from "./strict-stage.ts";

const minutes = 60_000;
const startMs = 1_790_000_000_000;
const everything = { environment: "ci", region: "us-east-1" };
const image = (id: string, arch: "arm64" | "x64", createdAtMs: number) => ({
  ...{ id, os: "linux" as const, arch, name: `acme-ubuntu24-${arch}-${id}`, createdAtMs },
});
const first = [image("ami-1", "arm64", startMs - 9), image("ami-2", "x64", startMs - 8)];
const ubuntu: ImageSource = { owner: "self", name: "acme-ubuntu24-*" };
const plain: Shape = { os: "linux", arch: "arm64", cpu: { min: 2, max: 2 } };
const shapeOf = (imageSource: ImageSource): Shape => ({ ...plain, image: "ubuntu", imageSource });

/** A region with one machine of each kind, old enough to be judged, and a newer image for arm64. */
async function openPublished(broken: { images: boolean } = { images: false }) {
  const clock = createVirtualClock(startMs);
  const stage = await openStrict(clock, {
    region: { images: first },
    alter: (client) =>
      breakCalls(client, (operation) =>
        broken.images && operation === "DescribeImages" ? "before" : undefined,
      ),
  });
  for (const [name, shape] of [
    ["named", shapeOf(ubuntu)],
    ["fixed", shapeOf({ id: "ami-1" })],
    ["unsaid", plain],
    ["x64", { ...shapeOf(ubuntu), arch: "x64" }],
  ] as const) {
    await stage.provider.launch(attemptFor(name, { shape }));
  }
  await clock.advance(10 * minutes);
  stage.ec2.images.register(image("ami-3", "arm64", clock.now()));
  /** The attempts whose machines a provider calls superseded. */
  const superseded = async (provider = stage.provider) =>
    (await provider.list(everything))
      .filter(({ isSuperseded }) => isSuperseded)
      .map(({ attemptId }) => attemptId?.replace("attempt-", ""));
  return { ...stage, clock, superseded, [Symbol.asyncDispose]: stage[Symbol.asyncDispose] };
}

describe("a machine whose image is not what would be booted today", () => {
  it("is listed so, also by a process that did not buy it; no other is", async () => {
    await using stage = await openPublished();
    expect(await stage.superseded()).toEqual(["named"]);
    expect(await stage.superseded(stage.anotherProvider())).toEqual(["named"]);
    const again = await stage.provider.list({ ...everything, attemptId: "attempt-named" });
    expect(again.map(({ isSuperseded }) => isSuperseded)).toEqual([undefined]);
  });

  it("is known at most five minutes late", async () => {
    await using stage = await openPublished();
    await stage.superseded();
    stage.ec2.images.register(image("ami-4", "x64", stage.clock.now()));
    expect(await stage.superseded()).toEqual(["named"]);
    await stage.clock.advance(5 * minutes);
    expect(await stage.superseded()).toEqual(["named", "x64"]);
  });

  it("is not when it was bought a moment ago: the reading may be older than the purchase", async () => {
    await using stage = await openPublished();
    const young = attemptFor("young", { shape: shapeOf({ ...ubuntu, name: "acme-*" }) });
    await stage.provider.launch(young);
    stage.ec2.images.register(image("ami-5", "arm64", stage.clock.now() + 1));
    await stage.clock.advance(10 * minutes - 1);
    expect(await stage.superseded()).toEqual(["named"]);
    await stage.clock.advance(1);
    expect(await stage.superseded()).toEqual(["named", "young"]);
  });

  it("is when its own image was taken away, and not when the newer one was", async () => {
    await using stage = await openPublished();
    stage.ec2.images.deregister("ami-3");
    expect(await stage.superseded()).toEqual([]);
    stage.ec2.images.register(image("ami-0", "arm64", 0));
    stage.ec2.images.deregister("ami-1");
    await stage.clock.advance(5 * minutes);
    expect(await stage.superseded()).toEqual(["named"]);
    stage.ec2.images.deregister("ami-0");
    await stage.clock.advance(5 * minutes);
    // Nothing could be bought in its place.
    expect(await stage.superseded()).toEqual([]);
  });

  it("is not listed so while EC2 does not tell of images; the listing is whole", async () => {
    const broken = { images: false };
    await using stage = await openPublished(broken);
    broken.images = true;
    const provider = stage.anotherProvider();
    expect(await provider.list(everything)).toHaveLength(4);
    expect(await stage.superseded(provider)).toEqual([]);
  });
});
