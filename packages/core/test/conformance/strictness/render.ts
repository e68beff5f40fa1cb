import type { Source, StrictnessTable } from "./row.ts";

function shown({ kind, title, url }: Source): string {
  return `${kind}: ${url === undefined ? title : `[${title}](${url})`}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The page of all tables. */
export function renderStrictness(tables: readonly StrictnessTable[]): string {
  const parts = tables.map(({ fake, emulator, rows }) => {
    const count = (start: string): number =>
      rows.filter(({ emulator: own }) => own.startsWith(start)).length;
    const lines = rows.map(
      ({ rule, source, proof, emulator: own }) =>
        `| ${sentence(rule)} | ${shown(source)} | [${proof.file.split("/").at(-1)}](../packages/core/${proof.file}) | ${own} |`,
    );
    return [
      `## ${fake}`,
      "",
      emulator === undefined
        ? `${rows.length} rules. There is no emulator.`
        : `${rows.length} rules. Emulator: ${emulator}; it agrees in ${count("agrees")} and lies in ${count("lies")}.`,
      "",
      "| rule | source | proof | emulator |",
      "| --- | --- | --- | --- |",
      ...lines,
    ].join("\n");
  });
  return `# What the fakes refuse

A fake that takes what the service refuses hides faults until production. So each rule of ours has a source, a test, and a word on whether
the emulator knows it. A test checks this page against the data in \`packages/core/test/conformance/strictness\`, and that every proof exists.

| source | means |
| --- | --- |
| doc | the service's documentation says so |
| report | users met it |
| code | the service's or its client's source shows it |
| inferred | it follows from what is known; nobody wrote it down |
| house | our own rule, stricter than the service |

"Lies" means that the emulator was tried, by \`node scripts/conformance.mjs\` or when the rule was written down, and does something else; where a case exists, it must go on
doing just that. Adapters are proved on it, so what it gets wrong is proved on the fakes alone.

EC2's API was read in the service model (2016-11-15) that botocore 1.43 carries, in November 2026; guides and the pages of SQS, DynamoDB and GitHub are cited from
notes. No rule was tried with an AWS account.

${parts.join("\n\n")}
`;
}
