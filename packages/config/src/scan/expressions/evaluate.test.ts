import { describe, expect, it } from "vitest";
import { evaluateExpression, type Scope } from "./evaluate.ts";
import { explore } from "./explore.ts";
import { parseExpression } from "./parse.ts";
import { evaluateTemplate } from "./template.ts";
import {
  ExpressionFailure,
  maxTextLength,
  objectOf,
  type SettledValue,
  toValue,
  type Value,
} from "./value.ts";

const contexts: Readonly<Record<string, Value>> = {
  github: objectOf([["event_name", "push"]], true),
  needs: { kind: "unknown", source: "needs" },
  vars: objectOf([["SIZE", "large"]], true),
  inputs: objectOf([
    ["runner", { kind: "choice", key: "inputs.runner", options: ["small", "large"] }],
    ["big", { kind: "choice", key: "inputs.big", options: [false, true] }],
    ["text", "it's"],
  ]),
  matrix: objectOf([
    ["os", "Linux"],
    ["nested", toValue({ labels: ["a", "b"], "Big-Key": 3 })],
  ]),
};

function plain(value: SettledValue | Value): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value.kind === "list") return value.items.map(plain);
  if (value.kind === "object") {
    return Object.fromEntries(
      [...value.entries.values()].map((each) => [each.name, plain(each.value)]),
    );
  }
  return value.kind === "unknown" ? `?${value.source}` : `choice of ${value.key}`;
}

/** All values of an expression; what fails is told by its message. */
function all(source: string): readonly unknown[] {
  const run = (choose: Scope["choose"]): unknown => {
    try {
      return plain(
        evaluateExpression(parseExpression(source), {
          contexts: new Map(Object.entries(contexts)),
          choose,
        }),
      );
    } catch (error) {
      if (!(error instanceof ExpressionFailure)) throw error;
      return `failed: ${error.message}`;
    }
  };
  return explore(run).results.map(({ value }) => value);
}

