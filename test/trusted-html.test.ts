import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Sources of all packages and examples, relative to the root, tests aside. */
function sources(): readonly string[] {
  return ["packages", "examples"]
    .flatMap((group) => readdirSync(`${root}${group}`).map((name) => `${group}/${name}/src`))
    .filter((folder) => existsSync(`${root}${folder}`))
    .flatMap((folder) =>
      readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" }).map(
        (file) => `${folder}/${file.replaceAll("\\", "/")}`,
      ),
    )
    .filter((file) => file.endsWith(".ts") && !/\.test(?:-d)?\.ts$/.test(file));
}

describe("markup that is sent without being escaped", () => {
  it("comes from two places: pictures that were looked through, and drawings of a library that escapes", () => {
    const callers = sources().filter((file) =>
      /\btrustedHtml\b/.test(readFileSync(`${root}${file}`, "utf8")),
    );
    expect(callers.sort()).toEqual([
      "packages/config/src/report/page/draw.ts",
      "packages/core/src/html/index.ts",
      "packages/core/src/html/markup.ts",
      "packages/core/src/http/page/drawing.ts",
    ]);
  });
});
