import { FleetError, type ImageSource, type Shape } from "@runs-fleet/core";
import { createVirtualClock } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { attemptFor } from "./attempts.ts";
import { openStrict } from "./strict-stage.ts";

const dayMs = 86_400_000;
const startMs = 1_790_000_000_000;

/** What an account has been baking: the same image for both architectures, day by day. */
const baked = [3, 2, 1].flatMap((days) =>
  (["arm64", "x64"] as const).map((arch) => ({
    id: `ami-${arch}-${days}`,
    os: "linux" as const,
    arch,
    name: `acme-ubuntu24-${arch}-${days}`,
    createdAtMs: startMs - days * dayMs,
  })),
);

function shapeOf(imageSource: ImageSource, parts: Partial<Shape> = {}): Shape {
  return { os: "linux", cpu: { min: 2, max: 2 }, image: "ubuntu", imageSource, ...parts };
}
const ubuntu: ImageSource = { owner: "self", name: "acme-ubuntu24-*" };

async function openImages(options: Parameters<typeof openStrict>[1] = {}) {
  const clock = createVirtualClock(startMs);
  const stage = await openStrict(clock, {
    ...options,
    region: { images: baked, ...options.region },
  });
  const booted = () => [...new Set(stage.ec2.instances().map(({ ImageId }) => ImageId))].sort();
  const launch = (name: string, shape: Shape, parts: object = {}) =>
    stage.provider.launch(attemptFor(name, { shape, ...parts }));
  return { ...stage, clock, booted, launch, [Symbol.asyncDispose]: stage[Symbol.asyncDispose] };
}

/** Why a launch bought nothing: its kind and its words. */
async function refusalOf(launch: Promise<unknown>): Promise<string> {
  const error = await launch.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return FleetError.isInstance(error) ? `${error.kind}: ${error.message}` : String(error);
}

describe("an image that the configuration names", () => {
  it("is the newest of its owner, of each architecture, in one call", async () => {
    await using stage = await openImages();
    stage.ec2.setCapacity({}, 1);
    const { machines } = await stage.launch("a", shapeOf(ubuntu), { count: 10 });
    expect(machines).toHaveLength(10);
    expect(stage.booted()).toEqual(["ami-arm64-1", "ami-x64-1"]);
  });

  it("is the same where a zone is named", async () => {
    await using stage = await openImages();
    await stage.launch("a", shapeOf(ubuntu, { arch: "x64" }), { zone: "us-east-1b" });
    expect(stage.booted()).toEqual(["ami-x64-1"]);
  });

  it("is looked up once in five minutes, and a new one is launched from after that", async () => {
    await using stage = await openImages();
    const arm = shapeOf(ubuntu, { arch: "arm64" });
    await stage.launch("a", arm);
    stage.ec2.images.register({
      id: "ami-arm64-0",
      os: "linux",
      arch: "arm64",
      name: "acme-ubuntu24-arm64-0",
      createdAtMs: startMs,
    });
    await stage.clock.advance(5 * 60_000 - 1);
    await stage.launch("b", arm);
    expect(stage.booted()).toEqual(["ami-arm64-1"]);
    await stage.clock.advance(1);
    await stage.launch("c", arm);
    expect(stage.booted()).toEqual(["ami-arm64-0", "ami-arm64-1"]);
  });

  it("may be named by its id", async () => {
    await using stage = await openImages();
    await stage.launch("a", shapeOf({ id: "ami-arm64-2" }));
    expect(stage.booted()).toEqual(["ami-arm64-2"]);
  });

  it("is never a stranger's of the same name", async () => {
    await using stage = await openImages();
    stage.ec2.images.register({
      id: "ami-666",
      os: "linux",
      arch: "arm64",
      name: "acme-ubuntu24-arm64-9",
      owner: "666666666666",
      createdAtMs: startMs,
    });
    await stage.launch("a", shapeOf({ name: "acme-ubuntu24-*" }, { arch: "arm64" }));
    expect(stage.booted()).toEqual(["ami-arm64-1"]);
  });

  it("is launched from the template of its name where there is one, and replaces that one's", async () => {
    await using stage = await openImages({
      provider: {
        launchTemplates: { "linux-x64": "linux-x64", "linux-arm64-ubuntu": "linux-arm64" },
      },
    });
    stage.ec2.setCapacity({}, 1);
    await stage.launch("a", shapeOf(ubuntu), { count: 10 });
    expect(stage.booted()).toEqual(["ami-arm64-1", "ami-x64-1"]);
  });

  it.each<[string, Shape, RegExp]>([
    [
      "of a name that nothing has",
      shapeOf({ name: "acme-debian-*" }),
      /image "acme-debian-\*" of self is not there/u,
    ],
    ["of an id that is gone", shapeOf({ id: "ami-gone" }), /image ami-gone is not there/u],
    [
      "of another system",
      shapeOf(ubuntu, { os: "windows" }),
      /"acme-ubuntu24-\*" of self is linux on arm64 and linux on x64, and it asks for windows/u,
    ],
    [
      "of another architecture",
      shapeOf({ id: "ami-x64-1" }, { arch: "arm64" }),
      /image ami-x64-1 is linux on x64, and it asks for linux on arm64/u,
    ],
    [
      "that is too old",
      shapeOf({ ...ubuntu, maxAgeMs: dayMs / 2 }, { arch: "arm64" }),
      /the newest of .*, ami-arm64-1, is 1\.0 days old, and its maxAge is 0\.5 days/u,
    ],
  ])("%s buys nothing, and says so", async (_what, shape, words) => {
    await using stage = await openImages();
    const told = await refusalOf(stage.launch("a", shape));
    expect(told).toMatch(/^config: Launch attempt attempt-a fits nothing: /u);
    expect(told).toMatch(words);
    expect(stage.ec2.instances()).toEqual([]);
  });

  it("buys nothing more when an attempt is sent again after a newer one was made", async () => {
    await using stage = await openImages();
    const arm = shapeOf(ubuntu, { arch: "arm64" });
    await stage.launch("a", arm, { count: 3 });
    const newer = { id: "ami-arm64-0", os: "linux", arch: "arm64", createdAtMs: startMs } as const;
    stage.ec2.images.register({ ...newer, name: "acme-ubuntu24-arm64-0" });
    const other = stage.anotherProvider();
    await refusalOf(other.launch(attemptFor("a", { shape: arm, count: 3 })));
    expect(stage.ec2.instances()).toHaveLength(3);
  });

  it("is none when thousands have its name, and EC2 is not asked for all of them", async () => {
    await using stage = await openImages({ region: { images: [] } });
    for (let index = 0; index <= 10_000; index += 1) {
      const image = { id: `ami-${index}`, os: "linux", name: `acme-${index}` } as const;
      stage.ec2.images.register(image);
    }
    const told = await refusalOf(stage.launch("a", shapeOf({ name: "acme-*" })));
    expect(told).toBe('config: More than 10000 images of self are called "acme-*"');
    expect(stage.ec2.instances()).toEqual([]);
  });
});
