import type { SeedSpread } from "@runs-fleet/core/testing";
import { dollars, duration, percent } from "../format.ts";
import { columns } from "./columns.ts";

/** How much of the result is chance. */
export function seedLines({
  p50Ms,
  p95Ms,
  p99Ms,
  over60Share,
  totalUsd,
}: SeedSpread): readonly string[] {
  return columns([
    ["", "lowest", "median", "highest"],
    ["p50", ...[p50Ms.min, p50Ms.median, p50Ms.max].map(duration)],
    ["p95", ...[p95Ms.min, p95Ms.median, p95Ms.max].map(duration)],
    ["p99", ...[p99Ms.min, p99Ms.median, p99Ms.max].map(duration)],
    ["over 60 s", ...[over60Share.min, over60Share.median, over60Share.max].map(percent)],
    ...(totalUsd === undefined
      ? []
      : [["total cost", ...[totalUsd.min, totalUsd.median, totalUsd.max].map(dollars)]]),
  ]);
}
