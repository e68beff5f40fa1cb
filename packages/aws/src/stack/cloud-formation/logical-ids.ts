import type { DynamodbTable } from "../../dynamodb/tables.ts";
import type { StackImageKey } from "../names.ts";
import type { Stack, StackQueue } from "../stack.ts";

/** Words as CloudFormation likes them: `linux-arm64` becomes `LinuxArm64`. */
function pascal(words: string): string {
  return words
    .split(/[^A-Za-z\d]+/u)
    .map((word) => `${word[0]?.toUpperCase() ?? ""}${word.slice(1)}`)
    .join("");
}

/** What resources are called within the template. They stay the same for ever: another name is another resource. */
export const logicalId = {
  table: ({ kind }: DynamodbTable) => `${pascal(kind)}Table`,
  queue: ({ kind, redrive }: StackQueue) =>
    `${pascal(kind)}${redrive === undefined ? "DeadLetter" : ""}Queue`,
  template: (key: StackImageKey) => `LaunchTemplate${pascal(key)}`,
  /** Of policies, roles, profiles and rules: from what stands behind the prefix of the environment. */
  named: ({ names }: Stack, name: string, suffix: string) =>
    `${pascal(name.slice(names.prefix.length))}${suffix}`,
};
