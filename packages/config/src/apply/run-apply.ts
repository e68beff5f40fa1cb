import { openConfig } from "../check/open-config.ts";
import type { ConfigTexts } from "../check/read-texts.ts";
import { paintFor } from "../cli/paint.ts";
import type { VerbContext } from "../cli/verb.ts";
import { askHost, hostConfigOf } from "../remote/ask-host.ts";
import { blobSha, versionOf } from "../watch/version-of.ts";

/** What came of a host's look at its source, as far as it is told here. */
interface Outcome {
  readonly kind?: string;
  readonly version?: string;
  readonly issues?: readonly {
    readonly file: string;
    readonly start: { readonly line: number; readonly column: number };
    readonly severity: string;
    readonly message: string;
  }[];
  readonly cause?: { readonly code: string; readonly message: string };
}

const short = (version: string): string => version.slice(0, 10);

/** Has a host look at its source now, and tells whether this file is in force then. */
export async function runApply(
  file: string | undefined,
  { url }: { readonly url: string },
  context: VerbContext,
): Promise<0 | 1 | 2> {
  const { host, report } = context;
  const opened = await openConfig(context, file);
  if (!opened.ok) return opened.exitCode;
  const answer = await askHost(host, url, "/config/refresh", "POST");
  if (!answer.ok) {
    report(answer.issues);
    return 2;
  }
  const read = hostConfigOf(answer.value);
  if (!read.ok) {
    report(read.issues);
    return 2;
  }
  const outcome = (answer.value as { outcome: Outcome | null }).outcome ?? {};
  const { config, standing } = read.value;
  const inForce = config.catalog.version;
  const own = localVersion(opened.texts);
  const paint = paintFor(host.out, host.env);
  const say = (line: string): void => host.out.write(`${line}\n`);
  if (standing !== undefined) say(`source    ${standing.source}`);
  say(`in force  ${short(inForce)}${outcome.kind === "applied" ? ", applied just now" : ""}`);
  say(`${opened.file} is ${short(own)}`);
  if (outcome.kind === "rejected") {
    say(paint("red", "The version at the source is refused; what was in force stays:"));
    for (const { file: where, start, severity, message } of outcome.issues ?? []) {
      if (severity === "error") say(`  ${where}:${start.line}:${start.column}: ${message}`);
    }
    return 1;
  }
  if (outcome.kind === "kept-last-good") {
    say(
      paint("red", `The source cannot be read; what was in force stays: ${outcome.cause?.message}`),
    );
    return 1;
  }
  if (own === inForce) {
    say(paint("green", "This file is in force."));
    return 0;
  }
  say(
    paint(
      "yellow",
      "This file is not in force: the host reads its source, not this file. Commit and push it to the default branch.",
    ),
  );
  return 1;
}

/** As the watcher names what it reads. */
function localVersion({ text, include }: ConfigTexts): string {
  return versionOf(
    blobSha(text),
    Object.entries(include).map(([name, held]) => ({ name, sha: blobSha(held) })),
  );
}
