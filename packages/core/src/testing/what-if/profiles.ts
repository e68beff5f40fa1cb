import type { Os } from "../../routing/index.ts";
import type { BootProfile, DelayProfile } from "./options.ts";

const seconds = 1_000;

/** Boot times for those who have not measured their own. Measure your own: an image decides them more than a provider does. */
export const defaultBootProfiles: Readonly<Record<Os, BootProfile>> = Object.freeze({
  linux: {
    launch: {
      minMs: 35 * seconds,
      p50Ms: 60 * seconds,
      p95Ms: 100 * seconds,
      maxMs: 180 * seconds,
    },
    start: { minMs: 10 * seconds, p50Ms: 15 * seconds, p95Ms: 30 * seconds, maxMs: 45 * seconds },
    source:
      "Published for EC2 by others: about 70 s from launch and 13 s from stopped (Karpenter issue 3798), 50 to 60 s cold (Ubicloud), 10 to 30 s stopped (terraform-aws-github-runner pull request 5204); not measured on your image",
    date: "2026-11-24",
  },
  windows: {
    launch: {
      minMs: 120 * seconds,
      p50Ms: 216 * seconds,
      p95Ms: 326 * seconds,
      maxMs: 480 * seconds,
    },
    start: { minMs: 30 * seconds, p50Ms: 60 * seconds, p95Ms: 110 * seconds, maxMs: 180 * seconds },
    source:
      "Published for EC2 by others: 216 to 326 s from launch with stock images (RunsOn issue 467), 6 min to a node (Karpenter issue 3798); starts of stopped machines are an assumption; not measured on your image",
    date: "2026-11-24",
  },
});

/** Delays for those who have not measured their own. */
export const defaultDelays: DelayProfile = Object.freeze({
  webhook: { minMs: 300, p50Ms: 1_000, p95Ms: 3_000, maxMs: 10_000 },
  mint: { minMs: 200, p50Ms: 400, p95Ms: 1_000, maxMs: 3_000 },
  notice: { minMs: 200, p50Ms: 1_000, p95Ms: 2_000, maxMs: 3_000 },
  registration: { minMs: 2_000, p50Ms: 3_500, p95Ms: 6_000, maxMs: 12_000 },
  ending: { minMs: 1_000, p50Ms: 3_000, p95Ms: 8_000, maxMs: 20_000 },
  source:
    "Assumptions that agree with a published start in under 6 s on a ready machine (RunsOn's documentation); not measured on your account",
  date: "2026-11-24",
});
