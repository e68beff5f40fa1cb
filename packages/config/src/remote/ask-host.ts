import { type Catalog, type ConfigurationStanding, parseCatalog } from "@runs-fleet/core";
import type { CliHost } from "@runs-fleet/core/node";
import type { Result } from "@runs-fleet/scheduling";
import type { Problem } from "../cli/problem.ts";
import type { FleetConfig } from "../parse-config.ts";

/** Most that is read of an answer, bytes. */
const mostBytes = 20_000_000;
const patienceMs = 60_000;

/** What asking needs of the process. */
type Asking = Pick<CliHost, "fetch" | "signal" | "clock">;
/** What a host answers. */
type Answer = Result<unknown, readonly Problem[]>;

const wrong = (code: string, message: string): { ok: false; issues: readonly Problem[] } => ({
  ok: false,
  issues: [{ code, message }],
});

/** The address of a path of the host's. `undefined`: that is no address. */
function addressOf(url: string, path: string): URL | undefined {
  try {
    const base = new URL(url);
    if (!/^https?:$/.test(base.protocol)) return undefined;
    return new URL(`${base.pathname.replace(/\/$/, "")}${path}`, base);
  } catch {
    return undefined;
  }
}

async function textOf(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    const part = chunk as Uint8Array;
    bytes += part.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** What a host says of itself when it refuses. */
function refusalOf(value: unknown): string | undefined {
  const error = (value as { error?: { message?: unknown } } | undefined)?.error;
  return typeof error?.message === "string" ? error.message.slice(0, 500) : undefined;
}

/**
 * Asks a host for JSON.
 *
 * @param url - Where its pages are.
 * @param path - What is asked, from the root of the pages.
 */
export async function askHost(
  { fetch, signal, clock }: Asking,
  url: string,
  path: string,
  method: "GET" | "POST" = "GET",
): Promise<Answer> {
  const address = addressOf(url, path);
  if (address === undefined) {
    return wrong(
      "wrong-option",
      `--url has to be the address of a host's pages, such as http://127.0.0.1:8080, and is ${url}`,
    );
  }
  const over = new AbortController();
  const limit = AbortSignal.any([signal, over.signal]);
  const late = new Error(`no answer within ${patienceMs / 1_000} s`);
  clock.sleep(patienceMs, limit).then(
    () => over.abort(late),
    () => undefined,
  );
  let response: Response;
  let text: string | undefined;
  try {
    response = await fetch(address, {
      method,
      signal: limit,
      redirect: "error",
      headers: { accept: "application/json", "content-type": "application/json" },
    });
    text = await textOf(response);
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const words = cause instanceof Error ? cause.message || cause.name : String(cause);
    return wrong("host-unreachable", `${address.origin} does not answer: ${words}`);
  } finally {
    over.abort(late);
  }
  if (text === undefined)
    return wrong("host-answer", `The host answers more than ${mostBytes} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return wrong(
      "host-answer",
      `${address.href} is no page of runs-fleet: it answers ${response.status} and no JSON`,
    );
  }
  if (response.ok) return { ok: true, value };
  const said = refusalOf(value) ?? "nothing more";
  return wrong(
    response.status === 404 ? "not-found" : "host-answer",
    `The host answers ${response.status}: ${said}`,
  );
}

/** What a host runs by. */
export interface HostConfig {
  readonly config: FleetConfig;
  /** Absent: nothing watches over its configuration. */
  readonly standing?: ConfigurationStanding;
}

/** The configuration that a host runs by, of an answer of its. */
export function hostConfigOf(value: unknown): Result<HostConfig, readonly Problem[]> {
  const { catalog, standing } = value as { catalog?: Catalog; standing?: ConfigurationStanding };
  const parsed = parseCatalog(catalog);
  if (!parsed.ok) {
    const [first] = parsed.issues;
    const where = first?.path.join(".") ?? "";
    return wrong(
      "host-answer",
      `The host runs by a configuration that this version does not understand: ${where} ${first?.message}`,
    );
  }
  return {
    ok: true,
    value: {
      config: { version: 1, catalog: parsed.value },
      ...(standing === undefined ? {} : { standing }),
    },
  };
}

/** Asks a host for the configuration that it runs by. */
export async function askConfig(
  host: Asking,
  url: string,
): Promise<Result<HostConfig, readonly Problem[]>> {
  const answer = await askHost(host, url, "/config");
  return answer.ok ? hostConfigOf(answer.value) : answer;
}
