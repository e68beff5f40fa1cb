import type { Rates } from "@runs-fleet/scheduling";
import { openConfig } from "../check/open-config.ts";
import { isColoured } from "../cli/paint.ts";
import type { VerbContext } from "../cli/verb.ts";
import type { FleetConfig } from "../parse-config.ts";
import { askConfig } from "../remote/ask-host.ts";
import { formatPlan, type PlanFormat } from "./format-plan.ts";
import { type ConfigPlan, planConfig } from "./plan-config.ts";

/** What the command line asked for. */
export interface PlanRequest {
  readonly format: PlanFormat;
  /** The file that is in force now. */
  readonly from?: string;
  /** The host whose configuration is in force now. */
  readonly url?: string;
  /** A file of rates. */
  readonly rates?: string;
  /** Whether only the differences are told. */
  readonly changesOnly?: boolean;
  /** Whether differences end with 1. */
  readonly exitCode?: boolean;
}

type Opened<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly exitCode: 1 | 2 };

/** Plans what a file changes against what is in force. */
export async function runPlan(
  file: string | undefined,
  request: PlanRequest,
  context: VerbContext,
): Promise<0 | 1 | 2> {
  const { host } = context;
  const next = await openConfig(context, file);
  if (!next.ok) return next.exitCode;
  const current = await openCurrent(request, context);
  if (!current.ok) return current.exitCode;
  const rates = await openRates(request, context);
  if (!rates.ok) return rates.exitCode;
  const plan = planConfig(current.value, next.config, {
    ...(request.changesOnly ? {} : { atMs: host.clock.now() }),
    ...(rates.value === undefined ? {} : { rates: rates.value }),
  });
  const shown: ConfigPlan = request.changesOnly ? { ...plan, pools: [] } : plan;
  host.out.write(
    formatPlan(shown, request.format, {
      colour: isColoured(host.out, host.env),
    }),
  );
  return request.exitCode && plan.changes.length > 0 ? 1 : 0;
}

async function openCurrent(
  { from, url }: PlanRequest,
  context: VerbContext,
): Promise<Opened<FleetConfig | undefined>> {
  if (from !== undefined) {
    const opened = await openConfig(context, from);
    return opened.ok ? { ok: true, value: opened.config } : opened;
  }
  if (url === undefined) return { ok: true, value: undefined };
  const answer = await askConfig(context.host, url);
  if (answer.ok) return { ok: true, value: answer.value.config };
  context.report(answer.issues);
  return { ok: false, exitCode: 2 };
}

async function openRates(
  { rates }: PlanRequest,
  { host, report }: VerbContext,
): Promise<Opened<Readonly<Record<string, Rates>> | undefined>> {
  if (rates === undefined) return { ok: true, value: undefined };
  const { readRates } = await import("../simulate/read-profiles.ts");
  const read = await readRates(host.cwd, rates);
  if (read.ok) return { ok: true, value: read.value.rates };
  report(read.issues);
  return { ok: false, exitCode: 2 };
}
