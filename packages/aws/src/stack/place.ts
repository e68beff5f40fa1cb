/** Where a stack is: the parts of ARNs that its names do not hold. */
export interface StackPlace {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** Such as `eu-west-1`. */
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
  /** Ends the names of services: `amazonaws.com`, in China `amazonaws.com.cn`. */
  readonly urlSuffix: string;
}

/** Wherever CloudFormation makes it: placeholders that `renderCloudFormation` knows. */
export const templatePlace: StackPlace = Object.freeze({
  partition: `\${AWS::Partition}`,
  region: `\${AWS::Region}`,
  accountId: `\${AWS::AccountId}`,
  urlSuffix: `\${AWS::URLSuffix}`,
});

/**
 * The place of an account and a region.
 *
 * @throws A TypeError for a region that is none, or an account that does not have 12 digits.
 */
export function placeOf(region: string, accountId: string): StackPlace {
  if (typeof region !== "string" || !/^[a-z]{2}(?:-[a-z]+)+-\d$/u.test(region)) {
    throw new TypeError(`region must be a region such as eu-west-1, is ${region}`);
  }
  if (typeof accountId !== "string" || !/^\d{12}$/u.test(accountId)) {
    throw new TypeError(`accountId must be 12 digits, is ${accountId}`);
  }
  const isChina = region.startsWith("cn-");
  const partition = isChina ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  return {
    partition,
    region,
    accountId,
    urlSuffix: isChina ? "amazonaws.com.cn" : "amazonaws.com",
  };
}

/** Values that CloudFormation fills in: `${AWS::Region}`, `${VpcId}`. Policy variables, such as `${aws:userid}`, are none. */
export const placeholder = /\$\{(?<name>AWS::\w+|[A-Z][A-Za-z\d.]*)\}/gu;

/** Whether a value stands for one that only CloudFormation knows. */
export function hasPlaceholder(value: string): boolean {
  return value.search(placeholder) >= 0;
}
