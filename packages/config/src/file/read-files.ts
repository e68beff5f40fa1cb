import { posix } from "node:path";
import { suggest } from "../cli/suggest.ts";
import { includedKeys as shared } from "../form/included-keys.ts";
import type { ConfigIssue, FieldIssue } from "../issues/issue.ts";
import { readYaml, type YamlFile } from "./read-yaml.ts";

/** Most files that are included; the form of the file says the same. */
const mostIncludes = 20;

/** How issues name an included file: as it lies beside the configuration. */
export function includedPath(file: string, name: string): string {
  return posix.join(posix.dirname(file), name);
}

/** A configuration and the files that it includes, as one document. */
export interface ConfigFiles {
  /** `undefined`: not to be used. */
  readonly value: unknown;
  /** What is wrong with the files as YAML, and with the way they are put together. */
  readonly issues: readonly ConfigIssue[];
  /** Whether something that is included is not there, so that names may be missing that are written there. */
  readonly isIncomplete: boolean;
  /** Gives an issue its place, in the file where its field was written. */
  place(issue: FieldIssue): ConfigIssue;
}

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The names of the files that a configuration includes, in order: those that are written as they have to be. They lie in its own
 * directory. Never throws.
 */
export function includedFiles(text: string): readonly string[] {
  // Reading YAML takes a while, and most files include nothing.
  if (!/include/.test(text)) return [];
  const { value } = readYaml(text, "");
  return isMapping(value) ? namesIn(value).map(({ name }) => name) : [];
}

function namesIn({ include }: Mapping): readonly { readonly name: string; readonly at: number }[] {
  if (!Array.isArray(include)) return [];
  return include
    .slice(0, mostIncludes)
    .flatMap((name: unknown, at) =>
      typeof name === "string" && /^[\w.-]+\.ya?ml$/.test(name) ? [{ name, at }] : [],
    );
}

/**
 * Reads a configuration and what it includes.
 *
 * @param file - Name of the configuration, as issues repeat it.
 * @param texts - The included files, by name.
 */
export function readFiles(
  text: string,
  file: string,
  texts: Readonly<Record<string, string>>,
): ConfigFiles {
  const main = readYaml(text, file);
  if (!isMapping(main.value)) return { ...main, isIncomplete: false };
  const names = namesIn(main.value);
  if (names.length === 0) return { ...main, isIncomplete: false };

  const issues: ConfigIssue[] = [...main.issues];
  let isIncomplete = false;
  /** Which file a definition is from, by section and name. */
  const owners = new Map<string, { readonly yaml: YamlFile; readonly file: string }>();
  const sections = new Map<string, [name: string, value: unknown][]>();
  for (const section of shared) {
    const held = main.value[section];
    if (!isMapping(held)) continue;
    sections.set(section, Object.entries(held));
    for (const name of Object.keys(held)) owners.set(`${section}/${name}`, { yaml: main, file });
  }

  const known = new Set<string>();
  for (const { name, at } of names) {
    const own = Object.hasOwn(texts, name) ? texts[name] : undefined;
    const problem = (rule: string, message: string): void =>
      void issues.push(main.place({ rule, severity: "error", message, path: ["include", at] }));
    if (known.has(name)) problem("duplicate-include", `${name} is included twice`);
    else if (own === undefined) {
      isIncomplete = true;
      problem("missing-include", `There is no file ${name} beside ${posix.basename(file)}`);
    } else {
      const path = includedPath(file, name);
      const yaml = readYaml(own, path);
      issues.push(...yaml.issues);
      if (isMapping(yaml.value)) add(yaml, yaml.value, path);
      else isIncomplete = true;
      if (yaml.value !== undefined && !isMapping(yaml.value)) {
        const message = `An included file is a mapping of ${shared.join(", ")}`;
        issues.push(yaml.place({ rule: "wrong-type", severity: "error", message, path: [] }));
      }
    }
    known.add(name);
  }

  function add(yaml: YamlFile, value: Mapping, path: string): void {
    for (const [section, held] of Object.entries(value)) {
      if (section.startsWith("x-")) continue;
      if (!(shared as readonly string[]).includes(section)) {
        issues.push(yaml.place(misplaced(section, file)));
      } else if (!isMapping(held)) {
        const message = "This has to be a mapping of names";
        issues.push(
          yaml.place({ rule: "wrong-type", severity: "error", message, path: [section] }),
        );
      } else {
        for (const [name, definition] of Object.entries(held)) {
          const key = `${section}/${name}`;
          const earlier = owners.get(key);
          if (earlier === undefined) {
            owners.set(key, { yaml, file: path });
            const entries = sections.get(section) ?? [];
            entries.push([name, definition]);
            sections.set(section, entries);
          } else {
            const message = `${name} is defined in ${earlier.file} as well; one of the two would be lost`;
            const at = { path: [section, name], isAboutKey: true };
            issues.push(
              yaml.place({ rule: "duplicate-definition", severity: "error", message, ...at }),
            );
          }
        }
      }
    }
  }

  const merged = [...sections].map(
    ([section, entries]) => [section, Object.fromEntries(entries)] as const,
  );
  return {
    value: { ...main.value, ...Object.fromEntries(merged) },
    issues,
    isIncomplete,
    place: (issue) => (owners.get(`${issue.path[0]}/${issue.path[1]}`)?.yaml ?? main).place(issue),
  };
}

function misplaced(section: string, file: string): FieldIssue {
  const suggestion = suggest(section, shared);
  const told = `An included file has ${shared.join(", ")}; ${JSON.stringify(section)} belongs in ${posix.basename(file)}`;
  return {
    rule: "misplaced-key",
    severity: "error",
    message: told,
    path: [section],
    isAboutKey: true,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
