import { expect, it } from "vitest";
import { createLanes } from "./lanes.ts";

it("does the work of a lane in order, whatever becomes of it, and other lanes beside", async () => {
  const lanes = createLanes();
  const told: string[] = [];
  let release: () => void = () => undefined;
  const first = lanes.run("a", () => {
    told.push("first");
    return new Promise<void>((resolve) => {
      release = resolve;
    });
  });
  const second = lanes.run("a", async () => {
    told.push("second");
    throw new Error("bad");
  });
  const third = lanes.run("a", async () => told.push("third"));
  await lanes.run("b", async () => told.push("beside"));
  expect(told).toEqual(["first", "beside"]);
  release();
  await first;
  await expect(second).rejects.toThrow("bad");
  await third;
  expect(told).toEqual(["first", "beside", "second", "third"]);
});