describe("an expression", () => {
  it.each([
    ["'it''s'", ["it's"]],
    ["'a''b''c'", ["a'b'c"]],
    ["matrix.os == 'linux'", [true]],
    ["MATRIX.OS", ["Linux"]],
    ["matrix['os']", ["Linux"]],
    ["matrix.nested.labels[1]", ["b"]],
    ["matrix.nested['big-key']", [3]],
    ["matrix.nested.labels.*", [["a", "b"]]],
    ["matrix.missing", [null]],
    ["matrix.missing.deeper", [null]],
    ["1 == '1' && null == 0 && '' == null", [true]],
    ["'abc' == 0 || 'x' > 'A'", [true]],
    ["format('{0}-{1}-{{}}', matrix.os, 4)", ["Linux-4-{}"]],
    ["join(fromJSON('[\"a\",1,true]'), '+')", ["a+1+true"]],
    ["contains(fromJSON('[\"PUSH\"]'), github.event_name)", [true]],
    ["contains('self-hosted', 'HOST')", [true]],
    ["startsWith('Linux', 'LI') && endsWith('Linux', 'UX')", [true]],
    ['fromJSON(\'{"a":[{"b":1},{"b":2}]}\').a.*.b', [[1, 2]]],
    ["toJSON(fromJSON('[1]'))", ["[\n  1\n]"]],
    ["github.event_name == 'push' && 'a' || 'b'", ["a"]],
    [
      "case(github.event_name == 'pull_request', 'a', github.event_name == 'push', 'b', 'c')",
      ["b"],
    ],
    ["!0x10", [false]],
    ["-.5 < +1e2", [true]],
    ["vars.size", ["large"]],
  ])("%s", (source, values) => {
    expect(all(source)).toEqual(values);
  });

  it.each([
    ["needs.setup.outputs.runner", ["?needs.setup.outputs.runner"]],
    ["fromJSON(needs.setup.outputs.list)[0].os", ["?needs.setup.outputs.list"]],
    ["format('runs-fleet/cpu={0}', vars.CPU)", ["?vars.CPU"]],
    ["matrix.nested[vars.KEY]", ["?vars.KEY"]],
    ["github.actor", ["?github.actor"]],
  ])("%s is known only when the workflow runs", (source, values) => {
    expect(all(source)).toEqual(values);
  });

  it.each([
    // Only the truth of what is not known matters: both ways are possible, and no others.
    ["github.ref == 'refs/heads/main' && 'big' || 'small'", ["big", "small"]],
    ["vars.RUNNER || 'small'", ["?vars.RUNNER", "small"]],
    ["contains(github.ref, 'release') && 'big' || 'small'", ["big", "small"]],
    ["!github.event.pull_request.draft && 'big' || 'small'", ["small", "big"]],
    ["case(needs.a.outputs.x == 'y', 'one', 'other')", ["one", "other"]],
    // The same condition holds or not, wherever it stands, and whichever way it is asked.
    ["format('{0}{1}', vars.A == '1' && 'x' || 'y', vars.A != '1' && 'y' || 'x')", ["xx", "yy"]],
    // What a person chooses is one thing.
    ["inputs.runner == 'large' && inputs.runner || 'other'", ["other", "large"]],
    [
      "format('{0}/{1}', inputs.runner, inputs.big)",
      ["small/false", "small/true", "large/false", "large/true"],
    ],
    ["inputs.big && 'x' || 'y'", ["y", "x"]],
  ])("%s can be several things", (source, values) => {
    expect(all(source)).toEqual(values);
  });

  it.each([
    ["env.RUNNER", "the context env is not available here; use vars or inputs"],
    ["secrets.RUNNER", "the context secrets is not available here; use vars or inputs"],
    ["nothing.here", "there is no context nothing"],
    ["hashFiles('x')", "there is no function hashFiles here"],
    ["success()", "there is no function success here"],
    ["format()", "format takes at least 1 parameters"],
    ["case(true, 1)", "case takes at least 3 parameters"],
    ["case('yes', 1, 2)", "case asks for true or false, and 'yes' is neither"],
    ["fromJSON('[')", 'fromJSON of "[", which is not JSON'],
    ["format('{1}', 'a')", "the format has {1}, and there is no such parameter"],
    ["format('{')", '"{" is no format'],
    ["matrix.os ==", "the expression ends too early"],
    ["matrix.os = 'x'", '"=" is not expected at character 11'],
    ["'open", '"\'open" is not expected at character 1'],
    ["(1", "the expression ends too early"],
    ["1 2", '"2" is not expected at character 3'],
    ["", "the expression ends too early"],
    ["'text'.length", '".length" is not expected at character 7'],
  ])("%s is refused with what is wrong", (source, message) => {
    expect(all(source)).toEqual([`failed: ${message}`]);
  });

  it("has limits on its length, its depth and what it makes", () => {
    expect(all(`'${"x".repeat(21_000)}'`)[0]).toMatch(/longer than 21000/);
    expect(all(`${"(".repeat(51)}1${")".repeat(51)}`)[0]).toMatch(/deeper than 50/);
    expect(all(`${"!".repeat(51)}1`)[0]).toMatch(/deeper than 50/);
    expect(all(Array(60).fill("1").join(" == "))[0]).toMatch(/deeper than 50/);
    expect(all(`matrix${".a".repeat(60)}`)[0]).toMatch(/deeper than 50/);
    let bomb = "'0123456789'";
    for (let depth = 0; depth < 40; depth += 1) bomb = `format('{0}{0}{0}', ${bomb})`;
    expect(all(bomb)[0]).toMatch(new RegExp(`longer than ${maxTextLength}`));
    expect(all(`fromJSON('${"[".repeat(200)}${"]".repeat(200)}')`)[0]).toMatch(/deeper than 64/);
  });

  it("is looked at in 64 ways at most", () => {
    const many = Array.from({ length: 12 }, (_, index) => `vars.V${index} == 'x' && 'a' || 'b'`);
    const explored = explore((choose) => many.map((_, index) => choose(`${index}`, 2)).join(""));
    expect(explored.isComplete).toBe(false);
    expect(explored.results.length).toBe(64);
    expect(new Set(explored.results.map(({ value }) => value)).size).toBe(64);
  });
});

// How an expression begins, so that it is none of this language.
const open = "$" + "{{";

describe("a text with expressions", () => {
  const scope: Scope = { contexts: new Map(Object.entries(contexts)), choose: () => 0 };
  const text = (data: unknown): unknown => plain(evaluateTemplate(data, scope));

  it("has the value of an expression that stands alone, else a text", () => {
    expect(text(`${open} matrix.nested.labels }}`)).toEqual(["a", "b"]);
    expect(text(`x-${open} matrix.os }}-${open} 4 }}`)).toBe("x-Linux-4");
    expect(text(`${open} matrix.nested.labels }} `)).toBe("Array ");
    expect(text("plain }} text")).toBe("plain }} text");
    expect(text(`${open} format('{0}}}', 'x') }}`)).toBe("x}");
    expect(text(["self-hosted", `${open} matrix.os }}`, 1])).toEqual(["self-hosted", "Linux", 1]);
    expect(text({ group: `${open} vars.size }}` })).toEqual({ group: "large" });
  });

  it("is not known when a part is not", () => {
    expect(text(`runs-fleet/cpu=${open} vars.CPU }}`)).toBe("?vars.CPU");
  });

  it("says when an expression has no end", () => {
    expect(() => text(`${open} 'x }}`)).toThrow("an expression has no end; }} is missing");
  });
});
