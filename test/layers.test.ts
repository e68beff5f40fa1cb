import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Plant {
  readonly file: string;
  readonly code: string;
  /** The rule that must fire; absent = biome must stay silent. */
  readonly rule?: string;
}

const imports = (specifier: string) => `import { a } from "${specifier}";\nexport const b = a;\n`;
const restricted = "lint/style/noRestrictedImports";
const node = "lint/correctness/noNodejsModules";
const globals = "lint/style/noRestrictedGlobals";
const members = "lint/nursery/noJsRestrictedProperties";
const undeclared = "lint/correctness/noUndeclaredDependencies";
const now = "export const now = () => Date.now();\n";

/** Every rule of the layers with a line that breaks it, and the neighbouring line that is allowed. */
const plants: Readonly<Record<string, readonly Plant[]>> = {
  "only aws imports the AWS SDK": [
    { file: "core/src/x.ts", code: imports("@aws-sdk/client-ec2"), rule: restricted },
    { file: "core/src/embedded/x.ts", code: imports("@aws-sdk/client-ec2"), rule: restricted },
    { file: "core/src/x.test.ts", code: imports("@aws-sdk/client-ec2"), rule: restricted },
    { file: "config/src/x.ts", code: imports("@aws-sdk/client-ec2"), rule: restricted },
    { file: "agent/src/x.ts", code: imports("@smithy/types/dist/x"), rule: restricted },
    { file: "scheduling/src/x.ts", code: imports("@aws-sdk/client-ec2"), rule: restricted },
    { file: "telemetry/src/x.ts", code: imports("@aws-sdk/client-ec2"), rule: restricted },
    { file: "aws/src/x.ts", code: imports("@aws-sdk/client-ec2") },
  ],
  "imports point downwards": [
    { file: "scheduling/src/y.ts", code: imports("@runs-fleet/telemetry"), rule: restricted },
    {
      file: "scheduling/src/y.test.ts",
      code: imports("@runs-fleet/core/testing"),
      rule: restricted,
    },
    { file: "telemetry/src/y.ts", code: imports("@runs-fleet/core"), rule: restricted },
    { file: "core/src/y.ts", code: imports("@runs-fleet/config"), rule: restricted },
    { file: "core/src/y.test.ts", code: imports("@runs-fleet/agent"), rule: restricted },
    { file: "core/src/ports/y.ts", code: imports("@runs-fleet/aws/ec2"), rule: restricted },
    { file: "core/src/testing/y.ts", code: imports("@runs-fleet/core/wire"), rule: restricted },
    { file: "core/src/z.ts", code: imports("@runs-fleet/scheduling") },
    { file: "config/src/y.ts", code: imports("@runs-fleet/aws/s3"), rule: restricted },
    { file: "config/src/z.ts", code: imports("@runs-fleet/core") },
    { file: "aws/src/y.ts", code: imports("@runs-fleet/config"), rule: restricted },
    { file: "aws/src/a.ts", code: imports("@runs-fleet/agent"), rule: restricted },
    { file: "aws/src/s.ts", code: imports("@runs-fleet/scheduling"), rule: restricted },
    { file: "aws/src/x.test.ts", code: imports("@runs-fleet/config"), rule: restricted },
    { file: "aws/src/d.ts", code: imports("@runs-fleet/core/src/index.ts"), rule: restricted },
    { file: "aws/src/z.ts", code: imports("@runs-fleet/core") },
    { file: "aws/src/w.ts", code: imports("@runs-fleet/core/wire") },
  ],
  "the agent library knows core/wire and telemetry; its executables may wire": [
    { file: "agent/src/y.ts", code: imports("@runs-fleet/core"), rule: restricted },
    { file: "agent/src/run/y.ts", code: imports("@runs-fleet/core/embedded"), rule: restricted },
    { file: "agent/src/z.ts", code: imports("@runs-fleet/core/wire") },
    { file: "agent/src/t.ts", code: imports("@runs-fleet/telemetry") },
    { file: "agent/src/main/y.ts", code: imports("@runs-fleet/core/embedded/process") },
    { file: "agent/src/main/a.ts", code: imports("@runs-fleet/aws/agent"), rule: restricted },
    { file: "agent/src/main/aws.ts", code: imports("@runs-fleet/aws/agent") },
    { file: "agent/src/main/ec2/a.ts", code: imports("@runs-fleet/aws/agent") },
    { file: "agent/src/main/ec2/b.ts", code: imports("@aws-sdk/client-sqs"), rule: restricted },
    { file: "agent/src/b.ts", code: imports("@runs-fleet/aws/agent"), rule: undeclared },
    { file: "agent/src/y.test.ts", code: imports("@runs-fleet/core/testing") },
  ],
  "no deep imports": [
    { file: "core/src/d.ts", code: imports("@runs-fleet/scheduling/src/x.ts"), rule: restricted },
    { file: "config/src/d.ts", code: imports("@runs-fleet/core/dist/x.js"), rule: restricted },
    { file: "agent/src/main/d.ts", code: imports("@runs-fleet/core/src/x.ts"), rule: restricted },
    { file: "agent/src/run/d.ts", code: imports("../../../core/src/index.ts"), rule: restricted },
    { file: "core/src/d.test.ts", code: imports("../../agent/src/index.ts"), rule: restricted },
    { file: "core/test/d.test.ts", code: imports("../src/index.ts") },
    {
      file: "scheduling/src/d.test.ts",
      code: imports("../../core/src/index.ts"),
      rule: restricted,
    },
    { file: "core/src/a/b/d.ts", code: imports("../../ports/clock.ts") },
    { file: "aws/src/d.ts", code: imports("@runs-fleet/core/src/x.ts"), rule: restricted },
  ],
  "the domain reaches adapters and the test kit through ports only": [
    { file: "core/src/fleet/e.ts", code: imports("../embedded/index.ts"), rule: restricted },
    { file: "core/src/e.ts", code: imports("./embedded/index.ts"), rule: restricted },
    { file: "core/src/github/a/e.ts", code: imports("../../testing/index.ts"), rule: restricted },
    { file: "core/src/demand/e.ts", code: imports("../node/serve.ts"), rule: restricted },
    { file: "core/src/testing/e.ts", code: imports("../embedded/index.ts") },
    { file: "core/src/fleet/e.test.ts", code: imports("../embedded/index.ts") },
  ],
  "no node modules in the pure packages": [
    { file: "core/src/n.ts", code: imports("node:fs"), rule: node },
    { file: "core/src/routing/n.ts", code: imports("node:crypto"), rule: node },
    { file: "core/src/github/n.ts", code: imports("node:crypto"), rule: node },
    { file: "scheduling/src/n.ts", code: imports("node:fs"), rule: node },
    { file: "scheduling/src/tzdata/n.ts", code: imports("node:zlib"), rule: node },
    { file: "telemetry/src/n.ts", code: imports("node:async_hooks"), rule: node },
    { file: "core/src/demand/signature.ts", code: imports("node:crypto") },
    { file: "core/src/github/app-token.ts", code: imports("node:crypto") },
    { file: "core/src/embedded/sqlite/n.ts", code: imports("node:fs") },
    { file: "core/src/testing/n.ts", code: imports("node:http") },
    { file: "core/src/node/n.ts", code: imports("node:http") },
    { file: "core/src/n.test.ts", code: imports("node:fs") },
    { file: "scheduling/src/n.test.ts", code: imports("node:fs") },
    { file: "scheduling/scripts/n.ts", code: imports("node:fs") },
  ],
  "time, chance and the environment come from ports": [
    { file: "core/src/g1.ts", code: now, rule: globals },
    { file: "scheduling/src/g1.ts", code: now, rule: globals },
    { file: "agent/src/g1.ts", code: now, rule: globals },
    { file: "core/src/g2.ts", code: "export type Moment = Date;\n", rule: globals },
    { file: "core/src/g3.ts", code: "setTimeout(() => undefined, 1);\n", rule: globals },
    { file: "core/src/g4.ts", code: "setInterval(() => undefined, 1);\n", rule: globals },
    { file: "core/src/g5.ts", code: "export const home = process.env.HOME;\n", rule: globals },
    { file: "aws/src/g5.ts", code: "export const home = process.env.HOME;\n", rule: globals },
    { file: "core/src/g6.ts", code: 'console.log("here");\n', rule: globals },
    { file: "core/src/g7.ts", code: "export const chance = () => Math.random();\n", rule: members },
    {
      file: "core/src/g8.ts",
      code: "export const id = () => crypto.randomUUID();\n",
      rule: members,
    },
    {
      file: "core/src/g9.ts",
      code: "export const s = () => AbortSignal.timeout(1);\n",
      rule: members,
    },
    { file: "core/src/g10.ts", code: "export const t = () => performance.now();\n", rule: members },
    {
      file: "core/src/g11.ts",
      code: "export const env = () => globalThis.process;\n",
      rule: members,
    },
    {
      file: "agent/src/g12.ts",
      code: 'import process from "node:process";\nexport const home = process.env["HOME"];\n',
      rule: members,
    },
    { file: "agent/src/g13.ts", code: imports("node:timers"), rule: restricted },
    { file: "agent/src/system.ts", code: imports("node:timers") },
    { file: "core/src/ports/system-clock.ts", code: now },
    { file: "aws/src/agent/sdk-credentials.ts", code: now },
    { file: "aws/src/agent/g1.ts", code: now, rule: globals },
    { file: "core/src/embedded/g.ts", code: now },
    { file: "core/src/testing/g.ts", code: now },
    { file: "core/src/node/g.ts", code: now },
    { file: "agent/src/main/g.ts", code: now },
    { file: "config/src/cli/g.ts", code: now, rule: globals },
    { file: "config/src/main/g.ts", code: now },
    { file: "core/src/g.test.ts", code: now },
  ],
  "a package imports what it declares": [
    { file: "core/src/u.ts", code: imports("left-pad"), rule: undeclared },
    { file: "telemetry/src/u.ts", code: imports("valibot"), rule: undeclared },
    { file: "telemetry/src/v.ts", code: imports("@opentelemetry/api") },
    { file: "agent/src/u.ts", code: imports("valibot"), rule: undeclared },
    { file: "core/src/v.ts", code: imports("valibot") },
    { file: "core/src/u.test.ts", code: imports("vitest") },
    { file: "core/test/u.ts", code: imports("fast-check") },
  ],
  "modules are named, explicit and free of cycles": [
    { file: "core/src/i1.ts", code: imports("./i2"), rule: "lint/correctness/useImportExtensions" },
    { file: "core/src/i2.ts", code: "export const a = 1;\n" },
    { file: "core/src/i3.ts", code: "export default 1;\n", rule: "lint/style/noDefaultExport" },
    {
      file: "core/src/i4.ts",
      code: 'export * from "./i2.ts";\n',
      rule: "lint/performance/noReExportAll",
    },
    { file: "core/x.config.ts", code: "export default 1;\n" },
    { file: "core/src/c1.ts", code: imports("./c2.ts"), rule: "lint/suspicious/noImportCycles" },
    {
      file: "core/src/c2.ts",
      code: 'import { b } from "./c1.ts";\nexport const a = () => b;\n',
      rule: "lint/suspicious/noImportCycles",
    },
    {
      file: "core/src/l1.ts",
      code: "export const a = [\n".padEnd(9000, "  1,\n").concat("];\n"),
      rule: "lint/style/noExcessiveLinesPerFile",
    },
  ],
  "promises, types and nulls are taken seriously": [
    {
      file: "core/src/p1.ts",
      code: "async function work(): Promise<void> {}\nexport function f(): void {\n  work();\n}\n",
      rule: "lint/nursery/noFloatingPromises",
    },
    {
      file: "core/src/p2.ts",
      code: "export const x: any = 1;\n",
      rule: "lint/suspicious/noExplicitAny",
    },
    {
      file: "core/src/p3.ts",
      code: "export const f = (x?: { y: number }) => x!.y;\n",
      rule: "lint/style/noNonNullAssertion",
    },
  ],
};

