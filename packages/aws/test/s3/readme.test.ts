import { expect, it } from "vitest";
import { logOf, runners } from "./readme-example.ts";

it("makes the README's objects without a call", () => {
  expect(Object.keys(runners).sort()).toEqual(["get", "put"]);
  expect(Object.keys(logOf("i-1")).sort()).toEqual(["append", "read"]);
});
