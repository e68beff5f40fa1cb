import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { labelSetKey } from "./label-set-key.ts";
import { parseLabels } from "./parse-labels.ts";
import type { LabelCatalog, RunnerRequest } from "./request.ts";

const catalog: LabelCatalog = {
  aliases: [
    { match: "ci-(\\d+)x-([a-z0-9-]+)", use: "cpu=$1/arch=$2" },
    { match: "([a-z0-9-]+)-([a-z0-9-]+)", use: "pool=$1/image=$2" },
    { labels: ["self-hosted", "linux"], use: "cpu=2+4" },
  ],
  runners: { std: { os: "linux", cpu: { min: 4, max: 4 } } },
  dialects: ["runs-on"],
};

/** Text made of the pieces that the grammar is made of, in any order. */
const piece = fc.constantFrom(
  ..."runs-fleet RUNS-FLEET runs-on / // = + - , cpu CPU ram family gen arch os runner image pool disk spot region env".split(
    " ",
  ),
  ..."4 16 0 04 0.5 -1 1e3 NaN arm64 x64 windows linux true false c7g us-east-1 std ci ci- 4x- 4cpu-linux-x64".split(
    " ",
  ),
  " ",
  "\u0000",
  "\u212A",
  "İ",
  "\uD800",
  "$1",
  "__proto__",
);
const hostile = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
const ours = hostile.map((text) => `runs-fleet/${text}`);
const anyLabel = fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), hostile, ours);
const anyLabels = fc.array(anyLabel, { maxLength: 6 });

const name = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,20}$/);
const upTo = (least: number, most: number) =>
  fc
    .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
    .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));
const thousandths = fc.integer({ min: 1, max: 99_999_999 }).map((value) => value / 1_000);
/** Requests in which everything is said, as the grammar can say it. */
const anyRequest = fc.record(
  {
    cpu: upTo(1, 896),
    ramGib: fc.oneof(
      thousandths.map((min) => ({ min })),
      fc
        .tuple(thousandths, thousandths)
        .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) })),
    ),
    families: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{1,5}$/), {
      minLength: 1,
      maxLength: 4,
    }),
    generation: fc.integer({ min: 1, max: 12 }),
    arch: fc.constantFrom("arm64" as const, "x64" as const),
    image: name,
    pool: name,
    diskGib: fc.integer({ min: 30, max: 16_384 }),
    spot: fc.boolean(),
    regions: fc.uniqueArray(fc.constantFrom("us-east-1", "eu-west-1", "us-gov-west-1"), {
      minLength: 1,
    }),
    environment: name,
  },
  { requiredKeys: [] },
);

/** The label that says a request: the other direction of the grammar. */
function print(request: Partial<RunnerRequest>): string {
  const range = ({ min, max }: { min: number; max?: number | undefined }) =>
    max === undefined ? `${min}` : `${min}+${max}`;
  const parts: string[] = [];
  if (request.cpu) parts.push(`cpu=${range(request.cpu)}`);
  if (request.ramGib) parts.push(`ram=${range(request.ramGib)}`);
  if (request.families?.length) parts.push(`family=${request.families.join("+")}`);
  if (request.generation !== undefined) parts.push(`gen=${request.generation}`);
  if (request.arch) parts.push(`arch=${request.arch}`);
  if (request.image) parts.push(`image=${request.image}`);
  if (request.pool) parts.push(`pool=${request.pool}`);
  if (request.diskGib !== undefined) parts.push(`disk=${request.diskGib}`);
  if (request.spot !== undefined) parts.push(`spot=${request.spot}`);
  if (request.regions?.length) parts.push(`region=${request.regions.join("+")}`);
  if (request.environment) parts.push(`env=${request.environment}`);
  return ["runs-fleet", ...parts].join("/");
}

