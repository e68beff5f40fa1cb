import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files that a JIT configuration consists of. */
const registrationFiles = [".runner", ".credentials", ".credentials_rsaparams"] as const;

function decode(text: string): string | undefined {
  // Buffer ignores what is not base64, so look first.
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0
    ? Buffer.from(text, "base64").toString("utf8")
    : undefined;
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The files in a JIT configuration; `undefined` when it is none. */
export function decodeJitConfig(config: string): Readonly<Record<string, string>> | undefined {
  const outer = parseObject(decode(config));
  if (outer === undefined) return undefined;
  const files: Record<string, string> = {};
  for (const name of registrationFiles) {
    const inner = outer[name];
    const text = typeof inner === "string" ? decode(inner) : undefined;
    if (text === undefined || parseObject(text) === undefined) return undefined;
    files[name] = text;
  }
  return files;
}

/** The registration's files lie in the runner's root, readable by their owner alone. */
export function writeRegistration(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(root, name), text, { mode: 0o600 });
  }
}

/** The runner is not registered any more. */
export function removeRegistration(root: string): void {
  for (const name of registrationFiles) rmSync(join(root, name), { force: true });
}

/** URL of the service in the runner's settings; `undefined` when they name none. */
export function serviceUrlOf(files: Readonly<Record<string, string>>): string | undefined {
  const url = parseObject(files[".runner"])?.["ServerUrlV2"];
  return typeof url === "string" && /^https?:\/\//.test(url) ? url.replace(/\/+$/, "") : undefined;
}

/** Variables of the runner's `.env`: `KEY=VALUE` lines, split at the first `=`, no quoting. */
export function readEnvironmentFile(root: string): Readonly<Record<string, string>> {
  let text: string;
  try {
    text = readFileSync(join(root, ".env"), "utf8");
  } catch {
    return {};
  }
  const variables: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const split = line.indexOf("=");
    if (split > 0) variables[line.slice(0, split)] = line.slice(split + 1);
  }
  return variables;
}
