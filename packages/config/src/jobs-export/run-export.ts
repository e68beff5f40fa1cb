import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { CliHost, ExitCode } from "@runs-fleet/core/node";
import type { VerbContext } from "../cli/verb.ts";
import { openExportFiles } from "./export-files.ts";
import { exportJobs } from "./export-jobs.ts";
import type { ExportRules } from "./exported-job.ts";
import { instantOf } from "./instants.ts";
import { explainProblem, exportError } from "./problems.ts";
import { createProgressView } from "./progress.ts";
import { summaryText } from "./summary.ts";

/** The options of the verb, as its parser answers them. */
export interface ExportRequest {
  readonly org: string;
  readonly output: string;
  readonly from: string;
  readonly to?: string;
  readonly repository: readonly string[];
  readonly label: readonly string[];
  readonly hosted?: true;
  readonly firstAttempts?: true;
  readonly lookBack: number;
  readonly reserve?: number;
  readonly tokenFile?: string;
  readonly token?: string;
  readonly apiUrl: string;
  readonly restart?: true;
  readonly quiet?: true;
  readonly json?: true;
}

const dayMs = 86_400_000;

/** The token, from a file or the environment. */
async function tokenOf(request: ExportRequest, host: CliHost): Promise<string> {
  if (request.token !== undefined) {
    throw exportError(
      "token-in-arguments",
      "Others on this machine can read a token in the arguments, and shells keep it: revoke it, and put a new one into GITHUB_TOKEN or the file of --token-file",
    );
  }
  const { tokenFile } = request;
  const given =
    tokenFile === undefined
      ? host.env["GITHUB_TOKEN"] || host.env["GH_TOKEN"]
      : await readFile(resolve(host.cwd, tokenFile), "utf8");
  const token = given?.trim() ?? "";
  if (/^[\x21-\x7e]{1,4096}$/.test(token)) return token;
  throw exportError(
    token === "" ? "token-missing" : "token-unreadable",
    token === ""
      ? "There is no token: set GITHUB_TOKEN, or name a file with --token-file; --help tells which permissions it needs"
      : "The token holds characters that no token has: is it the right file?",
  );
}

/** What is taken in, or what is wrong with the options. */
function rulesOf(request: ExportRequest, nowMs: number): ExportRules {
  const { from, to, org, hosted = false, firstAttempts = false } = request;
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-_]{0,98}[A-Za-z0-9])?$/.test(org)) {
    throw exportError("organisation-invalid", "--org takes the organisation's login, such as acme");
  }
  const fromMs = instantOf(from, nowMs);
  const toMs = to === undefined ? nowMs : instantOf(to, nowMs);
  if (fromMs === undefined || toMs === undefined) {
    throw exportError(
      "range-invalid",
      "--from and --to take a date (2026-11-01), a time with its offset (2026-11-01T08:00Z), or a time ago (12h, 7d, 4w)",
    );
  }
  if (fromMs < 0 || fromMs >= Math.min(toMs, nowMs)) {
    throw exportError("range-invalid", "--from must lie before --to, and in the past");
  }
  return {
    fromMs: Math.floor(fromMs / 1_000) * 1_000,
    // What is not queued yet cannot be read.
    toMs: Math.floor(Math.min(toMs, nowMs) / 1_000) * 1_000,
    hosted,
    firstAttempts,
    labels: request.label,
    repositories: request.repository,
  };
}

/** `runs-fleet jobs export`. */
export async function runExport(request: ExportRequest, context: VerbContext): Promise<ExitCode> {
  const { host } = context;
  const view = createProgressView(host.err, request.quiet ?? false);
  try {
    const rules = rulesOf(request, host.clock.now());
    const token = await tokenOf(request, host);
    await using files = await openExportFiles(resolve(host.cwd, request.output));
    const summary = await exportJobs({
      organisation: request.org,
      token,
      baseUrl: request.apiUrl,
      rules,
      rangeWords: `${request.from}..${request.to ?? "now"}`,
      lookBackMs: request.lookBack * dayMs,
      ...(request.reserve === undefined ? {} : { reserve: request.reserve }),
      restart: request.restart ?? false,
      files,
      fetch: host.fetch,
      clock: host.clock,
      signal: host.signal,
      onProgress: view.show,
    });
    view.end();
    host.out.write(
      request.json
        ? `${JSON.stringify(summary, undefined, 2)}\n`
        : summaryText(summary, request.output),
    );
    return 0;
  } catch (error) {
    view.end();
    if (host.signal.aborted) {
      context.report([
        {
          code: "interrupted",
          message: "Stopped; what was read is kept: run the same command again to go on",
        },
      ]);
    } else {
      context.report([explainProblem(error, request.org)]);
    }
    return 2;
  }
}
