import type { CliHost, ExitCode } from "@runs-fleet/core/node";
import { describeStack, placeOf, renderCloudFormation, stackNames } from "../../stack/index.ts";
import { optionsOf, type StackRequest } from "./request.ts";

/** Does what was asked for. What only renders loads no client. */
export async function runStack(
  verb: "render" | "apply" | "status" | "delete",
  request: StackRequest,
  host: CliHost,
): Promise<ExitCode> {
  if (verb === "render") return render(request, host);
  // A name that cannot be is said before anybody is asked for credentials.
  stackNames(request.environment, placeOf("eu-west-1", "000000000000"));
  const { openAccount } = await import("./account.ts");
  await using account = await openAccount(request.region);
  if (verb === "delete") {
    const { runDelete } = await import("./run-delete.ts");
    return runDelete(request, account, host);
  }
  const { runApply, runStatus } = await import("./run-apply.ts");
  return verb === "apply" ? runApply(request, account, host) : runStatus(request, account, host);
}

function render(request: StackRequest, host: CliHost): ExitCode {
  const { account, region, format } = request;
  if ((account === undefined) !== (region === undefined)) {
    throw new TypeError("--account and --region go together: a template of one place, or of any");
  }
  const stack = describeStack({
    ...optionsOf(request),
    // A template is for any place unless it is told one.
    ...(account === undefined ? {} : { accountId: account }),
    ...(region === undefined ? {} : { region }),
  });
  host.out.write(renderCloudFormation(stack, format));
  return 0;
}
