import { type Command, InvalidArgumentError, Option } from "commander";
import type { StackRequest } from "./stack/request.ts";
import type { AddVerb, VerbContext } from "./verb.ts";

const examples = `
Examples:
  A template for CloudFormation; VPC, subnets and images are its parameters:
    $ runs-fleet-aws stack render --environment ci > runs-fleet-ci.yaml
    $ aws cloudformation deploy --stack-name runs-fleet-ci --template-file runs-fleet-ci.yaml \\
        --capabilities CAPABILITY_NAMED_IAM --parameter-overrides VpcId=vpc-... SubnetIds=subnet-...,subnet-... \\
        ImageLinuxArm64=ami-... ImageLinuxX64=ami-...

  Without CloudFormation, for a trial: what would be made, and then make it:
    $ runs-fleet-aws stack apply --environment ci --vpc vpc-... --image linux-arm64=ami-...
    $ runs-fleet-aws stack apply --environment ci --vpc vpc-... --image linux-arm64=ami-... --yes

  What is there, and the variables that hosts want:
    $ runs-fleet-aws stack status --environment ci

Exit codes: 0 fine, 1 something is missing or differs, 2 wrong use, no credentials, or AWS refuses.
`;

/** `runs-fleet-aws stack ...`: tables, queues, bucket, launch templates, policies and roles of one environment. */
export const addStackVerb: AddVerb = (program, context) => {
  const stack = program
    .command("stack")
    .description("What an environment needs of AWS: a template of it, or the thing itself.")
    .addHelpText("after", examples);
  withChoices(
    withStack(
      stack
        .command("render")
        .summary("Writes a template for CloudFormation")
        .description("Writes a template for CloudFormation to stdout. Calls nothing."),
    ),
  )
    .option("--account <id>", "for this account alone; with --region. Any without it")
    .addOption(
      new Option("--format <format>", "how it is written")
        .choices(["yaml", "json"])
        .default("yaml"),
    )
    .option("--delete-data", "tables and bucket go with the stack, instead of outliving it")
    .action(run(context, "render"));
  withChoices(
    withStack(
      stack
        .command("apply")
        .summary("Makes what is missing, for emulators and trials")
        .description(
          "Makes what is missing, and changes nothing that is there. Without --yes it only says what it would make.",
        ),
    ),
  )
    .option("--yes", "makes it")
    .option("--json", "writes the result as JSON")
    .action(run(context, "apply"));
  withChoices(
    withStack(
      stack
        .command("status")
        .summary("Says what is there, and what differs")
        .description(
          "Looks at everything, and prints the variables that hosts want. Images, volumes and VPC are taken as they are unless they are named.",
        ),
    ),
  )
    .option("--json", "writes the result as JSON")
    .action(run(context, "status"));
  withStack(
    stack
      .command("delete")
      .summary("Removes everything, with all data")
      .description(
        "Removes everything that belongs to the environment. End its machines first. At a terminal it asks for the environment's name.",
      ),
  )
    .option("--keep-data", "leaves tables and the bucket")
    .option("--yes", "removes it")
    .option(
      "--confirm <environment>",
      "the environment's name once more, where nobody can be asked",
    )
    .action(run(context, "delete"));
};

function run(context: VerbContext, verb: "render" | "apply" | "status" | "delete") {
  return context.action(async (request: StackRequest) => {
    const { runStack } = await import("./stack/run-stack.ts");
    return runStack(verb, request, context.host);
  });
}

function withStack(command: Command): Command {
  return command
    .requiredOption("-e, --environment <name>", "the environment, such as ci")
    .option("--region <region>", "where. AWS_REGION, or that of the profile, without it")
    .addOption(
      list(
        "--fifo <queue>",
        "a queue that keeps the order",
        /^(?:demand|reports)$/,
        "demand or reports",
      ),
    );
}

function withChoices(command: Command): Command {
  return command
    .addOption(
      pairs(
        "--image <key=ami>",
        "linux-arm64=ami-..., linux-x64=, windows-x64=; or resolve:ssm:<parameter>; repeatable",
        /^(?:linux-arm64|linux-x64|windows-x64)=\S+$/,
      ),
    )
    .option("--vpc <id>", "where machines are")
    .addOption(
      list(
        "--security-group <id>",
        "groups of machines; one without a way in is made without it; repeatable",
        /^sg-[0-9a-f]+$/,
        "sg-...",
      ),
    )
    .addOption(
      list(
        "--host <kind>",
        "where processes that control run: ecs, ec2, lambda; repeatable; ecs without it",
        /^(?:ecs|ec2|lambda)$/,
        "ecs, ec2 or lambda",
      ),
    )
    .option("--intake", "a role for functions that only take webhooks")
    .addOption(
      pairs("--tag <key=value>", "tags of everything, for cost reports; repeatable", /^[^=]+=/),
    )
    .addOption(
      new Option("--log-days <days>", "how long logs are kept; 30 without it").argParser(
        (text: string) => {
          if (/^\d{1,4}$/.test(text)) return Number(text);
          throw new InvalidArgumentError("Must be a number of days.");
        },
      ),
    );
}

function list(flags: string, description: string, form: RegExp, words: string): Option {
  return new Option(flags, description).argParser(
    (text: string, before: readonly string[] | undefined) => {
      if (form.test(text)) return [...(before ?? []), text];
      throw new InvalidArgumentError(`Must be ${words}.`);
    },
  );
}

function pairs(flags: string, description: string, form: RegExp): Option {
  return new Option(flags, description).argParser(
    (text: string, before: Readonly<Record<string, string>> | undefined) => {
      if (!form.test(text)) throw new InvalidArgumentError("Must be like the words in brackets.");
      const at = text.indexOf("=");
      return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
    },
  );
}
