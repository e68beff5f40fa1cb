import type { Clock } from "../../ports/clock.ts";

/** What EC2 counts calls by. */
export type Ec2Action =
  | "RunInstances"
  | "StartInstances"
  | "StopInstances"
  | "TerminateInstances"
  | "CreateTags"
  | "DescribeInstances";

interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Request buckets, and buckets of the resources that a call is about. Source: EC2 API throttling limits, docs.aws.amazon.com, read 2026-11. */
export const ec2Rates: Readonly<
  Record<Ec2Action, { readonly requests: Rate; readonly resources?: Rate }>
> = {
  RunInstances: {
    requests: { burst: 5, perSecond: 2 },
    resources: { burst: 1_000, perSecond: 2 },
  },
  StartInstances: {
    requests: { burst: 5, perSecond: 2 },
    resources: { burst: 1_000, perSecond: 2 },
  },
  StopInstances: {
    requests: { burst: 50, perSecond: 5 },
    resources: { burst: 1_000, perSecond: 20 },
  },
  TerminateInstances: {
    requests: { burst: 100, perSecond: 5 },
    resources: { burst: 1_000, perSecond: 20 },
  },
  CreateTags: { requests: { burst: 100, perSecond: 10 } },
  DescribeInstances: { requests: { burst: 100, perSecond: 20 } },
};

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
  const filled = (name: string, { burst, perSecond }: Rate): Bucket => {
    const nowMs = clock.now();
    const bucket = buckets.get(name) ?? { tokens: burst, atMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) * perSecond) / 1_000);
    bucket.atMs = nowMs;
    buckets.set(name, bucket);
    return bucket;
  };
  return {
    take: (action, requests, resources) => {
      const rates = ec2Rates[action];
      const calls = filled(action, rates.requests);
      const things = rates.resources && filled(`${action} resources`, rates.resources);
      if (calls.tokens < requests || (things && things.tokens < resources)) return false;
      calls.tokens -= requests;
      if (things) things.tokens -= resources;
      return true;
    },
    drain: (action) => {
      filled(action, ec2Rates[action].requests).tokens = 0;
    },
  };
}
