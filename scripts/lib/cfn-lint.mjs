import { findPythonTool } from "./python-tool.mjs";
import { run, Stop } from "./steps.mjs";

/**
 * What cfn-lint says of templates.
 *
 * @param {readonly string[]} files
 * @param {readonly string[]} [regions] Where they are to work. One without it.
 * @returns {Promise<{ version: string, findings: { file: string, rule: string, level: string, message: string, line: number }[] }>}
 * @throws {Stop} When it cannot be had, or does not run.
 */
export async function lintTemplates(files, regions = ["us-east-1"]) {
  const { python, version } = await findPythonTool({
    name: "cfn-lint",
    wanted: "1.51.0",
    fitting: /^1\.51\.\d+$/,
    modules: ["cfnlint"],
  });
  const program = "import sys; from cfnlint.runner import main; sys.exit(main())";
  const args = ["-c", program, "--format", "json", "--regions", ...regions, "--", ...files];
  const { code, output } = await run(python, args, { limitMs: 120_000 });
  const start = output.indexOf("[");
  // 0 is clean; the bits of anything else are levels of findings, and 1 is a broken cfn-lint.
  if (code === 1 || (start < 0 && code !== 0)) throw new Stop(`cfn-lint failed\n\n${output}`);
  const found = start < 0 ? [] : JSON.parse(output.slice(start));
  return {
    version,
    findings: found.map((one) => ({
      file: one.Filename,
      rule: one.Rule.Id,
      level: one.Level,
      message: one.Message,
      line: one.Location.Start.LineNumber,
    })),
  };
}
