import { fileForm } from "../../src/form/file-form.ts";
import { notesOf } from "../../src/form/notes.ts";
import { repositoryForm } from "../../src/form/repository-form.ts";
import { flow } from "./flow.ts";

/** What is looked at of a form. */
interface Part {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Part>>;
  readonly options?: readonly Part[];
  readonly item?: Part;
  readonly value?: Part;
  readonly wrapped?: Part;
  readonly literal?: unknown;
}

/** Forms that have a chapter of their own, by what they are called: its title, and where in the file they stand. */
const chapters: Readonly<Record<string, readonly [title: string, ...where: string[]]>> = {
  "an environment": ["Environments", "environments.<name>"],
  "an image": ["Images", "images.<name>"],
  "a machine": ["Runners", "runners.<name>", "pools.<name>.runner"],
  "a pool": ["Pools", "pools.<name>"],
  "an entry": ["Entries of a schedule", "pools.<name>.schedule[]"],
  "an exception": ["Exceptions", "pools.<name>.exceptions[]"],
  "a rule": ["Policies", "policies[]"],
  "an alias": ["Aliases", "aliases[]"],
};

const anchorOf = (title: string): string => title.toLowerCase().replaceAll(" ", "-");
const unwrap = (part: Part): Part => part.wrapped ?? part;

/** What may stand there, in words; forms with a chapter are links. */
function typeOf(wrapped: Part): string {
  const part = unwrap(wrapped);
  const { type } = notesOf(part);
  const chapter = chapters[type ?? ""];
  if (chapter) return `[${type}](#${anchorOf(chapter[0])})`;
  if (type !== undefined) return type;
  switch (part.type) {
    case "strict_object":
      return "a mapping";
    case "record":
      return `by name: ${typeOf(part.value as Part)}`;
    case "array":
      return `a list; each ${typeOf(part.item as Part)}`;
    case "union":
      return (part.options ?? []).map(typeOf).join(", or ");
    case "picklist":
      return (part.options ?? []).map((word) => `\`${word}\``).join(", ");
    case "literal":
      return `\`${part.literal}\``;
    case "boolean":
      return "`true`, `false`";
    default:
      throw new TypeError(`Nothing says what ${part.type} is for people`);
  }
}

interface Row {
  readonly key: string;
  readonly part: Part;
}

/** The keys of a mapping and of the small ones in it. */
function rowsOf({ entries = {} }: Part, before = ""): readonly Row[] {
  return Object.entries(entries).flatMap(([name, part]) => {
    const key = `${before}${name}`;
    return [{ key, part }, ...rowsBelow(unwrap(part), key)];
  });
}

function rowsBelow(part: Part, key: string): readonly Row[] {
  // What has a chapter is told there.
  if (chapters[notesOf(part).type ?? ""] !== undefined) return [];
  if (part.type === "union") return (part.options ?? []).flatMap((one) => rowsBelow(one, key));
  if (part.type === "array") return rowsBelow(part.item as Part, `${key}[]`);
  return part.entries ? rowsOf(part, `${key}.`) : [];
}

function tableOf(part: Part): string {
  const lines = rowsOf(part).map(({ key, part: held }) => {
    const { description, otherwise, default: value, examples = [] } = notesOf(unwrap(held));
    if (description === undefined) throw new TypeError(`Nothing is told of ${key}`);
    const fallback = otherwise ?? (value === undefined ? "" : `\`${flow(value)}\``);
    const isRequired = held.type !== "exact_optional";
    const name = key.split(".").at(-1)?.replace("[]", "") ?? key;
    const written = examples.map((example) => `\`${name}: ${flow(example)}\``).join("<br>");
    const cells = [
      `\`${key}\``,
      description,
      typeOf(held),
      isRequired ? "**required**" : fallback,
      written,
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return [
    "| key | what it says | what may stand there | default | for example |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

/** The forms that have a chapter, by what they are called. */
function formsOf(root: Part): ReadonlyMap<string, readonly Part[]> {
  const found = new Map<string, readonly Part[]>();
  const visit = (part: Part): void => {
    const { type = "" } = notesOf(part);
    if (chapters[type] !== undefined) {
      if (found.has(type)) return;
      found.set(type, part.entries ? [part] : (part.options ?? []));
    }
    const parts = [part.wrapped, part.item, part.value, ...Object.values(part.entries ?? {})];
    for (const below of parts) if (below) visit(below);
    if (part.type === "union") part.options?.forEach(visit);
  };
  visit(root);
  return found;
}

/**
 * The page of the docs that tells every key, made of the form itself.
 *
 * @param example - A whole configuration.
 */
export function referencePage(example: string): string {
  const root = fileForm as unknown as Part;
  const forms = formsOf(root);
  const told = Object.entries(chapters).map(([type, [title, ...where]]) => {
    const tables = (forms.get(type) ?? []).map(tableOf);
    return `## ${title}\n\n${where.map((path) => `\`${path}\``).join(", ")}\n\n${tables.join("\n\nOr:\n\n")}\n`;
  });
  return `<!-- Made of packages/config/src/form/: pnpm exec vitest run packages/config/test/schema/generated.test.ts -u -->

# Every key of the configuration file

[The configuration file](config.md) tells how it all fits together; this page is made of the form that reads it. \`runs-fleet schema\` gives the same to editors.

Keys that are not here are mistakes, at any level, but for those at the top that begin with \`x-\`: a place for anchors, which means nothing by itself.

## The file

${tableOf(root)}

${told.join("\n")}
## The file of a repository

[\`.github/runs-fleet.yml\` of a repository](config.md#the-file-of-a-repository) takes away from all that for its own jobs. \`runs-fleet schema --repository\` gives its form to editors.

${tableOf(repositoryForm as unknown as Part)}

## All of it

<!-- code: packages/config/examples/runs-fleet.yml -->

\`\`\`yaml
${example}\`\`\`
`;
}
