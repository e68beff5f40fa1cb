import { expect, it } from "vitest";
import { openStore } from "./readme-example.ts";

it("opens the README's store without a call", () => {
  expect(Object.keys(openStore("host-1")).sort()).toEqual([
    "commit",
    "deliveries",
    "get",
    "holdMs",
    "leases",
    "load",
  ]);
});
