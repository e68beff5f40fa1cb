import { expect, it } from "vitest";
import { demand, reports } from "./readme-example.ts";

it("makes the README's queues without a call", async () => {
  const port = ["acknowledge", "deadLetter", "extend", "isOrdered", "receive", "send"];
  expect(Object.keys(demand).sort()).toEqual(port);
  expect(Object.keys(reports).sort()).toEqual(port);
  await demand[Symbol.asyncDispose]();
});
