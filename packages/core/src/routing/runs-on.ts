import { isArmName } from "./family.ts";
import { maxLabelLength, maxLabels, minDiskGib } from "./limits.ts";
import { isDigits, startsWithWord } from "./scan.ts";

/** Labels of RunsOn in words of ours. */
export interface RunsOnLabels {
  /** The labels with the marker; one is right. */
  readonly markers: readonly string[];
  readonly runId?: string;
  /** `key=value` of ours, each with the label it comes from. */
  readonly settings: readonly { readonly label: string; readonly text: string }[];
  /** Keys that have no meaning here, as written. */
  readonly ignored: readonly string[];
}

const marker = "runs-on";
const spot: ReadonlyMap<string, string> = new Map([
  ["never", "false"],
  ["pco", "true"],
  ["price-capacity-optimized", "true"],
  ["lp", "true"],
  ["lowest-price", "true"],
  ["co", "true"],
  ["capacity-optimized", "true"],
]);

function isMarked(label: string): boolean {
  if (!startsWithWord(label, 0, marker)) return false;
  const next = label.charAt(marker.length);
  return next === "" || next === "=" || next === "/" || next === ",";
}

/** A choice such as `2+4+8` as our range `2+8`, in whole numbers for `whole`. Anything else stays for us to complain about. */
function range(value: string, whole: boolean): string {
  const numbers: number[] = [];
  for (const part of value.split("+")) {
    if (!/^\d{1,6}(?:\.\d{1,3})?$/.test(part)) return value;
    numbers.push(whole ? Math.ceil(Number(part)) : Number(part));
  }
  const min = Math.min(...numbers);
  const max = Math.max(...numbers);
  return numbers.length === 1 || min === max ? `${min}` : `${min}+${max}`;
}

/**
 * `c7` and `c7*` as the beginning of names, `t3.*` as the one family it names, and `m7g.large` as the type it is, each once.
 * Stars in the middle stay for us to complain about.
 */
function families(value: string): readonly string[] {
  const names = value
    .toLowerCase()
    .split("+")
    .map((name) => {
      const [, start, star, size] = /^([a-z][a-z0-9-]*)(\*?)(?:\.(.*))?$/.exec(name) ?? [];
      if (start === undefined) return name;
      if (size === undefined) return `${start}*`;
      return size === "*" || size === "" ? `${start}${star}` : name;
    });
  return [...new Set(names)];
}

/** The size of `gp3:40gb:125mibps:3000iops`, in any order, as our `disk`: never less than asked for. */
function disk(value: string): string | undefined {
  for (const part of value.toLowerCase().split(":")) {
    const size = /^(\d{1,6})(?:gib|gb|g)$/.exec(part);
    if (size !== null) return `disk=${Math.max(minDiskGib, Number(size[1]))}`;
  }
  return undefined;
}

/** The names of RunsOn's own images say what they run on: `ubuntu24-full-arm64`, `windows22-base-x64`. */
function image(value: string): readonly string[] {
  const known = /^(ubuntu|windows)\d\d-[a-z0-9-]{1,40}-(x64|arm64)$/.exec(value);
  if (known === null) return [`image=${value}`];
  return [
    `image=${value}`,
    `os=${known[1] === "ubuntu" ? "linux" : "windows"}`,
    `arch=${known[2]}`,
  ];
}

/** Our settings for one of theirs; `undefined` when the key means nothing here. */
function translate(key: string, value: string): readonly string[] | undefined {
  switch (key) {
    case "cpu":
      return [`cpu=${range(value, true)}`];
    case "ram":
      return [`ram=${range(value, false)}`];
    case "family":
      return [`family=${families(value).join("+")}`];
    case "image":
      return value === "" ? ["image="] : image(value);
    case "spot":
      return [`spot=${spot.get(value.toLowerCase()) ?? value}`];
    case "runner":
    case "pool":
    case "env":
    case "region":
      return [`${key}=${value}`];
    case "volume": {
      const found = disk(value);
      return found === undefined ? undefined : [found];
    }
    default:
      return undefined;
  }
}

/** Of the image that jobs have there which name none. */
const usualArch = "x64";

/** Whether a job has the usual image: it names none, nor a runner or pool that may, nor only families that cannot boot it. */
function isUsual(parts: readonly { readonly key: string; readonly value: string }[]): boolean {
  if (parts.some(({ key }) => key === "image" || key === "runner" || key === "pool")) return false;
  const names = parts.flatMap(({ key, value }) => (key === "family" ? families(value) : []));
  return names.length === 0 || !names.every(isArmName);
}

/**
 * Labels of RunsOn in words of ours: one label with `/` or `,` between its parts, or one part a label.
 *
 * With `pool`, every other key but `env` and `region` is ignored, as it is there. A volume over what a machine can have
 * stays and is refused like a disk of ours. Without an image they ask for the architecture of the usual one there.
 *
 * @returns `undefined` when no label has their marker.
 */
export function translateRunsOn(labels: readonly string[]): RunsOnLabels | undefined {
  const markers = labels.filter(isMarked);
  if (markers.length === 0) return undefined;
  const parts: { label: string; key: string; value: string }[] = [];
  let runId: string | undefined;
  for (const label of labels.slice(0, maxLabels)) {
    if (label.length > maxLabelLength) continue;
    const marked = isMarked(label);
    // A label of another kind, such as `self-hosted`, is no part of theirs.
    if (!marked && !label.includes("=")) continue;
    for (const part of label.split(/[/,]/)) {
      const at = part.indexOf("=");
      const key = (at < 0 ? part : part.slice(0, at)).trim().toLowerCase();
      const value = at < 0 ? "" : part.slice(at + 1).trim();
      // What follows their marker makes a label unique; it need not be a run id.
      if (key === marker || key === "run-id") {
        if (isDigits(value, 0, value.length)) runId ??= value;
      } else if (key !== "") parts.push({ label, key, value });
    }
  }
  const pooled = parts.some(({ key }) => key === "pool");
  const settings: { label: string; text: string }[] = [];
  const ignored: string[] = [];
  for (const { label, key, value } of parts) {
    const counts = !pooled || key === "pool" || key === "env" || key === "region";
    const ours = counts ? translate(key, value) : undefined;
    if (ours === undefined) ignored.push(key);
    else for (const text of ours) settings.push({ label, text });
  }
  if (isUsual(parts)) settings.push({ label: markers[0] ?? "", text: `arch=${usualArch}` });
  return { markers, settings, ignored, ...(runId === undefined ? {} : { runId }) };
}
