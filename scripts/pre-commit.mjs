// The repository that pre-commit installs: `node scripts/pre-commit.mjs <folder>` writes it; without a folder the real pre-commit tries
// it, and the form that takes the package itself, on a good and a bad file.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeMirror } from "./lib/pre-commit-mirror.mjs";
import { findPythonTool } from "./lib/python-tool.mjs";
import { environment, pnpm } from "./lib/setup.mjs";
import { run } from "./lib/steps.mjs";
import { root } from "./lib/workspace.mjs";

const good = `version: 1
environments: { ci: { regions: [us-east-1] } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
`;

const asked = process.argv[2];
if (asked !== undefined) {
  const folder = resolve(asked);
  mkdirSync(folder, { recursive: true });
  console.log(`runs-fleet ${await writeMirror(folder)} for pre-commit in ${folder}`);
} else {
  const home = mkdtempSync(join(tmpdir(), "runs-fleet-pre-commit-"));
  try {
    process.exitCode = (await tryIt(home)) ? 0 : 1;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function tryIt(/** @type {string} */ home) {
  const { python, version } = await findPythonTool({
    name: "pre_commit",
    wanted: "4.6.1",
    fitting: /^4\.\d+\.\d+$/,
    modules: ["pre_commit"],
  });
  const mirror = join(home, "mirror");
  mkdirSync(mirror);
  await writeMirror(mirror);
  const rev = await commit(mirror);
  const forms = {
    "a mirror": `repos:\n  - repo: ${mirror}\n    rev: ${rev}\n    hooks: [{ id: runs-fleet-check }]\n`,
    "repo: local": `repos:
  - repo: local
    hooks:
      - id: runs-fleet-check
        name: runs-fleet check
        language: node
        entry: runs-fleet check
        files: ^(\\.github/)?runs-fleet\\.ya?ml$
        additional_dependencies: [${(await packed(home)).map((file) => JSON.stringify(file)).join(", ")}]
`,
  };
  let fine = 0;
  const wanted = /** @type {const} */ ([
    ["good", good, 0, /runs-fleet check\.+Passed/],
    ["bad", good.replace("policies", "polices"), 1, /unknown-key.*runs-fleet\.yml:3:1/],
  ]);
  for (const [form, config] of Object.entries(forms)) {
    const folder = join(home, form.replace(/\W/g, "-"));
    mkdirSync(join(folder, ".github"), { recursive: true });
    writeFileSync(join(folder, ".pre-commit-config.yaml"), config);
    for (const [what, text, code, words] of wanted) {
      writeFileSync(join(folder, ".github", "runs-fleet.yml"), text);
      await commit(folder);
      const args = ["-m", "pre_commit", "run", "--all-files", "--color", "never"];
      const env = { ...environment, PRE_COMMIT_HOME: join(home, "cache"), NO_COLOR: "1" };
      const ran = await run(python, args, { cwd: folder, env, limitMs: 180_000 });
      const isFine = ran.code === code && words.test(ran.output);
      if (isFine) fine += 1;
      console.log(`${isFine ? "ok  " : "FAIL"} ${form}, a ${what} file\n${ran.output.trimEnd()}\n`);
    }
  }
  console.log(
    `pre-commit ${version}: ${fine} of ${Object.keys(forms).length * wanted.length} runs as they should be`,
  );
  return fine === Object.keys(forms).length * wanted.length;
}

/** Commits all that is in a folder; answers the commit. */
async function commit(/** @type {string} */ folder) {
  const git = async (/** @type {string[]} */ args) => {
    const who = ["-c", "user.name=runs-fleet", "-c", "user.email=nobody@example.org"];
    const { code, output } = await run("git", [...who, ...args], { cwd: folder, env: environment });
    if (code !== 0) throw new Error(`git ${args.join(" ")} failed\n${output}`);
    return output.trim();
  };
  await git(["init", "--quiet"]);
  await git(["add", "--all"]);
  await git(["commit", "--quiet", "--allow-empty", "--message", "All of it"]);
  return git(["rev-parse", "HEAD"]);
}

/** The packages that the command line is made of, as they would be published. */
async function packed(/** @type {string} */ home) {
  const folder = join(home, "packed");
  mkdirSync(folder);
  for (const name of ["telemetry", "scheduling", "core", "config"]) {
    const from = join(root, "packages", name);
    const { code, output } = await pnpm(["--dir", from, "pack", "--pack-destination", folder]);
    if (code !== 0) throw new Error(`pnpm pack failed for ${name}\n${output}`);
  }
  return readdirSync(folder).map((file) => join(folder, file));
}
