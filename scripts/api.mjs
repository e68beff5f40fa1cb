// The API reports: one per public entry point, in packages/<package>/api/. They show in review what a change does to users.
// `node scripts/api.mjs` fails on any difference; `--local` writes the reports.
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
} from "@microsoft/api-extractor";
import { entryPoints } from "./lib/entries.mjs";
import { packages, root } from "./lib/workspace.mjs";

const { None: silent, Warning: reported } = ExtractorLogLevel;
const local = process.argv.includes("--local");
let failures = 0;

for (const workspace of packages()) {
  const folder = join(root, workspace.folder);
  const reports = join(folder, "api");
  mkdirSync(reports, { recursive: true });
  const entries = entryPoints(workspace);
  const missing = entries.filter(({ types }) => !existsSync(join(folder, types)));
  for (const { types } of missing)
    complain(`${workspace.folder}: ${types} is missing; run pnpm build first`);
  const configs = entries
    .filter((entry) => !missing.includes(entry))
    .map((entry) => ({ entry, config: configure(workspace, entry) }));
  const [first, ...rest] = configs;
  if (first) {
    const compilerState = CompilerState.create(first.config, {
      additionalEntryPoints: rest.map(({ config }) => config.mainEntryPointFilePath),
    });
    const exported = new Set(configs.flatMap(({ config }) => exportedNames(compilerState, config)));
    for (const { entry, config } of configs) {
      report(workspace, entry, config, compilerState, exported);
    }
  }
  // A report whose entry point is gone would lie.
  const known = new Set(entries.map(({ name }) => `${name}.api.md`));
  for (const file of readdirSync(reports).filter((name) => !known.has(name))) {
    if (local) rmSync(join(reports, file));
    else complain(`${workspace.folder}/api/${file} belongs to no entry point`);
  }
}

if (failures > 0 && !local)
  console.error("\nIf the change is meant: pnpm build && pnpm api:update, then review the diff.");
process.exitCode = failures > 0 ? 1 : 0;

function configure(workspace, entry) {
  const folder = join(root, workspace.folder);
  return ExtractorConfig.prepare({
    packageJson: workspace.manifest,
    packageJsonFullPath: join(folder, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, entry.types),
      apiReport: {
        enabled: true,
        reportFolder: join(folder, "api"),
        reportTempFolder: join(root, "node_modules", ".runs-fleet", "api", workspace.folder),
        reportFileName: entry.name,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      compiler: {
        overrideTsconfig: {
          extends: join(root, "tsconfig.api.json"),
          files: entryPoints(workspace).map(({ types }) => join(folder, types)),
        },
      },
      messages: {
        compilerMessageReporting: { default: { logLevel: reported } },
        extractorMessageReporting: {
          default: { logLevel: reported },
          // Every export of an entry point is public; typedoc checks the links.
          "ae-missing-release-tag": { logLevel: silent },
          "ae-undocumented": { logLevel: reported },
          "ae-unresolved-link": { logLevel: silent },
        },
        // typedoc reads our comments and checks their names; TSDoc's escaping rules fight its examples.
        tsdocMessageReporting: { default: { logLevel: silent } },
      },
    },
  });
}

function report(workspace, entry, config, compilerState, exported) {
  const messages = [];
  const result = Extractor.invoke(config, {
    localBuild: local,
    compilerState,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel !== "error" && message.logLevel !== "warning") return;
      if (message.category === "console") return;
      // The extractor sees one entry point; a user may name what any entry point of the package exports.
      const forgotten =
        message.messageId === "ae-forgotten-export" && /"([^"]+)"/.exec(message.text)?.[1];
      if (forgotten && exported.has(forgotten)) return;
      const place = message.sourceFilePath
        ? `${message.sourceFilePath}:${message.sourceFileLine}: `
        : "";
      messages.push(`${place}${message.text}`.replaceAll(`${root}/`, ""));
    },
  });
  const title = `${workspace.folder}/api/${entry.name}.api.md`;
  for (const text of messages) complain(text);
  if (!result.apiReportChanged) console.log(`${title} ok`);
  else if (local) console.log(`${title} written`);
  else complain(`${title} differs from the code`);
}

/** The names that an entry point exports. */
function exportedNames(compilerState, config) {
  const program = compilerState.program;
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(config.mainEntryPointFilePath);
  const symbol = file && checker.getSymbolAtLocation(file);
  return symbol ? checker.getExportsOfModule(symbol).map(({ name }) => name) : [];
}

function complain(text) {
  failures += 1;
  console.error(text);
}
