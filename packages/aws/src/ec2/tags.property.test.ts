import { FleetError, type ImageSource, type LaunchAttempt, tagKeyProblem } from "@runs-fleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tagProblem } from "./tag-rules.ts";
import { assertFixedTags, launchTags } from "./tags.ts";

const attempt: LaunchAttempt = {
  id: "a-1",
  token: "t-1",
  shard: "ci/eu-west-1",
  environment: "ci",
  region: "eu-west-1",
  count: 1,
  shape: { os: "linux", cpu: { min: 2, max: 2 } },
  markets: ["spot"],
  pool: "default",
  specHash: "spec-1",
  deadlineMs: 1_790_000_000_000,
};

const sound = fc.stringMatching(/^[0-9a-zA-Z\-_+=,.@]{2,30}$/u).filter((key) => key !== "..");
const bad = fc.oneof(
  fc.constantFrom("", ".", "..", "_index", "aws:x", "AWS:y", "a b", "a/b", "tag\n", "né", "😀"),
  fc.string({ minLength: 128, maxLength: 140 }),
  fc.string().filter((key) => /[^0-9a-zA-Z\-_+=,.@:]/u.test(key)),
);

function refusal(tags: Record<string, string>): string {
  try {
    launchTags({ ...attempt, tags }, {});
    return "none";
  } catch (error) {
    return FleetError.isInstance(error) ? error.kind : String(error);
  }
}

describe("tags", () => {
  it("may have every key that instance metadata allows", () => {
    fc.assert(
      fc.property(fc.dictionary(sound, fc.string({ maxLength: 128 }), { maxKeys: 40 }), (tags) => {
        expect(tagProblem(tags)).toBeUndefined();
        const { instance } = launchTags({ ...attempt, tags }, {});
        const told = new Map(instance.map(({ Key, Value }) => [Key, Value]));
        for (const [key, value] of Object.entries(tags)) expect(told.get(key)).toBe(value);
      }),
    );
  });

  it("are refused before any call for one bad key, wherever it comes from", () => {
    fc.assert(
      fc.property(bad, sound, (key, other) => {
        const tags = { [other]: "fine", [key]: "x" };
        expect(refusal(tags)).toBe("config");
        expect(() => assertFixedTags(tags)).toThrow(TypeError);
      }),
    );
  });

  it("are those that a configuration may say, and no others", () => {
    const key = fc.oneof(sound, bad, fc.constantFrom("runs-fleet:pool", "aws", "a:b", "..."));
    fc.assert(
      fc.property(key, (name) => {
        expect(tagKeyProblem(name) === undefined).toBe(refusal({ [name]: "x" }) === "none");
      }),
    );
  });

  it("are refused for one value that is too long", () => {
    expect(refusal({ team: "x".repeat(256) })).toBe("none");
    expect(refusal({ team: "x".repeat(257) })).toBe("config");
  });

  it("cannot take the place of what machines are found by", () => {
    expect(refusal({ "runs-fleet:attempt": "another" })).toBe("config");
    expect(refusal({ "runs-fleet:new": "x" })).toBe("config");
    expect(() => assertFixedTags({ "runs-fleet:environment": "prod" })).toThrow(/own/u);
  });

  it("leave room for the ring", () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));
    expect(refusal(many(44))).toBe("none");
    expect(refusal(many(45))).toBe("config");
  });

  it("say whose a machine is, and nothing of workflows and jobs", () => {
    const { instance, volume } = launchTags(attempt, { team: "ci" });
    expect(instance).toEqual([
      { Key: "runs-fleet:attempt", Value: "a-1" },
      { Key: "runs-fleet:deadline", Value: "1790000000000" },
      { Key: "runs-fleet:environment", Value: "ci" },
      { Key: "runs-fleet:pool", Value: "default" },
      { Key: "runs-fleet:spec", Value: "spec-1" },
      { Key: "team", Value: "ci" },
    ]);
    expect(volume).toEqual([
      { Key: "runs-fleet:environment", Value: "ci" },
      { Key: "runs-fleet:pool", Value: "default" },
      { Key: "team", Value: "ci" },
    ]);
  });

  it("say what the image is the newest of, where that is told", () => {
    const imageOf = (imageSource: ImageSource) => {
      const shape = { ...attempt.shape, image: "ubuntu", imageSource };
      const { instance } = launchTags({ ...attempt, shape }, {});
      return instance.find(({ Key }) => Key === "runs-fleet:image")?.Value;
    };
    expect(imageOf({ owner: "099720109477", name: "ubuntu/images/*" })).toBe(
      "099720109477/ubuntu/images/*",
    );
    expect(imageOf({ name: "acme-*" })).toBe("self/acme-*");
    expect(imageOf({ id: "ami-1" })).toBeUndefined();
    expect(imageOf({ name: "x".repeat(251) })).toHaveLength(256);
    expect(imageOf({ name: "x".repeat(252) })).toBeUndefined();
  });

  it("of the attempt win over those of the host", () => {
    const { volume } = launchTags({ ...attempt, tags: { team: "web" } }, { team: "ci" });
    expect(volume.find(({ Key }) => Key === "team")?.Value).toBe("web");
  });
});
