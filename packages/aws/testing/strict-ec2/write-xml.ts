import { escapeXml } from "../proxy/xml.ts";

/** Members whose elements are not their name with a small letter. */
const elements: Readonly<Record<string, string>> = {
  BlockDeviceMappings: "blockDeviceMapping",
  DefaultVCpus: "defaultVCpus",
  Errors: "errorSet",
  Images: "imagesSet",
  InstanceTypeOfferings: "instanceTypeOfferingSet",
  InstanceTypes: "instanceTypeSet",
  OwnerId: "imageOwnerId",
  Reservations: "reservationSet",
  SizeInMiB: "sizeInMiB",
  StartingInstances: "instancesSet",
  StoppingInstances: "instancesSet",
  Subnets: "subnetSet",
  Tags: "tagSet",
  TerminatingInstances: "instancesSet",
  VCpuInfo: "vCpuInfo",
};

const namespace = "http://ec2.amazonaws.com/doc/2016-11-15/";

/**
 * The answer of an operation as EC2 puts it: members are elements, lists hold items.
 *
 * @param output - As the API's model names it; an instant is epoch milliseconds in `LaunchTime`.
 */
export function writeAnswer(action: string, output: object): string {
  const name = `${action}Response`;
  const more = { Instances: action === "CreateFleet" ? "fleetInstanceSet" : "instancesSet" };
  const body = writeMembers(output, { ...elements, ...more });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${namespace}"><requestId>strict</requestId>${body}</${name}>`;
}

type Names = Readonly<Record<string, string>>;

function writeMembers(value: object, names: Names): string {
  return Object.entries(value)
    .map(([member, own]) => {
      const name =
        // The state of an instance or an image has a longer name than that of a change.
        member === "State" && ("InstanceId" in value || "ImageId" in value)
          ? "InstanceId" in value
            ? "instanceState"
            : "imageState"
          : (names[member] ?? `${member.slice(0, 1).toLowerCase()}${member.slice(1)}`);
      if (own === undefined) return "";
      if (member === "LaunchTime") return `<${name}>${new Date(own).toISOString()}</${name}>`;
      return `<${name}>${writeValue(own, names)}</${name}>`;
    })
    .join("");
}

function writeValue(value: unknown, names: Names): string {
  if (Array.isArray(value)) {
    return value.map((item) => `<item>${writeValue(item, names)}</item>`).join("");
  }
  if (typeof value === "object" && value !== null) return writeMembers(value, names);
  return escapeXml(String(value));
}
