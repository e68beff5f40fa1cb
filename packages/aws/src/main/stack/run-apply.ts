import type { CliHost, ExitCode } from "@runs-fleet/core/node";
import {
  applyStack,
  planStack,
  readStackOutputs,
  type StackOutputs,
  type StackStep,
} from "../../stack/apply/index.ts";
import { describeStack, placeOf, type Stack, stackNames } from "../../stack/index.ts";
import { defaultVpc, type OpenAccount } from "./account.ts";
import { adopted } from "./adopt.ts";
import { optionsOf, type StackRequest } from "./request.ts";
import { countLine, stepLines, variableLines } from "./words.ts";

/** Makes what is missing, or says what that is. */
export async function runApply(
  request: StackRequest,
  account: OpenAccount,
  host: CliHost,
): Promise<ExitCode> {
  const { clients, region, accountId } = account;
  const { clock, signal } = host;
  const options = optionsOf(request);
  if (options.images === undefined) {
    throw new TypeError("--image is needed, such as --image linux-arm64=ami-0123456789abcdef0");
  }
  const vpcId = options.vpcId ?? (await defaultVpc(clients.ec2));
  if (vpcId === undefined) throw new TypeError("--vpc is needed: the account has no default VPC");
  const stack = describeStack({ ...options, region, accountId, vpcId });
  const steps = await planStack(clients, stack, { clock, signal });
  const isDifferent = steps.some(({ state }) => state === "different");
  if (isDifferent || request.yes !== true) {
    tell(request, host, stack, steps, await readStackOutputs(clients, stack));
    const isMissing = steps.some(({ state }) => state === "absent");
    if (isDifferent) host.err.write("Nothing was made: what differs has to be settled first.\n");
    else if (isMissing) host.err.write("Nothing was made: --yes makes what is missing.\n");
    return isDifferent || isMissing ? 1 : 0;
  }
  const applied = await applyStack(clients, stack, {
    clock,
    signal,
    onMade: ({ kind, name }) => host.err.write(`made     ${kind} ${name}\n`),
  });
  tell(request, host, stack, applied.steps, applied.outputs);
  return applied.steps.every(({ state }) => state === "present") ? 0 : 1;
}

/** Says how everything is. */
export async function runStatus(
  request: StackRequest,
  account: OpenAccount,
  host: CliHost,
): Promise<ExitCode> {
  const { clients, region, accountId } = account;
  const { clock, signal } = host;
  const { prefix } = stackNames(request.environment, placeOf(region, accountId));
  const options = await adopted(clients, prefix, optionsOf(request));
  const stack = describeStack({ ...options, region, accountId });
  const steps = await planStack(clients, stack, { clock, signal });
  tell(request, host, stack, steps, await readStackOutputs(clients, stack));
  return steps.every(({ state }) => state === "present") ? 0 : 1;
}

function tell(
  { json }: StackRequest,
  { out }: CliHost,
  stack: Stack,
  steps: readonly StackStep[],
  outputs: StackOutputs,
): void {
  if (json === true) {
    out.write(`${JSON.stringify({ environment: stack.environment, steps, outputs }, null, 2)}\n`);
    return;
  }
  out.write(`${stepLines(steps)}${countLine(steps)}`);
  const hasHosts = Object.keys(outputs.queueUrls).length > 0;
  if (hasHosts) out.write(`\n# What hosts want to know:\n${variableLines(stack, outputs)}`);
}
