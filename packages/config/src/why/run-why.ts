import type { Decision } from "@runs-fleet/core";
import { paintFor } from "../cli/paint.ts";
import type { VerbContext } from "../cli/verb.ts";
import { instantText } from "../jobs-export/instants.ts";
import { askHost } from "../remote/ask-host.ts";
import { columns } from "../report/text/columns.ts";

/** What may be asked about. */
const subjects = ["job", "pool", "machine"] as const;
/** What may be asked about. */
export type Subject = (typeof subjects)[number];

/** What the command line asked for. */
export interface WhyRequest {
  readonly url: string;
  readonly format: "text" | "json";
  /** Absent: whatever has that name. */
  readonly kind?: Subject;
}

/** What a host knows of one thing. */
interface Answer {
  readonly decisions: readonly Decision[];
  readonly job?: {
    readonly state: string;
    readonly cause?: { readonly code: string; readonly message: string };
  };
  readonly pool?: { readonly words: { readonly now: string; readonly next: string } };
  readonly machine?: { readonly state: string; readonly region: string };
}

/** Asks a host why a job, pool or machine is as it is. */
export async function runWhy(
  name: string,
  { url, format, kind }: WhyRequest,
  { host, report }: VerbContext,
): Promise<0 | 1 | 2> {
  for (const subject of kind === undefined ? subjects : [kind]) {
    const answer = await askHost(host, url, `/status?${subject}=${encodeURIComponent(name)}`);
    if (answer.ok) {
      host.out.write(
        format === "json"
          ? `${JSON.stringify(answer.value, undefined, 2)}\n`
          : textOf(subject, name, answer.value as Answer, paintFor(host.out, host.env)),
      );
      return 0;
    }
    if (answer.issues.some(({ code }) => code !== "not-found")) {
      report(answer.issues);
      return 2;
    }
  }
  const message = `The host knows no ${kind ?? "job, pool or machine"} ${name}; jobs are named by their id at GitHub`;
  report([{ code: "not-found", message }]);
  return 1;
}

function textOf(
  subject: Subject,
  name: string,
  { job, pool, machine, decisions }: Answer,
  paint: ReturnType<typeof paintFor>,
): string {
  const state = job?.state ?? machine?.state;
  const lines = [paint("bold", `${subject} ${name}${state === undefined ? "" : `: ${state}`}`)];
  if (job?.cause) lines.push(`  ${job.cause.message} (${job.cause.code})`);
  if (pool) lines.push(`  ${pool.words.now}`, `  ${pool.words.next}`);
  const rows = decisions.map(({ atMs, code, message, current }) => [
    current ? "now" : instantText(atMs),
    code,
    message,
  ]);
  return `${[...lines, ...columns(rows, { left: [0, 1, 2] })].join("\n")}\n`;
}
