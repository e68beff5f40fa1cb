// What `runs-fleet-aws stack render` writes, as cfn-lint sees it: no error and no warning for any set of options. Templates that
// are broken on purpose have to fail, or the check would be worth nothing.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { lintTemplates } from "./lib/cfn-lint.mjs";
import { seconds } from "./lib/steps.mjs";
import { root } from "./lib/workspace.mjs";

const begin = Date.now();
const { describeStack, renderCloudFormation } = await import(
  pathToFileURL(join(root, "packages/aws/dist/stack/index.js")).href
);
const folder = join(root, "node_modules", ".runs-fleet", "templates");
const images = { "linux-arm64": {}, "linux-x64": {}, "windows-x64": {} };
const place = { accountId: "123456789012", vpcId: "vpc-0a1b2c3d" };
const imageId = "resolve:ssm:/images/runner:3";

const sets = {
  default: { environment: "ci" },
  everything: {
    environment: "a-name-of-24-characters1",
    images,
    fifo: ["demand", "reports"],
    hosts: ["ecs", "ec2", "lambda"],
    intake: true,
    tags: { team: "ci", "cost-centre": "42" },
    logDays: 400,
    keepsData: false,
  },
  "one-place": {
    environment: "prod",
    ...place,
    region: "eu-west-1",
    images: { "linux-arm64": { imageId: "ami-0a1b2c3d" }, "linux-x64": { imageId } },
    securityGroupIds: ["sg-0a1b2c3d", "sg-1b2c3d4e"],
  },
  china: {
    environment: "ci",
    ...place,
    region: "cn-north-1",
    images: { "linux-x64": { imageId } },
  },
  disks: {
    environment: "ci",
    images: {
      "linux-x64": {
        rootVolume: {
          deviceName: "/dev/sda1",
          sizeGib: 200,
          iops: 6_000,
          throughputMibps: 500,
          kmsKeyId: "alias/runners",
        },
      },
    },
  },
};

/** What must not pass, by what is broken. */
const broken = {
  "unknown attribute": (/** @type {string} */ text) =>
    text.replace("VisibilityTimeout:", "VisibilityTime:"),
  "reference to nothing": (/** @type {string} */ text) =>
    text.replace("- Ref: NoticesQueue", "- Ref: NoticesQueues"),
  "value out of range": (/** @type {string} */ text) =>
    text.replace("MessageRetentionPeriod: 345600", "MessageRetentionPeriod: 3456000"),
  "unknown action": (/** @type {string} */ text) =>
    text.replace('"ec2:StopInstances"', '"ec2:StopMachines"'),
  circle: (/** @type {string} */ text) =>
    text.replace(/sourceQueueArns:\n\s+- Fn::Sub: "[^"]*demand"/, (all) =>
      all.replace(/Fn::Sub: "[^"]*"/, "Fn::GetAtt: [DemandQueue, Arn]"),
    ),
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const write = (/** @type {string} */ name, /** @type {string} */ text) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const good = Object.entries(sets).map(([name, options]) =>
  write(`${name}.yaml`, renderCloudFormation(describeStack(options), "yaml")),
);
good.push(write("default.json", renderCloudFormation(describeStack(sets.default), "json")));
const model = renderCloudFormation(describeStack({ environment: "ci" }));
const bad = Object.entries(broken).map(([name, spoil]) => {
  const text = spoil(model);
  if (text === model) throw new Error(`"${name}" breaks nothing any more`);
  return write(`broken-${name.replaceAll(" ", "-")}.yaml`, text);
});

const { version, findings } = await lintTemplates([...good, ...bad]);
const of = (/** @type {string} */ file) => findings.filter((one) => one.file === file);
for (const file of good) {
  for (const { rule, level, message, line } of of(file)) {
    console.error(`${basename(file)}:${line} ${level} ${rule} ${message}`);
  }
}
const passed = bad.filter((file) => of(file).length === 0);
for (const file of passed)
  console.error(`${basename(file)} is broken, and cfn-lint does not see it`);
const faults = good.filter((file) => of(file).length > 0).length + passed.length;
console.log(
  `cfn-lint ${version}: ${good.length} templates, ${bad.length} broken ones, ${faults} faults in ${seconds(Date.now() - begin)}`,
);
process.exitCode = faults > 0 ? 1 : 0;
