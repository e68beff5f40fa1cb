import { describeStack, type StackPermission } from "@runs-fleet/aws/stack";

/** A page with the tables of all policies between its markers, `<!-- policy: machine -->` and `<!-- /policy -->`. */
export function withPolicyTables(page: string): string {
  const { policies, names } = describeStack({
    environment: "ci",
    region: "eu-west-1",
    accountId: "123456789012",
    vpcId: "vpc-0a1b2c3d",
    images: { "linux-arm64": { imageId: "resolve:ssm:/images/runner" } },
    intake: true,
  });
  const left = new Set(policies.map(({ name }) => name));
  const filled = page.replaceAll(
    /(?<begin><!-- policy: (?<who>\w+) -->\n)[\s\S]*?(?<end><!-- \/policy -->)/gu,
    (_, begin: string, who: string, end: string) => {
      const policy = policies.find(({ name }) => name === `${names.prefix}${who}`);
      if (policy === undefined) throw new Error(`There is no policy ${who}`);
      left.delete(policy.name);
      return `${begin}${tableOf(policy.permissions)}${end}`;
    },
  );
  if (left.size > 0) throw new Error(`The page does not explain ${[...left].join(", ")}`);
  return filled;
}

function tableOf(permissions: readonly StackPermission[]): string {
  const rows = permissions.flatMap(({ sid, actions, scope }) =>
    Object.entries(actions).map(
      ([action, reason], index) =>
        `| ${index === 0 ? `\`${sid}\`: ${scope}` : ""} | \`${action}\` | ${reason} |\n`,
    ),
  );
  return `| on | allowed | why |\n| --- | --- | --- |\n${rows.join("")}`;
}
