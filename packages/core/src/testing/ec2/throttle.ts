import { ec2Error } from "./ec2-error.ts";
import { type BucketSize, createTokenBucket } from "./token-bucket.ts";

/** Every operation that has buckets; `DescribeInstancesAll` is DescribeInstances without filter, id and page size. */
export type Ec2Action =
  | "RunInstances"
  | "CreateFleet"
  | "StartInstances"
  | "StopInstances"
  | "TerminateInstances"
  | "CreateTags"
  | "DescribeInstances"
  | "DescribeInstancesAll"
  | "DescribeInstanceTypeOfferings"
  | "DescribeSpotPriceHistory";

/** Buckets of one operation: one for calls and, where there is one, one for the instances that calls are about. */
export interface Ec2Limit {
  /** One token a call. */
  readonly request: BucketSize;
  /** One token for each instance that a call is about. Absent: their number is not limited. */
  readonly resource?: BucketSize;
}

const reads: Ec2Limit = { request: { burst: 100, perSecond: 20 } };

/** What an account has in each region unless it asked for more. Source: "Request throttling for the Amazon EC2 API". */
export const defaultEc2Limits: Readonly<Record<Ec2Action, Ec2Limit>> = Object.freeze({
  RunInstances: {
    request: { burst: 5, perSecond: 2 },
    resource: { burst: 1_000, perSecond: 2 },
  },
  CreateFleet: { request: { burst: 50, perSecond: 5 } },
  StartInstances: {
    request: { burst: 5, perSecond: 2 },
    resource: { burst: 1_000, perSecond: 2 },
  },
  StopInstances: {
    request: { burst: 50, perSecond: 5 },
    resource: { burst: 1_000, perSecond: 20 },
  },
  TerminateInstances: {
    request: { burst: 100, perSecond: 5 },
    resource: { burst: 1_000, perSecond: 20 },
  },
  CreateTags: { request: { burst: 100, perSecond: 10 } },
  DescribeInstances: reads,
  DescribeInstancesAll: { request: { burst: 50, perSecond: 10 } },
  DescribeInstanceTypeOfferings: reads,
  DescribeSpotPriceHistory: reads,
});

/** What was called, and how often it was refused for its rate. */
export interface Ec2Usage {
  /** All calls that arrived, refused ones included; none arrives while the region is down. */
  readonly calls: number;
  /** Those of them refused with `RequestLimitExceeded`. */
  readonly throttled: number;
}

/** Counts calls, and refuses those that come too fast. */
export interface Throttle {
  /**
   * Lets a call about this many instances through.
   *
   * @throws An {@link Ec2Error} `RequestLimitExceeded`.
   */
  admit(action: Ec2Action, resources: number, nowMs: number): void;
  usage(): Readonly<Record<string, Ec2Usage>>;
  /** The buckets that there are; an operation without any is absent. */
  readonly limits: Partial<Readonly<Record<Ec2Action, Ec2Limit>>>;
}

/** One account in one region. `false`: it counts calls and refuses none. */
export function createThrottle(
  own: Partial<Readonly<Record<Ec2Action, Ec2Limit>>> | false = {},
): Throttle {
  const limits: Partial<Record<Ec2Action, Ec2Limit>> =
    own === false ? {} : { ...defaultEc2Limits, ...own };
  const counts = new Map<Ec2Action, { calls: number; throttled: number }>();
  const buckets = new Map(
    Object.entries(limits).map(([action, { request, resource }]) => [
      action,
      {
        request: createTokenBucket(request),
        resource: resource === undefined ? undefined : createTokenBucket(resource),
      },
    ]),
  );
  return {
    limits,
    admit(action, resources, nowMs) {
      const count = counts.get(action) ?? { calls: 0, throttled: 0 };
      counts.set(action, count);
      count.calls += 1;
      const own = buckets.get(action);
      if (own === undefined) return;
      const isFine = own.request.take(1, nowMs) && (own.resource?.take(resources, nowMs) ?? true);
      if (isFine) return;
      count.throttled += 1;
      throw ec2Error("RequestLimitExceeded", `Request limit exceeded: ${action}`);
    },
    usage: () => Object.fromEntries([...counts].map(([action, own]) => [action, { ...own }])),
  };
}