/** What each package of the mirror declares: all that its layer may, whether it uses it today or not. */
const declared: Readonly<Record<string, readonly string[]>> = {
  scheduling: [],
  telemetry: ["@opentelemetry/api"],
  core: ["@runs-fleet/scheduling", "@runs-fleet/telemetry", "valibot"],
  config: ["@runs-fleet/core", "@runs-fleet/scheduling", "valibot", "yaml"],
  aws: ["@runs-fleet/core", "@runs-fleet/telemetry", "@aws-sdk/client-ec2"],
  agent: ["@runs-fleet/core", "@runs-fleet/telemetry"],
};

/** What goes into the bundle of an executable, and is no dependency of who installs the package. */
const bundled: Readonly<Record<string, readonly string[]>> = { agent: ["@runs-fleet/aws"] };

describe("the layer rules of biome.json", () => {
  let mirror = "";
  const fired = new Map<string, string[]>();

  beforeAll(() => {
    mirror = mkdtempSync(join(tmpdir(), "runs-fleet-layers-"));
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(mirror, path)), { recursive: true });
      writeFileSync(join(mirror, path), text);
    };
    for (const file of ["biome.json", "package.json", ".gitignore"]) {
      cpSync(join(root, file), join(mirror, file));
    }
    for (const [name, packages] of Object.entries(declared)) {
      const any = (names: readonly string[]) => Object.fromEntries(names.map((one) => [one, "*"]));
      const devDependencies = any(bundled[name] ?? []);
      const dependencies = any(packages);
      const manifest = { name: `@runs-fleet/${name}`, dependencies, devDependencies };
      write(`packages/${name}/package.json`, JSON.stringify(manifest));
    }
    for (const { file, code } of Object.values(plants).flat()) write(`packages/${file}`, code);
    for (const { file, rules } of lint(mirror)) fired.set(file, rules);
  }, 60_000);

  afterAll(() => rmSync(mirror, { recursive: true, force: true }));

  for (const [law, cases] of Object.entries(plants)) {
    describe(law, () => {
      for (const { file, code, rule } of cases) {
        const line = code.split("\n")[0] ?? "";
        it(`${rule ? "stops" : "lets pass"} \`${line}\` in ${file}`, () => {
          const own = fired.get(`packages/${file}`) ?? [];
          // An import that is restricted may be undeclared as well: only the rule at hand counts.
          if (rule) expect(own).toContain(rule);
          else expect(own).toEqual([]);
        });
      }
    });
  }
});

function lint(directory: string): { file: string; rules: string[] }[] {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const flags = ["lint", "--vcs-enabled=false", "--reporter=json", "--max-diagnostics=none", "."];
  let json: string;
  try {
    json = execFileSync(process.execPath, [biome, ...flags], {
      cwd: directory,
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (failure) {
    json = (failure as { stdout: string }).stdout; // exit code 1 says that something fired
  }
  const report = JSON.parse(json) as {
    diagnostics: { category: string; location: { path: string | { file: string } } }[];
  };
  const rules = new Map<string, string[]>();
  for (const { category, location } of report.diagnostics) {
    const file = typeof location.path === "string" ? location.path : location.path.file;
    rules.set(file, [...(rules.get(file) ?? []), category]);
  }
  return [...rules].map(([file, list]) => ({ file, rules: list }));
}
