import { type Catalog, parseCatalog } from "@runs-fleet/core";
import type { Diagnostic, Result } from "@runs-fleet/scheduling";
import type { Problem } from "../cli/problem.ts";
import { type JsonFile, readJsonFile } from "./json-file.ts";

/** Problems of a field as problems of its file. */
export async function placed(
  file: string,
  json: JsonFile,
  issues: readonly Diagnostic[],
): Promise<readonly Problem[]> {
  const found: Problem[] = [];
  for (const { code, severity, path, message, suggestion } of issues) {
    found.push({
      code,
      severity: severity === "error" ? "error" : "warning",
      message,
      file,
      ...(await json.locate(path)),
      path,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
  return found;
}

/** A configuration from a JSON file, or all that is wrong with it, each with file, line, column and field. */
export async function readConfig(
  cwd: string,
  file: string,
): Promise<Result<Catalog, readonly Problem[]>> {
  const json = await readJsonFile(cwd, file);
  if (!json.ok) return json;
  const parsed = parseCatalog(json.value.value);
  return parsed.ok ? parsed : { ok: false, issues: await placed(file, json.value, parsed.issues) };
}
