/** How fast simulated time runs: so many seconds in one real second, or as fast as this computer can. */
export type Speed = number | "max";

/** A simulation as the command line asks for it. */
export interface SimulationArguments {
  readonly speed: Speed;
  /** When simulated time begins, epoch milliseconds. `undefined`: now. */
  readonly fromMs: number | undefined;
  /** Ends after this many simulated hours, with a summary. `undefined`: runs until it is told to end. */
  readonly hours: number | undefined;
  /** The same seed makes the same jobs, boots and failures. */
  readonly seed: number;
}

/** What the command line asks for. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "serve"; readonly once: boolean; readonly jobs: number }
  | { readonly kind: "simulate"; readonly simulation: SimulationArguments };

/** The command line, or one sentence on what is wrong with it. */
export type ArgumentsResult =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly problem: string };

const mostSpeed = 3_600;
const mostHours = 744;
const mostSeed = 2 ** 32 - 1;
const dayHours = 24;

/** Words of the command line by option; a string says what is wrong. */
function readWords(words: readonly string[]): ReadonlyMap<string, string> | string {
  const flags = ["--help", "-h", "--once"];
  const values = ["--jobs", "--speed", "--from", "--hours", "--seed"];
  const found = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const [name = "", ...rest] = (words[index] ?? "").split("=");
    if (found.has(name)) return `${name} is given twice`;
    if (flags.includes(name) && rest.length === 0) {
      found.set(name, "");
    } else if (values.includes(name)) {
      if (rest.length === 0) index += 1;
      const value = rest.length > 0 ? rest.join("=") : words[index];
      if (value === undefined || value === "" || value.startsWith("--")) {
        return `${name} needs a value`;
      }
      found.set(name, value);
    } else return `Unknown argument ${words[index]}`;
  }
  return found;
}

/** A number in a range, or `undefined`. */
function numberIn(text: string, least: number, most: number, form: RegExp): number | undefined {
  const value = form.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

const whole = /^\d+$/;
const decimal = /^\d+(\.\d+)?$/;

/** An instant in ISO 8601, to the minute or second, or a date for its midnight in UTC; `undefined` when it is none. */
function parseInstant(text: string): number | undefined {
  const form = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/;
  const [, year, month, day] = form.exec(text) ?? [];
  if (year === undefined || year < "2000" || year > "2099") return undefined;
  const date = `${year}-${month}-${day}`;
  const midnightMs = Date.parse(`${date}T00:00:00Z`);
  // February the 30th is a day for some parsers.
  if (Number.isNaN(midnightMs) || !new Date(midnightMs).toISOString().startsWith(date)) {
    return undefined;
  }
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs;
}

function readSimulation(words: ReadonlyMap<string, string>): SimulationArguments | string {
  const speedText = words.get("--speed") ?? "";
  const speed = speedText === "max" ? "max" : numberIn(speedText, 1, mostSpeed, decimal);
  if (speed === undefined) {
    return `--speed needs a number from 1 to ${mostSpeed}, or max, not ${speedText}`;
  }
  const fromText = words.get("--from");
  const fromMs = fromText === undefined ? undefined : parseInstant(fromText);
  if (fromText !== undefined && fromMs === undefined) {
    return `--from needs a moment of 2000 to 2099 with its zone, such as 2026-10-24T18:00Z or 2026-10-24T20:00+02:00, not ${fromText}`;
  }
  const once = words.has("--once");
  const hoursText = words.get("--hours");
  if (hoursText !== undefined && !once) return "--hours goes with --once";
  const hours = numberIn(hoursText ?? String(dayHours), 1, mostHours, whole);
  if (hours === undefined) {
    return `--hours needs a whole number from 1 to ${mostHours}, not ${hoursText}`;
  }
  const seedText = words.get("--seed") ?? "1";
  const seed = numberIn(seedText, 0, mostSeed, whole);
  if (seed === undefined) {
    return `--seed needs a whole number from 0 to ${mostSeed}, not ${seedText}`;
  }
  if (words.has("--jobs")) return "--jobs does not go with --speed: its jobs come by themselves";
  return { speed, fromMs, hours: once ? hours : undefined, seed };
}

function readServe(words: ReadonlyMap<string, string>): Command | string {
  for (const name of ["--from", "--hours", "--seed"]) {
    if (words.has(name)) return `${name} goes with --speed`;
  }
  const jobs = numberIn(words.get("--jobs") ?? "0", 0, 1_000_000, whole);
  if (jobs === undefined) return `--jobs needs a whole number, not ${words.get("--jobs")}`;
  return { kind: "serve", once: words.has("--once"), jobs };
}

/** Reads the command line. */
export function readArguments(argv: readonly string[]): ArgumentsResult {
  const words = readWords(argv);
  if (typeof words === "string") return { ok: false, problem: words };
  if (words.has("--help") || words.has("-h")) return { ok: true, command: { kind: "help" } };
  if (!words.has("--speed")) {
    const command = readServe(words);
    return typeof command === "string" ? { ok: false, problem: command } : { ok: true, command };
  }
  const simulation = readSimulation(words);
  return typeof simulation === "string"
    ? { ok: false, problem: simulation }
    : { ok: true, command: { kind: "simulate", simulation } };
}
