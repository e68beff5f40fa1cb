/** Some actions that are allowed on some resources. */
export interface StackPermission {
  /** Names the statement within its policy: letters and digits. */
  readonly sid: string;
  /** What is allowed, each with the reason why it is needed. */
  readonly actions: Readonly<Record<string, string>>;
  /** ARNs, or `*` for actions that know no resources. */
  readonly resources: readonly string[];
  /** In words: on what, and under which condition. */
  readonly scope: string;
  /** By operator and key, as policies have them. */
  readonly conditions?: PolicyConditions;
}

/** By operator and key, as policies have them. */
export type PolicyConditions = Readonly<
  Record<string, Readonly<Record<string, string | readonly string[]>>>
>;

/** A statement of a policy. */
export interface PolicyStatement {
  /** Names the statement. */
  readonly Sid?: string;
  /** What becomes of a request that it is about. */
  readonly Effect: "Allow" | "Deny";
  /** Who; in policies of resources and in trust policies. */
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  /** What is done, such as `sqs:SendMessage`. */
  readonly Action: string | readonly string[];
  /** On what, by ARN; trust policies have none. */
  readonly Resource?: string | readonly string[];
  /** What must hold besides. */
  readonly Condition?: PolicyConditions;
}

/** A policy, as AWS takes it. */
export interface PolicyDocument {
  /** Of the language; variables need this one. */
  readonly Version: "2012-10-17";
  /** Any of them may allow, and any may deny. */
  readonly Statement: readonly PolicyStatement[];
}

/** The policy that allows these, and nothing else. */
export function policyDocument(permissions: readonly StackPermission[]): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: permissions.map(({ sid, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: Object.keys(actions),
      Resource: resources,
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  };
}
