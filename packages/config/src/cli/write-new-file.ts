import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileProblem } from "../simulate/json-file.ts";
import type { Problem } from "./problem.ts";

/**
 * Writes a file that is not there yet.
 *
 * @param file - As it was named; relative to `cwd`.
 * @returns Why it cannot be written, if it cannot.
 */
export async function writeNewFile(
  cwd: string,
  file: string,
  text: string,
  { force }: { readonly force: boolean },
): Promise<Problem | undefined> {
  try {
    await writeFile(resolve(cwd, file), text, { flag: force ? "w" : "wx" });
    return undefined;
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    const message = "There is such a file already; --force writes over it";
    return isThere ? { code: "file-exists", message, file } : fileProblem(file, error);
  }
}
