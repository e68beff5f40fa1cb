import type { LaunchAttempt, Market, Shape } from "@runs-fleet/core";
import { parseTemplates } from "../../ec2/launch/launch-templates.ts";
import { planOfferings } from "../../ec2/launch/plan-offerings.ts";
import type { Purchase } from "../../ec2/launch/purchase.ts";
import { launchTags } from "../../ec2/tags.ts";
import type { StackImageKey } from "../../stack/index.ts";
import { type DoctorContext, known } from "../context.ts";
import { stackOf } from "../stack-of.ts";

/** Types that one call of the doctor offers. */
const mostTypes = 5;

/** What there is usually a template for: who may not look at templates may launch from them all the same. */
export const usualTemplates: readonly StackImageKey[] = ["linux-arm64", "linux-x64"];

/** How long what the doctor buys may live, milliseconds. */
const longestLifeMs = 30 * 60_000;

/** The attempt of a doctor: tagged like every other one, so that listings and policies know it. */
export function doctorAttempt(
  { options, region, clock }: DoctorContext,
  id: string,
  shape: Shape,
  market: Market,
): LaunchAttempt {
  const { environment } = options;
  return {
    id,
    token: id,
    shard: `${environment}/${region}`,
    environment,
    region,
    count: 1,
    shape,
    markets: [market],
    specHash: "doctor",
    deadlineMs: clock.now() + longestLifeMs,
  };
}

/** The purchase that the provider would make for an attempt. Rejects with a `FleetError` `config` when nothing fits it. */
export async function planPurchase(
  context: DoctorContext,
  attempt: LaunchAttempt,
): Promise<Purchase> {
  const { types, facts, signal, options } = context;
  const { subnets } = known(facts.subnets, "the subnets");
  const keys = facts.templates ?? usualTemplates;
  const { prefix } = stackOf(context).names;
  const templates = parseTemplates(Object.fromEntries(keys.map((key) => [key, `${prefix}${key}`])));
  const list = await types.read({ signal });
  const plan = planOfferings(attempt, {
    list,
    subnets,
    templates,
    rootVolumes: new Map(),
    mostTypes,
  });
  const [market] = attempt.markets;
  const offerings = market === undefined ? undefined : plan.get(market);
  if (market === undefined || offerings === undefined) {
    throw new Error(`Launch attempt ${attempt.id} was planned for no market`);
  }
  const tags = launchTags(attempt, options.tags);
  return { attempt, market, offerings, count: 1, token: attempt.token, tags };
}
