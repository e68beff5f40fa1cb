import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { FakeGitHubExchange } from "../src/testing/github/index.ts";

/** Paths that the committed part of GitHub's description lacks: their exchanges are not checked. */
export const uncheckedRoutes: readonly string[] = [
  "POST /repos/{owner}/{repo}/actions/jobs/{job_id}/rerun",
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
  "GET /users/{username}/installation",
  "GET /orgs/{org}/repos",
];

/** Statuses that any path may answer and few of the description name. */
const commonStatuses = new Set([304, 401, 403, 404, 422, 429, 503]);

type Node = Record<string, unknown>;

const file = new URL("../testdata/github-openapi/ghec-subset-67-paths.json", import.meta.url);
const description = JSON.parse(readFileSync(file, "utf8")) as {
  readonly paths: Record<string, Record<string, Node>>;
  readonly components: Node;
};

/** OpenAPI 3.0 as JSON schema: `nullable` becomes a choice with null. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const node: Node = {};
  for (const [key, child] of Object.entries(value)) {
    if (key !== "nullable" && key !== "discriminator" && key !== "example")
      node[key] = plain(child);
  }
  return (value as Node)["nullable"] === true ? { anyOf: [{ type: "null" }, node] } : node;
}

const components = plain(description.components);

function resolve(node: Node): Node {
  const reference = node["$ref"];
  if (typeof reference !== "string") return node;
  let target: unknown = description;
  for (const part of reference.slice(2).split("/")) target = (target as Node)[part];
  return target as Node;
}

function schemaOf(holder: unknown): unknown {
  const content = (resolve((holder ?? {}) as Node)["content"] ?? {}) as Record<string, Node>;
  return content["application/json"]?.["schema"];
}

/** A parameter as its schema has it: on the way everything is text. */
function parameterOf(schema: Node, text: string): unknown {
  if (schema["type"] === "integer") return Number(text);
  return schema["type"] === "boolean" && (text === "true" || text === "false")
    ? text === "true"
    : text;
}

/** Checks exchanges of the fake against GitHub's description and collects what differs. */
export interface OpenApiCheck {
  check(exchange: FakeGitHubExchange): void;
  readonly violations: readonly string[];
  /** `METHOD template status` of everything that was checked. */
  readonly checked: ReadonlySet<string>;
  readonly unchecked: ReadonlySet<string>;
}

/** A check that has seen nothing yet. */
export function createOpenApiCheck(): OpenApiCheck {
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true });
  addFormats.default(ajv, { mode: "fast" });
  const validators = new Map<string, ValidateFunction>();
  const violations: string[] = [];
  const checked = new Set<string>();
  const unchecked = new Set<string>();

  const validate = (key: string, schema: unknown, value: unknown): void => {
    let validator = validators.get(key);
    if (validator === undefined) {
      validator = ajv.compile({ ...(plain(schema) as Node), components });
      validators.set(key, validator);
    }
    if (!validator(value)) violations.push(`${key}: ${ajv.errorsText(validator.errors)}`);
  };

  const checkQuery = (name: string, operation: Node, query: Readonly<Record<string, string>>) => {
    const declared = new Map<string, Node>();
    for (const parameter of (operation["parameters"] ?? []) as Node[]) {
      const { name: key, in: place, schema } = resolve(parameter);
      if (place === "query") declared.set(String(key), (schema ?? {}) as Node);
    }
    for (const [key, text] of Object.entries(query)) {
      const schema = declared.get(key);
      if (schema === undefined) violations.push(`${name}: unknown query parameter ${key}`);
      // Declared as one instant, described as a range: the words are right.
      else if (key === "created") continue;
      else validate(`${name} ?${key}`, schema, parameterOf(schema, text));
    }
  };

  return {
    violations,
    checked,
    unchecked,
    check: (exchange) => {
      const { method, route, path, status } = exchange;
      // Nobody's path: only clients that ask for nonsense get there.
      if (route === undefined) {
        if (status !== 404 && status !== 401) violations.push(`${method} ${path}: ${status}`);
        return;
      }
      const name = `${method} ${route}`;
      const operation = description.paths[route]?.[method.toLowerCase()];
      if (operation === undefined) {
        unchecked.add(name);
        if (!uncheckedRoutes.includes(name)) violations.push(`${name}: not in the description`);
        return;
      }
      checked.add(`${name} ${status}`);
      checkQuery(name, operation, exchange.query);
      const requestBody = resolve((operation["requestBody"] ?? {}) as Node);
      const optional = requestBody["required"] !== true && exchange.request === undefined;
      const body = optional ? undefined : schemaOf(requestBody);
      // A refused request may be wrong: that is what it was refused for.
      if (body !== undefined && status < 400) validate(`${name} request`, body, exchange.request);
      const answers = operation["responses"] as Record<string, Node>;
      const answer = answers[String(status)];
      if (answer === undefined && !commonStatuses.has(status)) {
        violations.push(`${name}: status ${status} is not in the description`);
        return;
      }
      const schema =
        answer === undefined
          ? status === 304
            ? undefined
            : { $ref: "#/components/schemas/basic-error" }
          : schemaOf(answer);
      if (schema !== undefined) validate(`${name} ${status}`, schema, exchange.response);
      else if (exchange.response !== undefined) violations.push(`${name} ${status}: has a body`);
    },
  };
}
