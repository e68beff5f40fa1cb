import { fitsShape } from "../../ec2/types/fit-shape.ts";
import type { Ec2TypeList } from "../../ec2/types/type-source.ts";
import { known } from "../context.ts";
import type { DoctorShape } from "../options.ts";
import type { DoctorRow, RowAnswer } from "../row.ts";

/** Whether the shapes are sold where the subnets are. */
export const offeringsRow: DoctorRow = {
  id: "offerings",
  question: "Is every shape sold, in every zone that has a subnet?",
  why: "A shape that one zone sells alone has nowhere to go when that zone is full",
  onlyOnAws: "an emulator's list of types is old",
  after: ["addresses"],
  async run({ facts, options, types, signal }) {
    const { subnets } = known(facts.subnets, "the subnets");
    const list = await types.read({ signal });
    const zones = [...new Set(subnets.map(({ zone }) => zone))].sort();
    return offeringAnswer(list, options.shapes, zones);
  },
};

/** What the region's list comes to. */
export function offeringAnswer(
  list: Pick<Ec2TypeList, "types" | "zones">,
  shapes: readonly DoctorShape[],
  zones: readonly string[],
): RowAnswer {
  const evidence: Record<string, number> = {};
  const nowhere: string[] = [];
  const partly: string[] = [];
  for (const { text, shape } of shapes) {
    const fitting = list.types.filter((type) => fitsShape(type, shape));
    const counts = zones.map((zone) => {
      const count = fitting.filter(({ name }) => list.zones.get(name)?.includes(zone)).length;
      evidence[`${text} in ${zone}`] = count;
      return { zone, count };
    });
    const without = counts.filter(({ count }) => count === 0).map(({ zone }) => zone);
    if (without.length === zones.length) nowhere.push(text);
    else if (without.length > 0) partly.push(`${text} not in ${without.join(", ")}`);
  }
  if (nowhere.length > 0) {
    const detail = `nothing is sold for ${nowhere.join(", ")}`;
    return {
      verdict: "disproven",
      detail,
      evidence,
      advice: "change the shape, or add subnets of other zones",
    };
  }
  const least = Math.min(...Object.values(evidence).filter((count) => count > 0));
  const detail = [`${least} types or more for each shape`, ...partly].join("; ");
  return { verdict: "proven", detail, evidence };
}
