import * as v from "valibot";
import type { CallOptions } from "../ports/call-options.ts";
import { FleetError } from "../ports/failure.ts";
import type { Check, GitHubChecks } from "../ports/github-client.ts";
import type { Api } from "./api.ts";
import { pathOf } from "./exchange.ts";
import { pagesOf } from "./pagination.ts";
import { readAs, statusOf } from "./read-as.ts";
import { repositoryPlace } from "./scopes.ts";

/** Source of these sizes: GitHub's checks API, read 2026-11-20. */
const annotationsPerCall = 50;
const longestSummary = 65_535;
const longestTitle = 255;
const longestMessageBytes = 65_536;
/** Beyond, they help nobody and cost a call for each 50. */
const mostAnnotations = 1_000;
const mostRemembered = 2_000;

const checkSchema = v.object({
  id: v.pipe(v.number(), v.safeInteger()),
  external_id: v.nullish(v.string()),
  output: v.nullish(v.object({ annotations_count: v.nullish(v.number()) })),
});
const checksSchema = v.object({ check_runs: v.array(checkSchema) });

interface Known {
  readonly id: number;
  /** Annotations it has; they can only be added to. */
  readonly annotations: number;
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function cutBytes(text: string, longest: number): string {
  if (text.length * 3 <= longest) return text;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= longest) return text;
  // What is left of a character in the middle of which we cut is dropped.
  const head = new TextDecoder().decode(bytes.slice(0, longest - 3));
  return `${head.replace(/\uFFFD+$/, "")}…`;
}

function annotationBody(annotation: Check["annotations"][number]) {
  const start = Math.max(1, annotation.startLine);
  return {
    path: annotation.path,
    start_line: start,
    end_line: Math.max(start, annotation.endLine),
    annotation_level: annotation.level,
    message: cutBytes(annotation.message, longestMessageBytes),
  };
}

function batchesOf(check: Check) {
  const bodies = check.annotations.slice(0, mostAnnotations).map(annotationBody);
  const batches = [];
  for (let from = 0; from < bodies.length; from += annotationsPerCall) {
    batches.push(bodies.slice(from, from + annotationsPerCall));
  }
  return batches;
}

function summaryOf(check: Check): string {
  const left = check.annotations.length - mostAnnotations;
  const note = left > 0 ? `\n\nAnother ${left} annotations are left out.` : "";
  return `${cut(check.summary, longestSummary - note.length)}${note}`;
}

/** Longest text of a commit status. Source: GitHub's statuses API, read 2026-11-28. */
const longestDescription = 140;

/** What a commit status says of a check: it has no page and no annotations. */
function statusBody({ name, conclusion, title }: Check) {
  const state =
    conclusion === undefined ? "pending" : conclusion === "failure" ? "failure" : "success";
  return { state, context: name, description: cut(title, longestDescription) };
}

/**
 * Check runs by way of `api`. Annotations of a check run cannot be taken back: a report whose annotations may differ from
 * those that are there makes a new check run of the same name, which GitHub shows instead of the older one.
 *
 * Only Apps may write check runs: where GitHub forbids it, a commit status of the same name tells the headline.
 */
export function createChecks(api: Api): GitHubChecks {
  const known = new Map<string, Known & { readonly content: string }>();

  const remember = (key: string, value: Known & { readonly content: string }): void => {
    known.delete(key);
    known.set(key, value);
    for (const oldest of known.keys()) {
      if (known.size <= mostRemembered) break;
      known.delete(oldest);
    }
  };

  /** The check of that external id, as an earlier process may have left it. */
  const find = async (
    repository: string,
    check: Check,
    options?: CallOptions,
  ): Promise<Known | undefined> => {
    const place = repositoryPlace(repository);
    const purpose = `list checks of ${check.sha.slice(0, 40)} of ${repository}`;
    const query = `check_name=${encodeURIComponent(check.name)}&filter=all&per_page=100`;
    const path = `${place.path}${pathOf("commits", encodeURIComponent(check.sha), "check-runs")}?${query}`;
    const request = { method: "GET", path, identity: place.identity, purpose } as const;
    let newest: Known | undefined;
    for await (const page of pagesOf(api, request, options)) {
      for (const run of readAs(checksSchema, page.data, purpose).check_runs) {
        if (run.external_id !== check.externalId || run.id < (newest?.id ?? 0)) continue;
        newest = { id: run.id, annotations: run.output?.annotations_count ?? 0 };
      }
    }
    return newest;
  };

  /** Repositories in which check runs may not be written. */
  const statusOnly = new Set<string>();
  const reportStatus = async (
    repository: string,
    check: Check,
    options?: CallOptions,
  ): Promise<void> => {
    const place = repositoryPlace(repository);
    const path = `${place.path}${pathOf("statuses", encodeURIComponent(check.sha))}`;
    const purpose = `report status ${check.name} on ${repository}`;
    await api.call(
      { method: "POST", path, identity: place.identity, purpose, body: statusBody(check) },
      options,
    );
  };

  const reportRun: GitHubChecks["report"] = async (repository, check, options) => {
    const place = repositoryPlace(repository);
    const purpose = `report check ${check.name} on ${repository}`;
    const key = `${repository.toLowerCase()} ${check.sha} ${check.name} ${check.externalId}`;
    const content = JSON.stringify(check.annotations);
    const remembered = known.get(key);
    const present = remembered ?? (await find(repository, check, options));
    const bare = present === undefined || present.annotations === 0;
    const same = remembered !== undefined && remembered.content === content;
    // Either there is nothing to add to, or what is there is what we would add.
    const target = bare || same ? present : undefined;
    const batches = same && !bare ? [] : batchesOf(check);
    const output = { title: cut(check.title, longestTitle), summary: summaryOf(check) };
    const end =
      check.conclusion === undefined
        ? { status: "in_progress" }
        : { status: "completed", conclusion: check.conclusion };
    let id = target?.id;
    let sent = target?.annotations ?? 0;
    for (let index = 0; index < Math.max(1, batches.length); index += 1) {
      const batch = batches[index] ?? [];
      const last = index >= batches.length - 1;
      const body = {
        name: check.name,
        external_id: check.externalId,
        ...(last ? end : { status: "in_progress" }),
        output: batch.length === 0 ? output : { ...output, annotations: batch },
      };
      const response = await api.call(
        id === undefined
          ? {
              method: "POST",
              path: `${place.path}/check-runs`,
              identity: place.identity,
              purpose,
              body: { ...body, head_sha: check.sha },
            }
          : {
              method: "PATCH",
              path: `${place.path}/check-runs/${id}`,
              identity: place.identity,
              purpose,
              body,
            },
        options,
      );
      id ??= readAs(checkSchema, response.data, purpose).id;
      sent += batch.length;
      // Cut short, the rest is unknown: a later report begins a new check run.
      remember(key, { id, annotations: sent, content: last ? content : "" });
    }
  };

  return {
    report: async (repository, check, options) => {
      const where = repository.toLowerCase();
      if (statusOnly.has(where)) return reportStatus(repository, check, options);
      try {
        await reportRun(repository, check, options);
      } catch (error) {
        if (statusOf(error) !== 403 || !FleetError.isInstance(error) || error.kind !== "auth") {
          throw error;
        }
        // Neither may be written: what was asked for is what has to be told.
        await reportStatus(repository, check, options).catch(() => {
          throw error;
        });
        statusOnly.add(where);
      }
    },
  };
}
