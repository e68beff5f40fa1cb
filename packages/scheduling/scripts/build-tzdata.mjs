// Builds src/tzdata/table.ts from the compiled tz database of this machine.
//
//   node packages/scheduling/scripts/build-tzdata.mjs [/usr/share/zoneinfo]
//
// The directory must hold `tzdata.zi` (for the release and the names) and "fat" TZif files, which spell out every
// change up to 2037; Debian's package does. `--check` writes nothing and fails when the committed table differs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const args = process.argv.slice(2);
const check = args.includes("--check");
const root = args.find((arg) => !arg.startsWith("--")) ?? "/usr/share/zoneinfo";
const out = new URL("../src/tzdata/table.ts", import.meta.url);

const FROM = Date.UTC(2024, 0, 1) / 1000;
const TO = Date.UTC(2038, 0, 1) / 1000;

const source = readFileSync(join(root, "tzdata.zi"), "utf8");
const version = /^# version (\S+)/.exec(source)?.[1];
if (!version) throw new Error(`${root}/tzdata.zi names no version`);
const names = source
  .split("\n")
  .map((line) => line.split(" "))
  .flatMap(([tag, first, second]) => (tag === "Z" ? [first] : tag === "L" ? [second] : []))
  .filter((name) => /^[A-Z]/.test(name) && name !== "Factory")
  .sort();

/** Changes of one zone as [epoch seconds, offset in seconds], the first from the beginning of time. */
function readTzif(name) {
  const file = readFileSync(join(root, name));
  const head = (at) => ({
    utcnt: file.readUInt32BE(at + 20),
    stdcnt: file.readUInt32BE(at + 24),
    leapcnt: file.readUInt32BE(at + 28),
    timecnt: file.readUInt32BE(at + 32),
    typecnt: file.readUInt32BE(at + 36),
    charcnt: file.readUInt32BE(at + 40),
  });
  if (file.toString("latin1", 0, 4) !== "TZif" || file[4] < 0x32)
    throw new Error(`${name}: no TZif version 2`);
  const old = head(0);
  const second =
    44 + old.timecnt * 5 + old.typecnt * 6 + old.charcnt + old.leapcnt * 8 + old.stdcnt + old.utcnt;
  const { timecnt, typecnt, charcnt, leapcnt, stdcnt, utcnt } = head(second);
  let at = second + 44;
  const times = Array.from({ length: timecnt }, (_, i) => Number(file.readBigInt64BE(at + i * 8)));
  at += timecnt * 8;
  const kinds = Array.from({ length: timecnt }, (_, i) => file[at + i]);
  at += timecnt;
  const offsets = Array.from({ length: typecnt }, (_, i) => file.readInt32BE(at + i * 6));
  at += typecnt * 6 + charcnt + leapcnt * 12 + stdcnt + utcnt;
  const footer = file.toString("latin1", at).trim();
  // A comma announces rules beyond the last written change: only fat files are complete without them.
  if (footer.includes(",") && !(times.at(-1) >= TO - 366 * 86_400)) {
    throw new Error(`${name}: the file is not fat (built without -b fat)`);
  }
  return [
    [Number.NEGATIVE_INFINITY, offsets[0]],
    ...times.map((time, i) => [time, offsets[kinds[i]]]),
  ];
}

function ruleOf(name) {
  const changes = readTzif(name);
  const rule = [];
  let last = FROM / 60;
  let current;
  for (const [time, offset] of changes) {
    if (time >= TO) break;
    if (time <= FROM) {
      current = offset / 60;
      rule[0] = current;
    } else if (offset / 60 !== current) {
      current = offset / 60;
      rule.push(time / 60 - last, current);
      last = time / 60;
    }
  }
  if (!rule.every(Number.isInteger)) throw new Error(`${name}: not in whole minutes`);
  return JSON.stringify(rule);
}

const zonesOf = new Map();
for (const name of names) {
  const rule = ruleOf(name);
  zonesOf.set(rule, [...(zonesOf.get(rule) ?? []), name]);
}
const table = {
  version,
  fromMinute: FROM / 60,
  toMinute: TO / 60,
  rules: [...zonesOf.keys()].map((rule) => JSON.parse(rule)),
  zones: [...zonesOf.values()].map((group) => group.join(" ")),
};
const text = `// Made by scripts/build-tzdata.mjs from the IANA tz database, which is in the public domain. Do not edit.
import type { TzTable } from "../types/zones.ts";

/** Release ${version}: ${names.length} names, ${zonesOf.size} different histories, 2024 to 2037. */
export const tzdata: TzTable = ${JSON.stringify(table)};
`;
if (check) {
  if (readFileSync(out, "utf8") !== text)
    throw new Error("src/tzdata/table.ts is not what this machine's tz data gives");
} else writeFileSync(out, text);
console.log(
  `tz ${version}: ${names.length} names, ${zonesOf.size} histories, ${text.length} bytes`,
);
