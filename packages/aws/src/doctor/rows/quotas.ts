import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { FleetError } from "@runs-fleet/core";
import type { DoctorContext } from "../context.ts";
import type { DoctorRow, RowAnswer } from "../row.ts";

/** A quota of EC2 that counts processors. Source: Service Quotas, Amazon EC2, read 2026-11-28. */
interface VcpuQuota {
  readonly code: string;
  /** What it counts, in words. */
  readonly words: string;
  /** Part of its name: a code that has come to mean something else is not believed. */
  readonly name: RegExp;
}

const onDemand: VcpuQuota = {
  code: "L-1216C47A",
  words: "on demand",
  name: /On-Demand Standard/u,
};
const spot: VcpuQuota = { code: "L-34B43A08", words: "spot", name: /Standard.*Spot/u };

/** Whether the account may have as many processors as the machines need. */
export const quotasRow: DoctorRow = {
  id: "quotas",
  question: "May the account have the processors of all machines?",
  why: "New accounts may have 5 to 32; above the quota EC2 answers VcpuLimitExceeded or MaxSpotInstanceCountExceeded",
  onlyOnAws: "an emulator has no quotas",
  after: ["identity"],
  async run(context) {
    const { clients } = context;
    const found = await Promise.all(
      [onDemand, spot].map(async (quota) => ({ quota, vcpus: await read(clients.quotas, quota) })),
    );
    return quotaAnswer(found, needOf(context));
  },
};

/** Processors that are needed; `undefined` when nobody has said how many machines there may be. */
function needOf({ options }: DoctorContext): number | undefined {
  const { machines, shapes } = options;
  if (machines === undefined) return undefined;
  return machines * Math.max(...shapes.map(({ shape }) => shape.cpu.min));
}

/** What quotas come to. */
export function quotaAnswer(
  found: readonly { readonly quota: Pick<VcpuQuota, "code" | "words">; readonly vcpus: number }[],
  need: number | undefined,
): RowAnswer {
  const evidence = Object.fromEntries(found.map(({ quota, vcpus }) => [quota.code, vcpus]));
  const detail = found.map(({ quota, vcpus }) => `${vcpus} vCPU ${quota.words}`).join(", ");
  if (need === undefined) {
    return {
      verdict: "unproven",
      detail: `${detail}; nobody has said how many are needed`,
      evidence,
      advice: "say --machines and --shape",
    };
  }
  const short = found.filter(({ vcpus }) => vcpus < need);
  if (short.length === 0) return { verdict: "proven", detail: `${detail}, for ${need}`, evidence };
  return {
    verdict: "disproven",
    detail: `${detail}; ${need} are needed`,
    evidence,
    advice: `ask in Service Quotas for ${need} or more of ${short.map(({ quota }) => quota.code).join(" and ")}`,
  };
}

async function read(client: ServiceQuotasClient, { code, name }: VcpuQuota): Promise<number> {
  const input = { ServiceCode: "ec2", QuotaCode: code };
  const { Quota } = await client.send(new GetServiceQuotaCommand(input)).catch((error: unknown) => {
    // A quota that nobody has ever changed.
    if (!(error instanceof Error) || error.name !== "NoSuchResourceException") throw error;
    return client.send(new GetAWSDefaultServiceQuotaCommand(input));
  });
  if (Quota?.Value === undefined || !name.test(Quota.QuotaName ?? "")) {
    const message = `Quota ${code} is ${Quota?.QuotaName ?? "nameless"}, which is not what it should be`;
    throw new FleetError({ kind: "unknown", message });
  }
  return Quota.Value;
}
