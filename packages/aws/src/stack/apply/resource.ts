/** Something that differs from what the stack says. */
export interface StackDifference {
  /** What it is about, such as `MessageRetentionPeriod`. */
  readonly what: string;
  /** How it is, as AWS says it. */
  readonly is: string;
  /** How the stack wants it. */
  readonly wanted: string;
}

/** What a look at a resource shows. */
export type StackLook =
  | { readonly state: "absent" }
  | {
      readonly state: "present";
      /** Empty: it is as it should be. */
      readonly differences: readonly StackDifference[];
      /** What could not be seen, in words: an emulator does not know it. */
      readonly unseen?: string;
    };

/** One thing that can be made by itself. Settings of a bucket or a table are things of their own, so that what broke off goes on. */
export interface StackResource {
  /** What it is: `table`, `bucket encryption`. */
  readonly kind: string;
  /** Its name. */
  readonly name: string;
  /** How it is. Changes nothing. */
  look(): Promise<StackLook>;
  /** Makes it, and resolves when it can be used. Called when it is absent. */
  create(): Promise<void>;
  /** Removes it; absent for what goes with another. Called when it is present. */
  remove?(): Promise<void>;
}

/** It is there and as it should be. */
export const same: StackLook = { state: "present", differences: [] };

/** It is not there. */
export const absent: StackLook = { state: "absent" };

/** What differs of these values; objects are compared by what they hold, whatever the order of their keys. */
export function compare(
  wanted: Readonly<Record<string, unknown>>,
  is: Readonly<Record<string, unknown>>,
): StackLook {
  const differences = Object.entries(wanted)
    .filter(([what, value]) => canonical(value) !== canonical(is[what]))
    .map(([what, value]) => ({ what, is: canonical(is[what]), wanted: canonical(value) }));
  return { state: "present", differences };
}

/** A value as text that is the same for the same value. */
function canonical(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, own]) => own !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, own]) => [key, sorted(own)]),
  );
}

/** JSON that AWS answers; `undefined` when it is none. */
export function parseJson(text: string | undefined): unknown {
  if (text === undefined || text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Tags as most services take them. */
export function tagList(
  tags: Readonly<Record<string, string>>,
): { readonly Key: string; readonly Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
