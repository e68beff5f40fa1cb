import { parseSchedule } from "../../dist/index.js";

const office = { name: "office", start: "08:00", end: "18:00", capacity: { hot: 5 } };
const cron = { name: "cron", forMinutes: 60, capacity: { hot: 5 } };
const of = (...entries) => ({ default: { hot: 0, stopped: 0 }, entries });
const million = Array(1_000_000).fill(office);

const inputs = [
  ["a day that is none", of({ ...office, days: ["funday"] })],
  ["a time that is none", of({ ...office, start: "25:99" })],
  ["start and end the same", of({ ...office, end: "08:00" })],
  ["a zone that is none", { ...of(office), timeZone: "Mars/Olympus" }],
  ["an offset as a zone", { ...of(office), timeZone: "+05:30" }],
  ["a cron that never fires", of({ ...cron, cron: "0 0 30 2 *" })],
  ["a cron with seconds", of({ ...cron, cron: "0 0 8 * * 1-5" })],
  ["a date that is none", of({ name: "d", dates: ["2026-02-29"], capacity: { hot: 1 } })],
  ["one name twice", of(office, office)],
  ["unknown keys", of({ ...office, tz: "UTC", capactiy: { hot: 5 } })],
  ["wrong types", { default: "none", entries: { office } }],
  ["keys of a prototype", JSON.parse('{"__proto__":{"hot":9},"default":{"hot":0,"stopped":0}}')],
  [
    "exceptions for nobody",
    { ...of(office), exceptions: [{ name: "x", dates: ["2026-12-24"], entries: ["ofice"] }] },
  ],
  ["10^6 entries", { ...of(), entries: million }],
  ["10^6 bad dates", of({ name: "d", dates: Array(1_000_000).fill("soon"), capacity: {} })],
  ["no schedule at all", null],
];

/** The text of one issue: where, which code, what, and what to write instead. */
const line = ({ path, code, message, suggestion }) =>
  `  ${path.join(".") || "(all)"}  ${code}: ${message}${suggestion ? `\n      ${suggestion}` : ""}`;

/** What is said about bad schedules; true when all of them are refused. */
export function show() {
  let refused = 0;
  for (const [what, input] of inputs) {
    const begin = performance.now();
    const result = parseSchedule(input);
    const ms = performance.now() - begin;
    if (!result.ok) refused++;
    const issues = result.ok ? [] : result.issues;
    const shown = issues.length > 4 ? [...issues.slice(0, 2), issues.at(-1)] : issues;
    console.log(`${what}: ${issues.length} found in ${ms.toFixed(1)} ms`);
    console.log(`${shown.map(line).join("\n")}\n`);
  }
  console.log(`${inputs.length} schedules, ${refused} refused`);
  return refused === inputs.length;
}
