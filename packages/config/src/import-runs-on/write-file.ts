import { printable } from "../cli/problem.ts";
import type { Fields } from "./fields.ts";
import type { FieldLoss } from "./losses.ts";
import type { ImportedFile } from "./translate-file.ts";
import type { ImportedPool } from "./translate-pools.ts";
import { widest, writeField, writeItem, writeText } from "./write-value.ts";

type Path = readonly (string | number)[];

/** How a file is written. */
export interface WriteOptions {
  /** Of RunsOn's file, as it was named. */
  readonly source: string;
  /** What is noted next to where it matters. */
  readonly losses: readonly FieldLoss[];
}

/** A configuration as a person would write it, in the order of the documentation, with what is not the same in comments. */
export function writeFile(file: ImportedFile, { source, losses }: WriteOptions): string {
  const notes = createNotes(losses);
  const zones = new Set(file.pools.map(({ timezone }) => timezone));
  const [zone = "UTC"] = zones.size === 1 ? zones : [];
  const blocks: (readonly string[])[] = [
    [
      ...comment(
        "",
        `From RunsOn's ${printable(source)}, by runs-fleet import. Comments tell what is not the same: dropped has no counterpart here, changed means something else here, ambiguous is what RunsOn does not say.`,
      ),
      "",
      ...notes.of("", [], ({ path, section }) => section === undefined && isTop(path)),
      "version: 1",
    ],
    writeField("defaults", defaultsOf(file, zone), ""),
    [
      ...notes.of("", [], ({ section }) => section === "environments"),
      "environments:",
      ...file.environments.flatMap((name) => writeField(name, { regions: [file.region] }, "  ")),
    ],
    // Before the runners: an image that a runner alone names is told of here.
    section("images", file.images, (image) => writeField(image.name, image.fields, "  ")),
    section("runners", file.runners, (runner) => writeField(runner.name, runner.fields, "  ")),
    section("pools", file.pools, (pool) => writePool(pool)),
    [
      ...notes.of("", [], ({ section }) => section === "policies"),
      "policies:",
      "  - name: everyone",
      ...writeField("repositories", file.repositories, "    "),
      "    allow: {}",
    ],
    [
      "# Labels of RunsOn in workflows go on working.",
      "aliases:",
      "  - { dialect: runs-on }",
      ...(file.servesDependabot ? ["  - { labels: [dependabot], use: pool=dependabot }"] : []),
    ],
    file.reruns === undefined
      ? []
      : writeField("interruption", { rerun: { attempts: file.reruns } }, ""),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;

  function section<T extends { readonly path: Path }>(
    key: "images" | "runners" | "pools",
    items: readonly T[],
    write: (item: T) => readonly string[],
  ): readonly string[] {
    if (items.length === 0) return [];
    return [
      ...notes.of("", [], ({ path, section }) => section === undefined && isBelow([key], path, 1)),
      `${key}:`,
      ...items.flatMap((item) => [
        ...notes.of("  ", item.path, ({ path }) =>
          key === "pools" ? isOfPool(item.path, path) : isBelow(item.path, path),
        ),
        ...write(item),
      ]),
    ];
  }

  function writePool(pool: ImportedPool): readonly string[] {
    const { hot, stopped } = pool.schedule.default;
    const scheduleAt = [...pool.path, "schedule"];
    const lines = [
      `  ${writeText(pool.name)}:`,
      ...(pool.environment === file.defaultEnvironment
        ? []
        : writeField("environment", pool.environment, "    ")),
      ...writeField("runner", pool.runner, "    "),
      ...(pool.timezone === zone ? [] : writeField("timezone", pool.timezone, "    ")),
      ...writeField("default", { hot, stopped }, "    "),
      ...writeField("limits", { machines: pool.machines }, "    "),
    ];
    const entries: string[] = [];
    for (const { index, fields } of pool.schedule.entries) {
      // What was left out is noted where it stood.
      const told = notes.of(
        "      ",
        pool.path,
        ({ path }) => isBelow(scheduleAt, path) && Number(path[scheduleAt.length]) <= index,
      );
      entries.push(...told, ...writeItem(fields, "      "));
    }
    const rest = notes.of("    ", pool.path, ({ path }) => isBelow(scheduleAt, path));
    return [...lines, ...(entries.length > 0 ? ["    schedule:", ...entries] : []), ...rest];
  }
}

function defaultsOf(file: ImportedFile, zone: string): Fields {
  return {
    environment: file.defaultEnvironment,
    ...(zone === "UTC" ? {} : { timezone: zone }),
  };
}

const itemOf = (path: Path): string => (path.length < 2 ? "" : JSON.stringify(path.slice(0, 2)));

const isTop = (path: Path): boolean =>
  path.length <= 1 && !["images", "runners", "pools"].includes(String(path[0]));

/** Whether a path is this one or leads on from it, at most so long. */
const isBelow = (above: Path, path: Path, longest = Number.POSITIVE_INFINITY): boolean =>
  path.length <= longest && above.every((key, index) => key === path[index]);

/** Whether it is about the pool as a whole, and not an entry of its schedule. */
const isOfPool = (pool: Path, path: Path): boolean =>
  isBelow(pool, path) && !(path[pool.length] === "schedule" && path.length > pool.length + 1);

/** Comments of losses, each taken once; what was said before is not said again. */
function createNotes(losses: readonly FieldLoss[]) {
  // By runner, image and pool: there may be many.
  const byItem = new Map<string, Set<FieldLoss>>();
  for (const loss of losses) {
    const key = itemOf(loss.path);
    byItem.set(key, (byItem.get(key) ?? new Set()).add(loss));
  }
  const said = new Set<string>();
  return {
    /** Those of an item at a path, or of the file as a whole. */
    of(indent: string, item: Path, isHere: (loss: FieldLoss) => boolean): readonly string[] {
      const left = byItem.get(itemOf(item)) ?? new Set();
      const lines: string[] = [];
      const repeated = new Set<string>();
      for (const loss of left) {
        if (!isHere(loss)) continue;
        left.delete(loss);
        const { kind, path, message } = loss;
        const last = path.at(-1);
        const isField = path.length > 2 && typeof last === "string";
        const subject = isField || (path.length === 1 && isTop(path)) ? ` ${last}` : "";
        const key = `${subject} ${message}`;
        if (!said.has(key)) {
          lines.push(...comment(indent, `${kind}${printable(subject)}: ${printable(message)}`));
        } else if (isField) repeated.add(printable(last));
        said.add(key);
      }
      if (repeated.size > 0) {
        lines.push(...comment(indent, `as above: ${[...repeated].join(", ")}`));
      }
      return lines;
    },
  };
}

/** A comment on as many lines as it needs. */
function comment(indent: string, text: string): readonly string[] {
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > widest && line !== `${indent}#`) {
      lines.push(line);
      line = `${indent}#  `;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