describe("parseLabels", () => {
  it("is total: any strings give nothing, a request or issues, with a catalog and without", () => {
    fc.assert(
      fc.property(anyLabels, (labels) => {
        for (const parsed of [parseLabels(labels), parseLabels(labels, catalog)]) {
          if (parsed === undefined) continue;
          if (parsed.ok) {
            const { cpu, ramGib, labels: kept } = parsed.value;
            expect(kept).toBe(labels);
            expect(cpu.min).toBeGreaterThanOrEqual(1);
            expect(cpu.max).toBeGreaterThanOrEqual(cpu.min);
            expect(ramGib?.min ?? 1).toBeGreaterThan(0);
          } else {
            expect(parsed.issues.length).toBeGreaterThan(0);
            for (const { message } of parsed.issues) expect(message).not.toBe("");
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("is total on the names of an object's own machinery too", () => {
    for (const word of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect(parseLabels([`runs-fleet/${word}=1/runner=${word}`], catalog)).toMatchObject({
        ok: false,
      });
    }
  });

  it("finds a label of ours wherever it stands among labels of others", () => {
    const other = fc.string({ maxLength: 30 }).filter((text) => !/^\s*runs-fleet/i.test(text));
    fc.assert(
      fc.property(ours, fc.array(other, { maxLength: 5 }), fc.nat(), (label, others, at) => {
        const index = at % (others.length + 1);
        const alone = parseLabels([label]);
        const labels = [...others.slice(0, index), label, ...others.slice(index)];
        const among = parseLabels(labels);
        const { ok } = alone ?? {};
        expect(among?.ok).toBe(ok);
        if (among?.ok && alone?.ok)
          expect({ ...among.value, labels: [] }).toEqual({ ...alone.value, labels: [] });
        else expect(among).toEqual(alone);
      }),
    );
  });

  it("does not care about case, except in names, which must be lower-case", () => {
    const shouted = anyRequest.map(({ image, pool, environment, ...rest }) => rest);
    fc.assert(
      fc.property(shouted, (request) => {
        const label = print(request);
        const plain = parseLabels([label]);
        const loud = parseLabels([label.toUpperCase()]);
        if (!plain?.ok || !loud?.ok) throw new Error(label);
        expect({ ...loud.value, labels: [] }).toEqual({ ...plain.value, labels: [] });
      }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom("image", "pool", "env", "runner"),
        name.filter((text) => text !== text.toUpperCase()),
        (key, value) => {
          expect(parseLabels([`runs-fleet/${key}=${value.toUpperCase()}`])).toMatchObject({
            issues: [{ code: "invalid-value", key, suggestion: value }],
          });
        },
      ),
    );
  });

  it("reads what was printed, and prints what was read", () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const label = print(request);
        const parsed = parseLabels([label]);
        if (label.length > 256) {
          expect(parsed).toMatchObject({ issues: [{ code: "too-long" }] });
          return;
        }
        if (!parsed?.ok) throw new Error(JSON.stringify(parsed));
        expect(parsed.value).toMatchObject(request);
        const said = Object.fromEntries(
          Object.keys(request).map((key) => [key, parsed.value[key as keyof RunnerRequest]]),
        );
        expect(print(said)).toBe(label);
      }),
    );
  });

  it("does not depend on the order of settings", () => {
    fc.assert(
      fc.property(anyRequest, fc.infiniteStream(fc.nat({ max: 1_000 })), (request, random) => {
        const [marker, ...parts] = print(request).split("/");
        const keyed = parts.map((part) => [random.next().value, part] as const);
        const shuffled = keyed.sort((a, b) => Number(a[0]) - Number(b[0])).map(([, part]) => part);
        const plain = parseLabels([[marker, ...parts].join("/")]);
        const other = parseLabels([[marker, ...shuffled].join("/")]);
        if (!plain?.ok || !other?.ok) return;
        const unordered = (value: RunnerRequest) => ({
          ...value,
          labels: [],
          explicit: [...value.explicit].sort(),
        });
        expect(unordered(other.value)).toEqual(unordered(plain.value));
      }),
    );
  });

  it("gives the same answer again, and leaves its input alone", () => {
    fc.assert(
      fc.property(anyLabels, (labels) => {
        const frozen = Object.freeze([...labels]);
        expect(parseLabels(frozen, catalog)).toEqual(parseLabels(labels, catalog));
      }),
    );
  });

  it.each([
    ["slashes", (n: number) => `runs-fleet${"/".repeat(n)}`],
    ["equals signs", (n: number) => `runs-fleet/cpu=${"=".repeat(n)}`],
    ["segments without an equals sign", (n: number) => `runs-fleet${"/a".repeat(n / 2)}`],
    ["pluses", (n: number) => `runs-fleet/cpu=${"+".repeat(n)}`],
    ["digits", (n: number) => `runs-fleet/ram=${"9".repeat(n)}`],
    ["a run id", (n: number) => `runs-fleet=${"1".repeat(n)}`],
    ["hyphens", (n: number) => `runs-fleet/region=${"ab-".repeat(n / 3)}`],
    ["white space", (n: number) => `${" ".repeat(n)}runs-fleet`],
    ["nearly a name", (n: number) => `runs-fleet/pool=${"a".repeat(n)}!`],
    ["nearly an alias", (n: number) => `${"a-".repeat(n / 2)}!`],
  ])("looks at each character a bounded number of times: %s", (_, label) => {
    const spy = vi.spyOn(String.prototype, "charCodeAt");
    const looks = (length: number) => {
      const labels = [label(length)];
      spy.mockClear();
      parseLabels(labels, { ...catalog, dialects: [] });
      return spy.mock.calls.length;
    };
    try {
      const [short, long] = [looks(60), looks(240)];
      expect(short).toBeGreaterThan(0);
      // Linear is four times as much, quadratic sixteen.
      expect(long).toBeLessThanOrEqual(4.5 * short + 64);
      expect(long).toBeLessThan(100 * 240);
    } finally {
      spy.mockRestore();
    }
  });
});

describe("labelSetKey", () => {
  const labels = fc.array(fc.string({ maxLength: 20 }), { maxLength: 8 });

  it("is the same for the same labels in any order, case and number", () => {
    fc.assert(
      fc.property(labels, fc.nat(), (list, at) => {
        const turned = [
          ...list.slice(at % (list.length + 1)),
          ...list.slice(0, at % (list.length + 1)),
        ];
        const key = labelSetKey(list);
        expect(labelSetKey(turned)).toBe(key);
        expect(labelSetKey([...list, ...turned])).toBe(key);
        expect(labelSetKey(list.map((label) => label.toLowerCase()))).toBe(key);
      }),
    );
    expect(labelSetKey(["X64", "Linux"])).toBe(labelSetKey(["linux", "x64", "LINUX"]));
  });

  it("differs for different sets, whatever signs the labels hold", () => {
    fc.assert(
      fc.property(labels, labels, (a, b) => {
        const set = (list: readonly string[]) => new Set(list.map((label) => label.toLowerCase()));
        const [first, second] = [set(a), set(b)];
        const equal = first.size === second.size && [...first].every((label) => second.has(label));
        expect(labelSetKey(a) === labelSetKey(b)).toBe(equal);
      }),
    );
    expect(labelSetKey(["a,b"])).not.toBe(labelSetKey(["a", "b"]));
    expect(labelSetKey(['a","b'])).not.toBe(labelSetKey(["a", "b"]));
    expect(labelSetKey([""])).not.toBe(labelSetKey([]));
  });
});
