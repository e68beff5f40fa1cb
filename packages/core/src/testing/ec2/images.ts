import type { Arch, Os } from "../../routing/shape.ts";
import { ec2Error } from "./ec2-error.ts";
import type { Ec2LaunchTemplate } from "./world.ts";

/** What instances boot from. */
export interface Ec2Image {
  /** Such as `ami-0123456789abcdef0`; the usual templates have `ami-linux-arm64` and the like. */
  readonly id: string;
  /** Decides how long boots take. */
  readonly os: Os;
  /** Types of another architecture cannot boot it. Absent: those of either can. */
  readonly arch?: Arch;
  /** What searches find it by. Absent: nothing but its id. */
  readonly name?: string;
  /** Account that it belongs to. @defaultValue `self` */
  readonly owner?: string;
  /** When it was made, epoch milliseconds. @defaultValue 0 */
  readonly createdAtMs?: number;
  /** Its root device. @defaultValue `/dev/xvda` */
  readonly rootDevice?: string;
  /** Size of its root volume, GiB. @defaultValue 8 */
  readonly sizeGib?: number;
}

/** The images of a region. */
export interface ImageBook {
  /** All that can be launched from. */
  all(): readonly Ec2Image[];
  /** Puts an image there. */
  register(image: Ec2Image): void;
  /** Takes one away: what runs goes on. */
  deregister(id: string): void;
  /** The image with that id. @throws An `Ec2Error` when there is none. */
  resolve(id: string): Ec2Image;
}

/** Those of the templates are there from the start. */
export function createImageBook(
  templates: readonly Ec2LaunchTemplate[],
  further: readonly Ec2Image[] = [],
): ImageBook {
  const images = new Map<string, Ec2Image>();
  for (const { imageId: id, os } of templates) images.set(id, { id, os });
  for (const image of further) images.set(image.id, image);
  return {
    all: () => [...images.values()],
    register: (image) => void images.set(image.id, image),
    deregister: (id) => void images.delete(id),
    resolve(id) {
      if (!id.startsWith("ami-")) {
        throw ec2Error("InvalidAMIID.Malformed", `Invalid id: "${id}" (expecting "ami-...")`);
      }
      const image = images.get(id);
      if (image !== undefined) return image;
      throw ec2Error("InvalidAMIID.NotFound", `The image id '[${id}]' does not exist`);
    },
  };
}
