import { DescribeImagesCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { type CallOptions, type Clock, FleetError, type ImageSource } from "@runs-fleet/core";
import { callEc2, ec2CodeOf, everyPage } from "../call.ts";
import { createSharedRead, type SharedRead } from "../shared-read.ts";
import { type Ec2Image, readImage } from "./choose-images.ts";

/** Finds the images that configurations name. */
export interface Ec2ImageLookup {
  /**
   * Every image that a source means and that a machine can boot; at most some minutes old. When EC2 does not answer, what it
   * said last; without that it rejects with a `FleetError`.
   */
  find(source: ImageSource, options?: CallOptions): Promise<readonly Ec2Image[]>;
}

/** A new image is launched from at most this late, milliseconds. */
const maxAgeMs = 5 * 60_000;
/** Most sources that are remembered; a configuration has at most a thousand images. */
const mostSources = 1_000;
/** Most images of one page. Source: EC2 API, DescribeImages, read 2026-11-28. */
const imagesPerPage = 1_000;

/** Most pages of one source: a name that ten thousand images have means none in particular. */
const mostPages = 10;

/** Asks EC2 at the first use of a source, and again every 5 minutes of use. */
export function createImageLookup(client: EC2Client, clock: Clock): Ec2ImageLookup {
  const reads = new Map<string, SharedRead<readonly Ec2Image[]>>();
  return {
    find(source, options) {
      const { id, owner = "self", name } = source;
      const key = JSON.stringify([id ?? null, owner, name ?? null]);
      let read = reads.get(key);
      if (read === undefined) {
        if (reads.size >= mostSources) reads.clear();
        read = createSharedRead({ clock, maxAgeMs, load: () => describe(client, source) });
        reads.set(key, read);
      }
      return read.read(options);
    },
  };
}

async function describe(
  client: EC2Client,
  { id, owner = "self", name = "" }: ImageSource,
): Promise<readonly Ec2Image[]> {
  const purpose = "find the image that machines boot";
  if (id !== undefined) {
    try {
      const { Images = [] } = await callEc2(purpose, undefined, () =>
        client.send(new DescribeImagesCommand({ ImageIds: [id] })),
      );
      return Images.flatMap((image) => readImage(image) ?? []);
    } catch (error) {
      // It has been taken away, or was never there: the same as a name that nothing has.
      if (ec2CodeOf(error) === "InvalidAMIID.NotFound") return [];
      throw error;
    }
  }
  // Names are anybody's to give: without its owner a name would boot what a stranger has made.
  const Filters = [
    { Name: "name", Values: [name] },
    { Name: "state", Values: ["available"] },
  ];
  let asked = 0;
  const pages = await everyPage((NextToken) => {
    asked += 1;
    if (asked > mostPages) {
      const message = `More than ${mostPages * imagesPerPage} images of ${owner} are called ${JSON.stringify(name)}`;
      throw new FleetError({ kind: "config", message });
    }
    const request = { Owners: [owner], Filters, MaxResults: imagesPerPage, NextToken };
    return callEc2(purpose, undefined, () => client.send(new DescribeImagesCommand(request)));
  });
  return pages.flatMap(({ Images = [] }) => Images.flatMap((image) => readImage(image) ?? []));
}
