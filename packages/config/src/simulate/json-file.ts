import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Result } from "@runs-fleet/scheduling";
import type { Problem } from "../cli/problem.ts";

/** Largest JSON file that is read, bytes. */
const maxJsonBytes = 10_000_000;

/** A JSON file, and where in it things are. */
export interface JsonFile {
  readonly value: unknown;
  /** Line and column of a field, from 1; of the nearest one around it when it is not there. */
  locate(path: readonly (string | number)[]): Promise<Place>;
}

/** From 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Reads a JSON file.
 *
 * @param file - As it was written; relative to `cwd`.
 * @returns The value, or what is wrong with the file, with its place.
 */
export async function readJsonFile(
  cwd: string,
  file: string,
): Promise<Result<JsonFile, readonly Problem[]>> {
  const text = await readText(cwd, file, maxJsonBytes);
  if (!text.ok) return text;
  try {
    const value: unknown = JSON.parse(text.value);
    return { ok: true, value: { value, locate: (path) => locate(text.value, path) } };
  } catch (error) {
    const { message, at } = await syntaxError(text.value, error);
    return { ok: false, issues: [{ code: "json-invalid", message, file, ...at }] };
  }
}

/** A text file of at most `maxBytes`, without a byte order mark. */
export async function readText(
  cwd: string,
  file: string,
  maxBytes: number,
): Promise<Result<string, readonly Problem[]>> {
  try {
    const path = resolve(cwd, file);
    const { size } = await stat(path);
    if (size > maxBytes) {
      const message = `The file has ${size} bytes; at most ${maxBytes} are read`;
      return { ok: false, issues: [{ code: "file-too-large", message, file }] };
    }
    return { ok: true, value: (await readFile(path, "utf8")).replace(/^\uFEFF/, "") };
  } catch (error) {
    return { ok: false, issues: [fileProblem(file, error)] };
  }
}

/** Why a file cannot be read or written, in words. */
export function fileProblem(file: string, error: unknown): Problem {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const words: Readonly<Record<string, string>> = {
    ENOENT: "There is no such file or directory",
    EISDIR: "This is a directory",
    EACCES: "Permission denied",
    ENOSPC: "The disk is full",
  };
  const message = words[code] ?? (error instanceof Error ? error.message : String(error));
  return { code: code === "ENOENT" ? "file-missing" : "file-unusable", message, file };
}

/** JSON is YAML: its parser keeps places, and is loaded only to name one. */
async function locate(text: string, path: readonly (string | number)[]): Promise<Place> {
  const { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } = await import("yaml");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, schema: "json", uniqueKeys: false });
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const key of path) {
    if (isSeq(node) && typeof key === "number") node = node.items[key];
    else if (isMap(node)) {
      const pair = node.items.find(({ key: name }) => isScalar(name) && name.value === key);
      // The key is where people look; a problem of the value is right behind it.
      if (pair && isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair?.value;
    } else break;
    if (!isNode(node)) break;
    if (typeof key === "number") offset = node.range?.[0] ?? offset;
  }
  return placeOf(lineCounter.linePos(offset));
}

async function syntaxError(
  text: string,
  error: unknown,
): Promise<{ message: string; at: Place | undefined }> {
  const raw = error instanceof Error ? error.message : String(error);
  const { LineCounter, parseDocument } = await import("yaml");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, schema: "json" });
  // Node names the place for most mistakes only; where it does not, YAML stumbles at the same one.
  const named = /position (\d+)/.exec(raw)?.[1];
  const offset =
    named !== undefined
      ? Number(named)
      : /end of JSON/.test(raw)
        ? text.trimEnd().length
        : (document.errors[0]?.pos[0] ?? 0);
  const message = `This is not JSON: ${raw.replace(/ in JSON at position \d+.*| \(line \d+ column \d+\)/, "")}`;
  return { message, at: placeOf(lineCounter.linePos(Math.min(offset, text.length))) };
}

function placeOf({ line, col }: { line: number; col: number }): Place {
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
