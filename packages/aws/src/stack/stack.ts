import type { DynamodbTable } from "../dynamodb/tables.ts";
import type { Ec2RootVolume } from "../ec2/launch/root-volume.ts";
import type { StackImageKey, StackNames, StackQueueKind } from "./names.ts";
import type { StackPlace } from "./place.ts";
import type { PolicyDocument, StackPermission } from "./policy/permission.ts";

/** What AWS has to have for one environment, as plain data. Values that only CloudFormation knows are placeholders. */
export interface Stack {
  /** Name of the environment. */
  readonly environment: string;
  /** Account and region. */
  readonly place: StackPlace;
  /** Names of all that follows. */
  readonly names: StackNames;
  /** Tags of everything that can have some, for cost reports and policies. */
  readonly tags: Readonly<Record<string, string>>;
  /** Whether tables and the bucket outlive a stack that CloudFormation deletes. */
  readonly keepsData: boolean;
  /** State, see `createDynamodbStore`. */
  readonly tables: readonly DynamodbTable[];
  /** Each queue, in front of it its dead-letter queue. */
  readonly queues: readonly StackQueue[];
  /** Runner archives, logs, configuration. */
  readonly bucket: StackBucket;
  /** What machines can reach and what can reach them; absent when the options name other groups. */
  readonly securityGroup?: StackSecurityGroup;
  /** What machines are launched from. */
  readonly launchTemplates: readonly StackLaunchTemplate[];
  /** Least privileges. */
  readonly policies: readonly StackPolicy[];
  /** Who has them. */
  readonly roles: readonly StackRole[];
  /** What EC2 announces, and where that goes. */
  readonly rules: readonly StackRule[];
}

/** A queue of SQS, encrypted with SQS's own keys, waiting 20 s for messages. */
export interface StackQueue {
  /** What it is for. */
  readonly kind: StackQueueKind;
  /** Full name. */
  readonly name: string;
  /** Its ARN. */
  readonly arn: string;
  /** Whether it keeps the order of each group. */
  readonly isFifo: boolean;
  /** How long a message is kept, seconds. */
  readonly retentionSeconds: number;
  /** Where messages go that are received too often; absent for dead-letter queues. */
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceives: number };
  /** The queue whose messages it takes, by ARN; set for dead-letter queues. */
  readonly sourceArn?: string;
  /** Who else may send than who has a policy. */
  readonly policy?: PolicyDocument;
}

/** The bucket: encrypted, with versions, closed to the public and to access lists, and only by TLS. */
export interface StackBucket {
  /** Full name. */
  readonly name: string;
  /** Its ARN. */
  readonly arn: string;
  /** How long logs are kept, days. */
  readonly logDays: number;
  /** How long versions of the configuration are kept that were replaced, days. Those of other objects go after a day. */
  readonly configurationDays: number;
  /** Refuses whoever comes without TLS. */
  readonly policy: PolicyDocument;
}

/** A security group: nothing can come in, everything can go out. */
export interface StackSecurityGroup {
  /** Its name. */
  readonly name: string;
  /** What people read in the console. */
  readonly description: string;
  /** Where it is. */
  readonly vpcId: string;
}

/** A launch template; `launchTemplateData` makes its data. */
export interface StackLaunchTemplate {
  /** What machines it launches. */
  readonly key: StackImageKey;
  /** Its name. */
  readonly name: string;
  /** `ami-...` or `resolve:ssm:...`. */
  readonly imageId: string;
  /** The machines' profile. */
  readonly instanceProfileArn: string;
  /** Groups that the options name; none: that of the stack. */
  readonly securityGroupIds: readonly string[];
  /** The image's root volume. */
  readonly rootVolume: Ec2RootVolume;
}

/** A policy that roles and users can be given. */
export interface StackPolicy {
  /** Its name. */
  readonly name: string;
  /** Its ARN. */
  readonly arn: string;
  /** What people read in the console; a policy cannot change its own. */
  readonly description: string;
  /** What it allows, and why. */
  readonly permissions: readonly StackPermission[];
  /** The same as AWS takes it. */
  readonly document: PolicyDocument;
}

/** A role. */
export interface StackRole {
  /** Its name. */
  readonly name: string;
  /** Its ARN. */
  readonly arn: string;
  /** What people read in the console. */
  readonly description: string;
  /** Who may take it on. */
  readonly trust: PolicyDocument;
  /** ARNs of its policies. */
  readonly policyArns: readonly string[];
  /** Whether machines of EC2 can have it: there is an instance profile of the same name. */
  readonly hasProfile: boolean;
}

/** A rule of EventBridge, on the account's default bus. */
export interface StackRule {
  /** Its name. */
  readonly name: string;
  /** Its ARN. */
  readonly arn: string;
  /** What people read in the console. */
  readonly description: string;
  /** What it takes. */
  readonly pattern: Readonly<Record<string, unknown>>;
  /** Queue that gets it, by ARN. */
  readonly queueArn: string;
  /** How old an event may get that cannot be delivered, seconds. */
  readonly maxAgeSeconds: number;
}
