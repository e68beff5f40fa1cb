import type { FakeInstanceAction, FakeInstanceCredentials, FakeInstanceIdentity } from "./types.ts";

/** What the service knows of its instance at one moment. */
export interface InstanceFacts {
  readonly identity: FakeInstanceIdentity & { readonly pendingAtMs: number };
  /** `undefined`: the launch template does not show them. */
  readonly tags: ReadonlyMap<string, string> | undefined;
  readonly credentials: (FakeInstanceCredentials & { readonly setAtMs: number }) | undefined;
  readonly action: FakeInstanceAction | undefined;
  readonly rebalanceAtMs: number | undefined;
}

/** How long credentials of an instance live, milliseconds. */
const credentialsLifeMs = 21_600_000;

const image = "ami-0123456789abcdef0";
const type = "m7g.large";

/** To the second, as EC2 tells instants. */
const isoSecond = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;

function identityDocument(identity: InstanceFacts["identity"]): string {
  const { instanceId, region, accountId } = identity;
  return JSON.stringify(
    {
      accountId,
      architecture: identity.architecture ?? "arm64",
      availabilityZone: identity.availabilityZone ?? `${region}a`,
      billingProducts: null,
      devpayProductCodes: null,
      marketplaceProductCodes: null,
      imageId: identity.imageId ?? image,
      instanceId,
      instanceType: identity.instanceType ?? type,
      kernelId: null,
      pendingTime: isoSecond(identity.pendingAtMs),
      privateIp: "10.0.0.10",
      ramdiskId: null,
      region,
      version: "2017-09-30",
    },
    null,
    2,
  );
}

function credentialsDocument(credentials: NonNullable<InstanceFacts["credentials"]>): string {
  const { accessKeyId, secretAccessKey, setAtMs } = credentials;
  return JSON.stringify(
    {
      Code: "Success",
      LastUpdated: isoSecond(setAtMs),
      Type: "AWS-HMAC",
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: credentials.token ?? `token-of-${accessKeyId}`,
      Expiration: isoSecond(credentials.expiresAtMs ?? setAtMs + credentialsLifeMs),
    },
    null,
    2,
  );
}

/**
 * What stands at a path; `undefined`: nothing, which is also how the service says that there is no notice and no such tag.
 *
 * @param path - Segments below `/latest`.
 */
export function documentAt(path: readonly string[], facts: InstanceFacts): string | undefined {
  const { identity, tags, credentials, action, rebalanceAtMs } = facts;
  const [, , ...rest] = path;
  const name = rest.join("/");
  switch (path.slice(0, 2).join("/")) {
    case "dynamic/instance-identity":
      return name === "document" ? identityDocument(identity) : undefined;
    case "meta-data/instance-id":
      return name === "" ? identity.instanceId : undefined;
    case "meta-data/instance-type":
      return name === "" ? (identity.instanceType ?? type) : undefined;
    case "meta-data/ami-id":
      return name === "" ? (identity.imageId ?? image) : undefined;
    case "meta-data/instance-life-cycle":
      return name === "" ? (identity.lifeCycle ?? "on-demand") : undefined;
    case "meta-data/placement":
      if (name === "region") return identity.region;
      if (name !== "availability-zone") return undefined;
      return identity.availabilityZone ?? `${identity.region}a`;
    case "meta-data/tags":
      if (rest[0] !== "instance" || tags === undefined) return undefined;
      return rest.length === 1 ? [...tags.keys()].join("\n") : tags.get(rest.slice(1).join("/"));
    case "meta-data/spot":
      if (action === undefined || identity.lifeCycle !== "spot") return undefined;
      if (name === "instance-action") {
        return JSON.stringify({
          action: action.action ?? "terminate",
          time: isoSecond(action.atMs),
        });
      }
      if (name !== "termination-time" || (action.action ?? "terminate") !== "terminate") {
        return undefined;
      }
      return isoSecond(action.atMs);
    case "meta-data/events":
      if (name !== "recommendations/rebalance" || rebalanceAtMs === undefined) return undefined;
      return JSON.stringify({ noticeTime: isoSecond(rebalanceAtMs) });
    case "meta-data/iam":
      if (rest[0] !== "security-credentials" || credentials === undefined) return undefined;
      if (rest.length === 1) return credentials.role;
      return rest.slice(1).join("/") === credentials.role
        ? credentialsDocument(credentials)
        : undefined;
    default:
      return undefined;
  }
}
