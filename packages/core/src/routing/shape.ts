import type { ImageSource } from "./image-source.ts";

/** Operating system of a machine. */
export type Os = "linux" | "windows";
/** Processor architecture of a machine. */
export type Arch = "arm64" | "x64";
/** How a machine is bought. */
export type Market = "spot" | "on-demand";

/** A closed range; no `max`: open above. */
export interface Bounds {
  /** The least, included. */
  readonly min: number;
  /** The most, included. Absent: open above. */
  readonly max?: number;
}

/** What hardware and image a machine must have: all that labels can say about it. */
export interface Shape {
  /** Operating system that the machine boots. */
  readonly os: Os;
  /** Absent: either. */
  readonly arch?: Arch;
  /** vCPUs. */
  readonly cpu: { readonly min: number; readonly max: number };
  /** Memory, GiB. */
  readonly ramGib?: Bounds;
  /**
   * Instance families in lower case: `c7g`, or `c7*` for all that begin so; with a size their types of that size alone, such
   * as `c7g.2xlarge`. Absent or empty: any.
   */
  readonly families?: readonly string[];
  /** Instance generation, 1 to 12. */
  readonly generation?: number;
  /** Root volume, GiB. */
  readonly diskGib?: number;
  /** Name of an image of the catalog. */
  readonly image?: string;
  /** What the catalog says of that image. Absent: the provider alone knows what the name means. */
  readonly imageSource?: ImageSource;
  /** Whether spot may be bought. @defaultValue true */
  readonly spot?: boolean;
}
