import type { CliHost, ExitCode } from "@runs-fleet/core/node";
import { deleteStack } from "../../stack/apply/index.ts";
import { describeStack, placeOf, stackNames } from "../../stack/index.ts";
import type { OpenAccount } from "./account.ts";
import { adopted } from "./adopt.ts";
import { optionsOf, type StackRequest } from "./request.ts";

/** Removes everything, once a person has said so twice. */
export async function runDelete(
  request: StackRequest,
  account: OpenAccount,
  host: CliHost,
): Promise<ExitCode> {
  const { environment, keepData = false } = request;
  const { clients, region, accountId } = account;
  const { prefix } = stackNames(environment, placeOf(region, accountId));
  if (request.yes !== true) {
    host.err.write(
      `This removes everything in ${region} of account ${accountId} whose name begins with ${prefix}${keepData ? ", except tables and the bucket" : ", with all data"}. --yes does it.\n`,
    );
    return 1;
  }
  const question = `Everything of ${environment} in ${region}, account ${accountId}, goes. Type the environment's name: `;
  const answer = request.confirm ?? (await host.ask?.(question))?.trim();
  if (answer !== environment) {
    const words =
      answer === undefined
        ? `Nobody can be asked: --confirm ${environment} says it`
        : `Nothing was removed: that was not ${environment}`;
    host.err.write(`${words}\n`);
    return 2;
  }
  const options = await adopted(clients, prefix, optionsOf(request));
  // Everything that there can be, whatever it was made with.
  const stack = describeStack({
    ...options,
    region,
    accountId,
    intake: true,
    hosts: ["ecs", "ec2", "lambda"],
  });
  let removed = 0;
  await deleteStack(clients, stack, {
    clock: host.clock,
    signal: host.signal,
    keepData,
    onRemoved: ({ kind, name }) => {
      removed += 1;
      host.out.write(`removed  ${kind} ${name}\n`);
    },
  });
  host.out.write(`${removed} removed\n`);
  return 0;
}
