// How long a fresh process waits for each entry point of @runs-fleet/aws, and which clients of the SDK that loads.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const runs = 7;
const folder = new URL("../packages/aws/", import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
const require = createRequire(new URL("package.json", folder));

/** The client that an entry point is for; what is not here needs none. */
const clients = {
  "./agent": ["client-dynamodb", "client-s3", "client-sqs"],
  "./dynamodb": ["client-dynamodb"],
  "./ec2": ["client-ec2"],
  "./s3": ["client-s3"],
  "./sqs": ["client-sqs"],
  "./stack/apply": [
    "client-dynamodb",
    "client-ec2",
    "client-eventbridge",
    "client-iam",
    "client-s3",
    "client-sqs",
  ],
};

export function run() {
  const subpaths = Object.keys(exports).filter((name) => name !== "./package.json");
  return subpaths.flatMap((name) => {
    const entry = new URL(exports[name].default, folder).href;
    const own = timed(entry);
    const wanted = clients[name] ?? [];
    // What the clients alone cost: nobody can be faster than that.
    const alone = wanted.length === 0 ? 0 : timed(...wanted.map(clientEntry));
    const loaded = loadedClients(entry);
    const surplus = loaded.filter((client) => !wanted.includes(client));
    const title = name.replace("./", "@runs-fleet/aws/");
    return [
      {
        name: `import of ${title} above its clients' own ${alone.toFixed(0)} ms, median of ${runs}`,
        value: own - alone,
        unit: "ms",
        target: "< 50",
        ok: own - alone < 50,
      },
      {
        name: `clients that ${title} loads besides ${wanted.join(", ") || "none"}`,
        value: surplus.length,
        unit: surplus.join(" ") || "clients",
        target: "<= 0",
        ok: surplus.length === 0,
      },
    ];
  });
}

function clientEntry(client) {
  const manifestPath = require.resolve(`@aws-sdk/${client}/package.json`);
  const { module: entry = "dist-es/index.js", main } = JSON.parse(
    readFileSync(manifestPath, "utf8"),
  );
  // As Node loads it: through its main entry.
  return pathToFileURL(join(dirname(manifestPath), main ?? entry)).href;
}

/** Median of fresh processes, milliseconds. */
function timed(...entries) {
  const imports = entries.map((entry) => `await import(${JSON.stringify(entry)});`).join(" ");
  const program = `const begin = performance.now(); ${imports} console.log(performance.now() - begin);`;
  const measured = Array.from({ length: runs }, () => Number(evaluate(program)));
  return measured.sort((a, b) => a - b)[(runs - 1) / 2] ?? 0;
}

/** The clients among what a process has loaded: CommonJS modules stand in the cache, by their files. */
function loadedClients(entry) {
  const program = `import { createRequire } from "node:module";
    await import(${JSON.stringify(entry)});
    const files = Object.keys(createRequire(${JSON.stringify(entry)}).cache);
    console.log(JSON.stringify(files.map((file) => /@aws-sdk[\\\\/](client-[\\w-]+)[\\\\/]dist/.exec(file)?.[1]).filter(Boolean)));`;
  return [...new Set(JSON.parse(evaluate(program)))].sort();
}

function evaluate(program) {
  return execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  });
}
