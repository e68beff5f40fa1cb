import { describe, expect, it } from "vitest";
import type { Shape } from "./shape.ts";
import { shapeKey } from "./shape-key.ts";

const shape: Shape = {
  os: "linux",
  arch: "arm64",
  cpu: { min: 4, max: 8 },
  ramGib: { min: 8, max: 32 },
  families: ["m7g", "c7g"],
  generation: 7,
  diskGib: 80,
  image: "ubuntu",
  spot: false,
};

describe("shapeKey", () => {
  it("is the same for shapes that mean the same", () => {
    const key = shapeKey(shape);
    expect(shapeKey({ ...shape, families: ["c7g", "m7g", "c7g"] })).toBe(key);
    expect(shapeKey(Object.fromEntries(Object.entries(shape).reverse()) as unknown as Shape)).toBe(
      key,
    );
    const small: Shape = { os: "linux", cpu: { min: 2, max: 2 } };
    expect(shapeKey({ ...small, spot: true, families: [] })).toBe(shapeKey(small));
  });

  it("differs when any field differs, and when one is left out", () => {
    const others: readonly Partial<Shape>[] = [
      { os: "windows" },
      { arch: "x64" },
      { cpu: { min: 2, max: 8 } },
      { cpu: { min: 4, max: 16 } },
      { ramGib: { min: 4, max: 32 } },
      { ramGib: { min: 8 } },
      { families: ["c7g"] },
      { families: ["c7g,m7g"] },
      { generation: 8 },
      { diskGib: 81 },
      { image: "other" },
      { imageSource: {} },
      { imageSource: { id: "ami-1" } },
      { imageSource: { name: "ami-1" } },
      { imageSource: { name: "ami-1", owner: "self" } },
      { imageSource: { name: "ami-1", maxAgeMs: 1 } },
      { spot: true },
    ];
    const keys = [shape, ...others.map((change) => ({ ...shape, ...change }))].map(shapeKey);
    for (const field of ["arch", "ramGib", "families", "generation", "diskGib", "image"] as const) {
      const { [field]: _, ...rest } = shape;
      keys.push(shapeKey(rest));
    }
    expect(new Set(keys).size).toBe(keys.length);
  });
});
