import type { Ec2Image } from "@runs-fleet/core/testing";
import type { Parameters } from "./read-form.ts";
import { refusal } from "./refusal.ts";

const textsOf = (value: Parameters[string] | undefined): readonly string[] | undefined =>
  Array.isArray(value) ? value.map(String) : undefined;

/** Names of filters that the answer can be asked for. */
const known: ReadonlySet<string> = new Set(["name", "state"]);

/**
 * DescribeImages over the images of the model: by ids, all of which must be there, or by owners and filters, in pages.
 *
 * Source: EC2 API, DescribeImages, read 2026-11-28; ids and a size of pages exclude each other.
 */
export function describeImages(images: readonly Ec2Image[], input: Parameters) {
  const unknown = Object.keys(input).find(
    (key) => !["ImageIds", "Owners", "Filters", "MaxResults", "NextToken"].includes(key),
  );
  if (unknown !== undefined) throw refusal("UnknownParameter", `No parameter ${unknown}`);
  const ids = textsOf(input["ImageIds"]);
  const { MaxResults: size } = input;
  if (ids !== undefined && size !== undefined) {
    throw refusal("InvalidParameterCombination", "MaxResults cannot be given with ImageIds");
  }
  const missing = ids?.find((id) => !images.some((image) => image.id === id));
  if (missing !== undefined) {
    throw refusal("InvalidAMIID.NotFound", `The image id '[${missing}]' does not exist`);
  }
  const owners = textsOf(input["Owners"]);
  const filters = filtersOf(input["Filters"]);
  const found = images.filter(
    (image) =>
      (ids === undefined || ids.includes(image.id)) &&
      (owners === undefined || owners.includes(image.owner ?? "self")) &&
      filters.every(({ name, values }) =>
        values.some((value) =>
          name === "state" ? value === "available" : matches(image.name ?? "", value),
        ),
      ),
  );
  const from = Number(input["NextToken"] ?? 0);
  const to = typeof size === "number" ? from + size : found.length;
  return {
    Images: found.slice(from, to).map(show),
    ...(to < found.length ? { NextToken: String(to) } : {}),
  };
}

function filtersOf(filters: Parameters[string] | undefined) {
  if (!Array.isArray(filters)) return [];
  return (filters as readonly Parameters[]).map(({ Name, Values }) => {
    const name = String(Name);
    if (!known.has(name)) {
      throw refusal("InvalidParameterValue", `The filter '${name}' is invalid`);
    }
    return { name, values: textsOf(Values) ?? [] };
  });
}

/** `*` and `?` as in EC2's filters; everything else is itself. */
function matches(text: string, pattern: string): boolean {
  const source = pattern.replaceAll(/[\\^$.|+()[\]{}]/gu, "\\$&");
  return new RegExp(`^${source.replaceAll("*", ".*").replaceAll("?", ".")}$`, "u").test(text);
}

function show(image: Ec2Image) {
  const { id, os, arch = "x64", name = id, owner = "self", createdAtMs = 0 } = image;
  const { rootDevice = "/dev/xvda", sizeGib = 8 } = image;
  return {
    ImageId: id,
    Name: name,
    OwnerId: owner,
    State: "available",
    Architecture: arch === "x64" ? "x86_64" : "arm64",
    CreationDate: new Date(createdAtMs).toISOString(),
    RootDeviceName: rootDevice,
    RootDeviceType: "ebs",
    ...(os === "windows" ? { Platform: "windows" } : {}),
    BlockDeviceMappings: [{ DeviceName: rootDevice, Ebs: { VolumeSize: sizeGib } }],
  };
}
