import { awsError } from "./aws-error.ts";
import { type AwsAnswer, type AwsRequest, formOf, type Handle } from "./exchange.ts";
import { textsOf } from "./xml.ts";
import { createZones } from "./zones.ts";

/** What a token has bought. */
interface Purchase {
  /** The call, without its token: the same token with another call is refused. */
  readonly parameters: string;
  /** The first answer. */
  readonly answer: AwsAnswer;
}

/**
 * Keeps the promise of client tokens, which moto ignores. A token of RunInstances counts per zone, and a replay tells the machines
 * as they are now, ended ones too. A replay of CreateFleet does nothing and answers with the fleet's id alone. The same token
 * with other parameters is refused. What failed may be tried again.
 *
 * Source: EC2 guide, Ensuring idempotency, https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
 */
export function withClientTokens(next: Handle): Handle {
  const purchases = new Map<string, Purchase>();
  const zones = createZones(next);
  return async (request) => {
    const isFleet = request.action === "CreateFleet";
    if (request.service !== "ec2" || !(isFleet || request.action === "RunInstances")) {
      return next(request);
    }
    const form = formOf(request);
    const token = form.get("ClientToken");
    if (token === null) return next(request);
    form.delete("ClientToken");
    const zone = isFleet ? "fleet" : await zones.of(request, form);
    const key = [request.action, request.region, zone, token].join(" ");
    const parameters = [...form]
      .map((entry) => entry.join("="))
      .sort()
      .join("&");
    const before = purchases.get(key);
    if (before === undefined) {
      const answer = await next(request);
      if (answer.status === 200) purchases.set(key, { parameters, answer });
      return answer;
    }
    if (before.parameters !== parameters) return mismatch(request, token);
    return isFleet ? fleetAgain(before.answer) : machinesAgain(request, before.answer, next);
  };
}

function mismatch(request: AwsRequest, token: string): AwsAnswer {
  return awsError(request, {
    code: "IdempotentParameterMismatch",
    message: `Arguments on this idempotent request are inconsistent with arguments used in previous request(s): ${token}`,
  });
}

/** The answer without what the fleet has launched. */
function fleetAgain(answer: AwsAnswer): AwsAnswer {
  const text = answer.body.toString("utf8").replaceAll(fleetLists, "");
  return { ...answer, body: Buffer.from(text) };
}

const fleetLists = /<(?<name>fleetInstanceSet|errorSet)(?:\s*\/>|>[\s\S]*<\/\k<name>>)/gu;

/** The reservation as it is now. */
async function machinesAgain(
  request: AwsRequest,
  first: AwsAnswer,
  next: Handle,
): Promise<AwsAnswer> {
  const form = new URLSearchParams({ Action: "DescribeInstances", Version: "2016-11-15" });
  const ids = textsOf(first.body.toString("utf8"), "instanceId");
  for (const [index, id] of ids.entries()) form.set(`InstanceId.${index + 1}`, id);
  const body = Buffer.from(form.toString());
  const answer = await next({ ...request, action: "DescribeInstances", body });
  // What EC2 has forgotten it cannot tell again.
  const reservation = /<reservationSet>\s*<item>([\s\S]*)<\/item>\s*<\/reservationSet>/u.exec(
    answer.body.toString("utf8"),
  )?.[1];
  if (answer.status !== 200 || reservation === undefined) return first;
  const text = `<RunInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>again</requestId>${reservation}</RunInstancesResponse>`;
  return { ...first, body: Buffer.from(text) };
}
