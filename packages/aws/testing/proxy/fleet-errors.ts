import { randomUUID } from "node:crypto";
import { type AwsAnswer, type AwsRequest, formOf, type Handle, withForm } from "./exchange.ts";
import type { FleetErrorsFault } from "./fault.ts";
import { escapeXml } from "./xml.ts";

const capacity = "TargetCapacitySpecification";

/** Lets a fleet come up in part, or not at all, with errors per override: moto never answers one. */
export function withFleetErrors(next: Handle): Handle {
  return async (request) => {
    const { fault } = request;
    if (fault?.kind !== "fleet-errors" || request.action !== "CreateFleet") return next(request);
    const answer = fault.keep === 0 ? emptyFleet() : await next(reduced(request, fault.keep));
    if (answer.status !== 200) return answer;
    const text = answer.body
      .toString("utf8")
      .replace(/<errorSet\s*\/>|<errorSet>\s*<\/errorSet>/u, "");
    const end = text.lastIndexOf("</CreateFleetResponse>");
    const errors = `<errorSet>${itemsOf(request, fault)}</errorSet>`;
    return { ...answer, body: Buffer.from(text.slice(0, end) + errors + text.slice(end)) };
  };
}

/** The call with a smaller target. */
function reduced(request: AwsRequest, keep: number): AwsRequest {
  const form = formOf(request);
  let left = keep;
  for (const part of ["OnDemandTargetCapacity", "SpotTargetCapacity"]) {
    const wanted = form.get(`${capacity}.${part}`);
    if (wanted === null) continue;
    const given = Math.min(Number(wanted), left);
    form.set(`${capacity}.${part}`, String(given));
    left -= given;
  }
  const total = Number(form.get(`${capacity}.TotalTargetCapacity`) ?? 0);
  form.set(`${capacity}.TotalTargetCapacity`, String(Math.min(total, keep)));
  return withForm(request, form);
}

function emptyFleet(): AwsAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<CreateFleetResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${randomUUID()}</requestId><fleetId>fleet-${randomUUID()}</fleetId><fleetInstanceSet/></CreateFleetResponse>`;
  return {
    status: 200,
    headers: { "content-type": "text/xml;charset=UTF-8" },
    body: Buffer.from(body),
  };
}

/** An error for each code, on the overrides in turn. */
function itemsOf(request: AwsRequest, fault: FleetErrorsFault): string {
  const form = formOf(request);
  const overrides = overridesOf(form);
  const lifecycle = form.get(`${capacity}.DefaultTargetCapacityType`) ?? "on-demand";
  return fault.codes
    .map((code, index) => {
      const { type, subnet } = overrides[index % overrides.length] ?? {};
      return [
        "<item><launchTemplateAndOverrides><launchTemplateSpecification/><overrides>",
        type === undefined ? "" : `<instanceType>${escapeXml(type)}</instanceType>`,
        subnet === undefined ? "" : `<subnetId>${escapeXml(subnet)}</subnetId>`,
        `</overrides></launchTemplateAndOverrides><lifecycle>${escapeXml(lifecycle)}</lifecycle>`,
        `<errorCode>${escapeXml(code)}</errorCode><errorMessage>Injected</errorMessage></item>`,
      ].join("");
    })
    .join("");
}

/** The overrides of a call, over all its templates. */
function overridesOf(form: URLSearchParams) {
  const found = new Map<string, { type?: string; subnet?: string }>();
  for (const [key, value] of form) {
    const [, place = "", member] =
      /^(LaunchTemplateConfigs\.\d+\.Overrides\.\d+)\.(InstanceType|SubnetId)$/u.exec(key) ?? [];
    if (member === undefined) continue;
    const override = found.get(place) ?? {};
    found.set(place, { ...override, [member === "SubnetId" ? "subnet" : "type"]: value });
  }
  return [...found.values()];
}
