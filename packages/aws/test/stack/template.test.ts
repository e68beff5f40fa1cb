import { describeStack, renderCloudFormation, type StackOptions } from "@runs-fleet/aws/stack";
import { describe, expect, it } from "vitest";

type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };
interface Template {
  readonly Parameters: Readonly<Record<string, Json>>;
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Json }>
  >;
  readonly Outputs: Readonly<
    Record<string, { readonly Description: string; readonly Value: Json }>
  >;
}

const templateOf = (options: StackOptions): Template =>
  JSON.parse(renderCloudFormation(describeStack(options), "json"));

const place = { region: "eu-west-1", accountId: "123456789012", vpcId: "vpc-0a1b" };
const parameters: Readonly<Record<string, string>> = {
  "AWS::Partition": "aws",
  "AWS::Region": place.region,
  "AWS::AccountId": place.accountId,
  "AWS::URLSuffix": "amazonaws.com",
  VpcId: place.vpcId,
  ImageLinuxArm64: "ami-0a1b",
  ImageLinuxX64: "ami-0c2d",
  ImageWindowsX64: "ami-0e3f",
};
const images = {
  "linux-arm64": { imageId: "ami-0a1b" },
  "linux-x64": { imageId: "ami-0c2d" },
  "windows-x64": { imageId: "ami-0e3f" },
};
const everything = {
  environment: "ci",
  intake: true,
  hosts: ["ecs", "ec2", "lambda"],
  fifo: ["demand"],
  tags: { team: "ci" },
} as const;

/** What CloudFormation makes of a value, as far as parameters go; references to resources stay. */
function filledIn(value: Json): Json {
  if (Array.isArray(value)) return value.map(filledIn);
  if (typeof value !== "object" || value === null) return value;
  const { Ref, "Fn::Sub": text } = value as { readonly [key: string]: Json };
  if (typeof Ref === "string") return parameters[Ref] ?? value;
  if (typeof text === "string") {
    return text.replaceAll(/\$\{(?<mark>!?)(?<name>[^}]*)\}/gu, (_, mark, name) =>
      mark === "!" ? `\${${name}}` : (parameters[name] ?? `\${${name}}`),
    );
  }
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, filledIn(own)]));
}

function* valuesIn(value: Json): Generator<{ readonly [key: string]: Json }> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as { readonly [key: string]: Json };
  for (const own of Object.values(value)) yield* valuesIn(own);
}

describe("a template", () => {
  it("for any place is, in a place, that of the place", () => {
    const anywhere = templateOf({
      ...everything,
      images: { "linux-arm64": {}, "linux-x64": {}, "windows-x64": {} },
    });
    const somewhere = templateOf({ ...everything, ...place, images });
    expect(Object.keys(anywhere.Parameters)).toEqual([
      "VpcId",
      "SubnetIds",
      "ImageLinuxArm64",
      "ImageLinuxX64",
      "ImageWindowsX64",
    ]);
    expect(Object.keys(somewhere.Parameters)).toEqual(["SubnetIds"]);
    expect(filledIn(anywhere.Resources as unknown as Json)).toEqual(somewhere.Resources);
    expect(filledIn(anywhere.Outputs as unknown as Json)).toEqual(
      filledIn(somewhere.Outputs as unknown as Json),
    );
    expect(JSON.stringify(somewhere)).not.toMatch(/AWS::(?:Region|AccountId|Partition|URLSuffix)/u);
  });

  it("keeps policy variables for IAM", () => {
    const { Resources } = templateOf(everything);
    const text = JSON.stringify(filledIn(Resources["MachinePolicy"]?.Properties ?? null));
    expect(text).toContain(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what IAM fills in
      "arn:aws:s3:::runs-fleet-ci-123456789012-eu-west-1/logs/${ec2:SourceInstanceARN}/*",
    );
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what IAM fills in
    expect(text).toContain('"dynamodb:LeadingKeys":["${ec2:SourceInstanceARN}"]');
  });

  it.each<[string, StackOptions]>([
    ["the default", { environment: "ci" }],
    ["everything", everything],
    ["one place", { environment: "ci", ...place, images }],
    ["groups of others", { environment: "ci", securityGroupIds: ["sg-0a1b"] }],
  ])("refers to nothing that is not in it: %s", (_, options) => {
    const template = templateOf(options);
    const known = new Set([
      ...Object.keys(template.Resources),
      ...Object.keys(template.Parameters),
      ...Object.keys(parameters).filter((name) => name.startsWith("AWS::")),
    ]);
    const missing: string[] = [];
    for (const value of valuesIn(template as unknown as Json)) {
      const { Ref, "Fn::GetAtt": attribute, "Fn::Sub": text } = value;
      for (const [, own = ""] of String(text).matchAll(
        /\$\{(?<own>[A-Za-z][\w:]*)(?:\.\w+)?\}/gu,
      )) {
        if (!known.has(own)) missing.push(own);
      }
      const name =
        typeof Ref === "string" ? Ref : Array.isArray(attribute) ? attribute[0] : undefined;
      if (typeof name === "string" && !known.has(name)) missing.push(name);
    }
    expect(missing).toEqual([]);
    // Every parameter is used: one that is not would be asked for in vain.
    const text = JSON.stringify([template.Resources, template.Outputs]);
    for (const name of Object.keys(template.Parameters)) {
      expect(text.includes(`"Ref":"${name}"`) || text.includes(`\${${name}}`), name).toBe(true);
    }
  });

  it("tells hosts what they want to know, by the variables that take it", () => {
    const { Outputs } = templateOf({ environment: "ci" });
    const variables = Object.values(Outputs)
      .map(({ Description }) => Description)
      .filter((words) => /^[A-Z_]+$/u.test(words));
    expect(variables.sort()).toEqual([
      "RUNS_FLEET_ACCOUNT_ID",
      "RUNS_FLEET_DEMAND_QUEUE_URL",
      "RUNS_FLEET_LAUNCH_TEMPLATES",
      "RUNS_FLEET_MACHINE_ROLE_IDS",
      "RUNS_FLEET_NOTICES_QUEUE_URL",
      "RUNS_FLEET_REPORTS_QUEUE_URL",
      "RUNS_FLEET_SUBNET_IDS",
    ]);
  });

  it("lets data outlive it, and nothing else, unless it is told otherwise", () => {
    const kept = (options: StackOptions) =>
      Object.values(templateOf(options).Resources)
        .filter((resource) => JSON.stringify(resource).includes('"Retain"'))
        .map(({ Type }) => Type);
    const tables = describeStack({ environment: "ci" }).tables.map(() => "AWS::DynamoDB::Table");
    expect(kept({ environment: "ci" })).toEqual([...tables, "AWS::S3::Bucket"]);
    expect(kept({ environment: "ci", keepsData: false })).toEqual([]);
  });
});
