import type { StackBucket } from "./stack.ts";

/** A rule as S3 takes it. */
export interface LifecycleRule {
  readonly ID: string;
  readonly Status: "Enabled";
  readonly Filter: { readonly Prefix: string };
  readonly Expiration?: { readonly Days: number };
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

/** What S3 clears away by itself: logs after their time, versions that were replaced, uploads that nobody ends. */
export function lifecycleRules({ logDays, configurationDays }: StackBucket): LifecycleRule[] {
  const rule = (
    ID: string,
    Prefix: string,
    rest: Omit<LifecycleRule, "ID" | "Status" | "Filter">,
  ) => ({ ID, Status: "Enabled", Filter: { Prefix }, ...rest }) satisfies LifecycleRule;
  return [
    rule("logs", "logs/", {
      Expiration: { Days: logDays },
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    }),
    rule("configuration", "configuration/", {
      NoncurrentVersionExpiration: { NoncurrentDays: configurationDays },
    }),
    rule("runners", "runners/", { NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
    rule("uploads", "", { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
  ];
}
