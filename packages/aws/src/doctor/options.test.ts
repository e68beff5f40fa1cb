import { describe, expect, it } from "vitest";
import { fillDoctorOptions } from "./options.ts";

describe("options", () => {
  it("have defaults that buy nothing", () => {
    const filled = fillDoctorOptions({ environment: "ci" });
    expect(filled).toMatchObject({ live: false, subnetIds: [], machines: undefined, tags: {} });
    expect(filled.shapes.map(({ text }) => text)).toEqual(["cpu=2"]);
  });

  it("read shapes as labels have them", () => {
    const { shapes } = fillDoctorOptions({
      environment: "ci",
      shapes: ["cpu=4+16/ram=16/arch=arm64/family=c7g", "os=windows/spot=false"],
    });
    expect(shapes[0]?.shape).toEqual({
      os: "linux",
      arch: "arm64",
      cpu: { min: 4, max: 16 },
      ramGib: { min: 16 },
      families: ["c7g"],
      spot: true,
    });
    expect(shapes[1]?.shape).toMatchObject({ os: "windows", arch: "x64", spot: false });
  });

  it.each([
    [{ subnetIds: ["vpc-1"] }, "subnetIds must be subnet-..., has vpc-1"],
    [{ machines: 0 }, "machines must be 1 to 100000, is 0"],
    [{ machines: 1.5 }, "machines must be 1 to 100000, is 1.5"],
    [{ shapes: ["cpus=4"] }, /^shapes: cpus=4 cannot be read: /u],
  ])("%j are refused", (options, message) => {
    expect(() => fillDoctorOptions({ environment: "ci", ...options })).toThrow(message);
  });
});
