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

/**
 * A configuration from a file, or all that is wrong with it, each with file, line, column and field: the readable form when the
 * file's name ends in `.yml` or `.yaml`, else a catalog as JSON.
 */
export async function readConfig(
  cwd: string,
  file: string,
): Promise<Result<Catalog, readonly Problem[]>> {
  if (/\.ya?ml$/i.test(file)) return readYamlConfig(cwd, file);
  const json = await readJsonFile(cwd, file);
  if (!json.ok) return json;
  const parsed = parseCatalog(json.value.value);
  return parsed.ok ? parsed : { ok: false, issues: await placed(file, json.value, parsed.issues) };
}

async function readYamlConfig(
  cwd: string,
  file: string,
): Promise<Result<Catalog, readonly Problem[]>> {
  const [{ readTexts }, { parseConfig }] = await Promise.all([
    import("../check/read-texts.ts"),
    import("../parse-config.ts"),
  ]);
  const texts = await readTexts(cwd, file);
  if (!texts.ok) return texts;
  const { text, include } = texts.value;
  const parsed = parseConfig(text, { file, include });
  if (parsed.ok) return { ok: true, value: parsed.value.catalog };
  const issues = parsed.issues.map(
    ({ rule, severity, start, end: _end, fix: _fix, ...told }): Problem => ({
      ...told,
      code: rule,
      severity: severity === "error" ? "error" : "warning",
      line: start.line,
      column: start.column,
    }),
  );
  return { ok: false, issues };
}
