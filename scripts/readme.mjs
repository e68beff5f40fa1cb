// Code in our pages is copied from files that are compiled and run: `<!-- code: path#region -->` stands above the block.
// `--check` fails when a block differs, a README has code of its own, or a relative link leads nowhere; otherwise it writes.
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { filesBelow, readText, root, workspaces } from "./lib/workspace.mjs";

const block =
  /^(?:<!-- code: (?<source>\S+) -->\n\n?)?```(?<language>\w*)[^\n]*\n(?<code>[\s\S]*?)^```$/gm;
const scripts = new Set(["ts", "typescript", "js", "javascript", "mjs", "tsx", "jsx"]);

/**
 * The lines of a file, or of its region between `// #region name` and `// #endregion`, with the indent of its first line removed.
 *
 * @param {string} source `path` or `path#region`.
 * @param {(path: string) => string | undefined} read
 * @returns {string | undefined} Ends with a line break; `undefined` when there is no such file or region.
 */
export function excerpt(source, read) {
  const [path = "", region] = source.split("#");
  const text = read(path);
  if (text === undefined || region === undefined) return text;
  const lines = text.split("\n");
  const begin = lines.findIndex((line) => line.trim() === `// #region ${region}`);
  const length = lines
    .slice(begin + 1)
    .findIndex((line) => line.trim().startsWith("// #endregion"));
  if (begin < 0 || length < 0) return undefined;
  const inside = lines.slice(begin + 1, begin + 1 + length);
  const indent = /^\s*/.exec(inside.find((line) => line.trim()) ?? "")?.[0] ?? "";
  return inside
    .map((line) => `${line.startsWith(indent) ? line.slice(indent.length) : line}\n`)
    .join("");
}

/**
 * A page with every marked block brought up to date.
 *
 * @param {string} page
 * @param {string} text
 * @param {(path: string) => string | undefined} read
 * @returns {{ text: string, faults: string[] }} `faults` holds what writing cannot mend.
 */
export function refresh(page, text, read) {
  const faults = [];
  const fresh = text.replaceAll(block, (whole, ...rest) => {
    const { source, language, code } = rest.at(-1);
    if (source === undefined) {
      if (page.endsWith("README.md") && scripts.has(language)) {
        faults.push(
          `${page}: a ${language} block of its own; copy it from a compiled file by <!-- code: path#region -->`,
        );
      }
      return whole;
    }
    const wanted = excerpt(source, read);
    if (wanted !== undefined) {
      // The code stands right before the closing fence; an empty block would match anywhere.
      const at = whole.lastIndexOf(`${code}\`\`\``);
      return whole.slice(0, at) + wanted + whole.slice(at + code.length);
    }
    faults.push(`${page}: ${source} does not exist`);
    return whole;
  });
  return { text: fresh, faults };
}

/**
 * The relative links of a page that lead to no file.
 *
 * @param {string} page
 * @param {string} text
 * @param {(path: string) => boolean} exists
 */
export function deadLinks(page, text, exists) {
  const prose = text.replaceAll(/```[\s\S]*?```/g, "").replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)[^)]*\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !exists(posix.join(dirname(page), target)))
    .map((target) => `${page}: ${target} leads nowhere`);
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const check = process.argv.includes("--check");
  const exists = (path) => existsSync(join(root, path));
  const read = (path) => (exists(path) ? readText(path) : undefined);
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    ...workspaces().map(({ folder }) => `${folder}/README.md`),
    ...filesBelow("docs").filter((path) => path.endsWith(".md")),
  ].filter(exists);
  let faults = 0;
  for (const page of pages) {
    const text = readText(page);
    const result = refresh(page, text, read);
    const all = [...result.faults, ...deadLinks(page, text, exists)];
    if (result.text !== text && check)
      all.push(`${page}: a code block differs from its source; run pnpm readme`);
    if (result.text !== text && !check) writeFileSync(join(root, page), result.text);
    for (const fault of all) console.error(fault);
    faults += all.length;
  }
  console.log(`${pages.length} pages, ${faults} faults`);
  process.exitCode = faults > 0 ? 1 : 0;
}
