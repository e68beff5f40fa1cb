import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { run, Stop, step } from "./steps.mjs";
import { filesBelow, hashFiles, readJson, root, workspaces } from "./workspace.mjs";

const tools = join(root, ".tools");
const stamps = join(root, "node_modules", ".runs-fleet");
const pnpmProgram = join(tools, "node_modules", "pnpm", "bin", "pnpm.cjs");

/** The environment of every tool we start: the checkout's own pnpm first on PATH. */
export const environment = {
  ...process.env,
  PATH: [join(tools, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter),
};

/** Runs the pinned pnpm. */
export const pnpm = (/** @type {readonly string[]} */ args) =>
  run(process.execPath, [pnpmProgram, ...args], { cwd: root, env: { ...environment, CI: "true" } });

/**
 * Everything is there: the pinned pnpm, the packages of the lockfile, the JavaScript of our packages. Does only what is
 * missing or outdated, shows it, and takes no time when there is nothing to do. Nothing is written outside the checkout.
 *
 * @throws {Stop} With what is missing, in words.
 */
export async function setUp() {
  const version = readJson("package.json").packageManager.replace(/^pnpm@/, "");
  const jobs = [
    { due: () => installedPnpm() !== version, work: () => installPnpm(version) },
    { due: () => readStamp("install") !== installHash(), work: installPackages },
    { due: () => outdatedBuilds().length > 0, work: build },
  ];
  if (!jobs.some(({ due }) => due())) return;
  const release = await lock();
  try {
    for (const { due, work } of jobs) if (due()) await work();
  } finally {
    release();
  }
}

function installedPnpm() {
  const manifest = join(tools, "node_modules", "pnpm", "package.json");
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).version : undefined;
}

/** Corepack is avoided on purpose: it refuses releases whose signatures the registry does not carry. */
async function installPnpm(/** @type {string} */ version) {
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, "package.json"), '{ "private": true }\n');
  const args = ["install", "--prefix", tools, "--no-audit", "--no-fund", `pnpm@${version}`];
  // Under `npm start` npm names its own program: that works without a shell on every system.
  const npm = process.env.npm_execpath;
  const [program, first] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  await step(`installing pnpm ${version} into .tools/ (npm ${args.join(" ")})`, async () => {
    const { code, output } = await run(program, [...first, ...args], { cwd: tools });
    if (code === 127)
      throw new Stop(`npm is missing: it comes with Node, see https://nodejs.org\n${output}`);
    if (code !== 0)
      throw new Stop(`npm could not install pnpm ${version}. ${registryHint}\n\n${tail(output)}`);
  });
}

const manifests = () => workspaces().map(({ folder }) => `${folder}/package.json`);

/** Two platforms may share a checkout: binaries are per platform and Node major. */
const installHash = () =>
  hashFiles(
    ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc", ...manifests()],
    `${process.platform} ${process.arch} ${process.versions.modules} ${workspaces().map(
      ({ folder }) => existsSync(join(root, folder, "node_modules")),
    )}`,
  );

async function installPackages() {
  const args = ["install", "--frozen-lockfile"];
  await step(`installing the packages of pnpm-lock.yaml (pnpm ${args.join(" ")})`, async () => {
    const { code, output } = await pnpm([...args, "--reporter=append-only"]);
    if (code !== 0)
      throw new Stop(`pnpm ${args.join(" ")} failed. ${registryHint}\n\n${tail(output)}`);
  });
  writeStamp("install", installHash());
}

/** What the JavaScript of a package is made from; an executable holds the packages it depends on as well. */
function sourceHash(/** @type {string} */ folder) {
  const { bin } = readJson(folder, "package.json");
  const folders = bin ? workspaces(["packages"]).map((workspace) => workspace.folder) : [folder];
  const sources = folders.flatMap((path) => filesBelow(`${path}/src`));
  return hashFiles([
    "tsup.base.ts",
    "tsconfig.base.json",
    `${folder}/tsup.config.ts`,
    `${folder}/package.json`,
    ...sources.filter((file) => !/\.(test|test-d)\.ts$/.test(file)),
  ]);
}

/** A hash of the sources and the moment of the newest output, so that a build by hand is noticed. */
function buildStamp(/** @type {string} */ folder) {
  const output = join(root, folder, "dist");
  if (!existsSync(output)) return undefined;
  const scripts = readdirSync(output).filter((name) => name.endsWith(".js"));
  return `${sourceHash(folder)} ${Math.max(...scripts.map((name) => statSync(join(output, name)).mtimeMs))}`;
}

const stampName = (/** @type {string} */ folder) => `build-${folder.replaceAll("/", "-")}`;

function outdatedBuilds() {
  return workspaces()
    .filter(
      ({ folder, manifest }) =>
        manifest.scripts?.["build:js"] && filesBelow(`${folder}/src`).length > 0,
    )
    .filter(({ folder }) => {
      const now = buildStamp(folder);
      return now === undefined || readStamp(stampName(folder)) !== now;
    });
}

async function build() {
  const outdated = outdatedBuilds().map(({ folder }) => folder);
  const tsup = join(root, "node_modules", "tsup", "dist", "cli-default.js");
  await step(`building the JavaScript of ${outdated.join(", ")} (tsup)`, async () => {
    const failures = await Promise.all(
      outdated.map(async (folder) => {
        const options = { cwd: join(root, folder), env: environment };
        const { code, output } = await run(process.execPath, [tsup], options);
        if (code !== 0) return `${folder}\n${tail(output)}`;
        writeStamp(stampName(folder), buildStamp(folder) ?? "");
        return undefined;
      }),
    );
    const texts = failures.filter((text) => text !== undefined);
    if (texts.length > 0) throw new Stop(`The build failed.\n\n${texts.join("\n\n")}`);
  });
}

const registryHint =
  "It needs the npm registry: check the network, the proxy and ~/.npmrc, then try again.";

const tail = (/** @type {string} */ output) => output.trimEnd().split("\n").slice(-40).join("\n");

const readStamp = (/** @type {string} */ name) => {
  const path = join(stamps, name);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
};

function writeStamp(/** @type {string} */ name, /** @type {string} */ value) {
  const path = join(stamps, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, value);
}

/** One set-up at a time per checkout; the lock of a process that died is taken over. */
async function lock() {
  const path = join(tools, "setup.lock");
  mkdirSync(tools, { recursive: true });
  for (let told = false; ; ) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const owner = Number(existsSync(path) ? readFileSync(path, "utf8") : 0);
    if (owner && !alive(owner)) rmSync(path, { force: true });
    else {
      if (!told) process.stderr.write(`· waiting for the set-up of process ${owner}\n`);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

function alive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
