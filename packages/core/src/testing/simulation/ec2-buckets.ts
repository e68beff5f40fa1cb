import type { Clock } from "../../ports/clock.ts";
import { defaultEc2Limits } from "../ec2/throttle.ts";
import type { BucketSize } from "../ec2/token-bucket.ts";

/** What the buckets of a simulated account count calls by. */
export type Ec2Action =
  | "RunInstances"
  | "StartInstances"
  | "StopInstances"
  | "TerminateInstances"
  | "CreateTags"
  | "DescribeInstances";

/** The buckets of one account in one region, full. */
export interface Ec2Buckets {
  /** Takes what a call costs. False: it is refused, and has cost nothing. */
  take(action: Ec2Action, requests: number, resources: number): boolean;
  /** Empties the request bucket of an action. */
  drain(action: Ec2Action): void;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Buckets that fill by the given clock. */
export function createEc2Buckets(clock: Clock): Ec2Buckets {
  const buckets = new Map<string, Bucket>();
  const filled = (name: string, { burst, perSecond }: BucketSize): Bucket => {
    const nowMs = clock.now();
    const bucket = buckets.get(name) ?? { tokens: burst, atMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) * perSecond) / 1_000);
    bucket.atMs = nowMs;
    buckets.set(name, bucket);
    return bucket;
  };
  return {
    take: (action, requests, resources) => {
      const { request, resource } = defaultEc2Limits[action];
      const calls = filled(action, request);
      const things = resource && filled(`${action} resources`, resource);
      if (calls.tokens < requests || (things && things.tokens < resources)) return false;
      calls.tokens -= requests;
      if (things) things.tokens -= resources;
      return true;
    },
    drain: (action) => {
      filled(action, defaultEc2Limits[action].request).tokens = 0;
    },
  };
}
