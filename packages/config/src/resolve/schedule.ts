import type { Entry, Exception, Schedule } from "@runs-fleet/scheduling";
import type { EntryForm, ExceptionForm, PoolForm } from "../form/file-form.ts";
import type { FieldIssue } from "../issues/issue.ts";
import { type Calendars, resolveDates } from "./dates.ts";
import { given } from "./given.ts";
import type { Origins } from "./origins.ts";

type Path = readonly (string | number)[];

/** What is needed to resolve the schedule of one pool. */
export interface ScheduleTools {
  readonly calendars: Calendars;
  readonly origins: Origins;
  /** The pool in the file. */
  readonly written: Path;
  /** Its schedule in the catalog. */
  readonly made: Path;
  readonly problem: (issue: FieldIssue) => void;
}

/** Which keys say when an entry applies; one of them has to be there, and no two of different kinds. */
function kindOf(form: EntryForm): "dates" | "cron" | "during" | "week" | undefined {
  if (form.dates !== undefined) return "dates";
  if (form.cron !== undefined) return "cron";
  if (form.during !== undefined) return "during";
  const isWeekly = form.time !== undefined || form.days !== undefined || form.match !== undefined;
  return isWeekly ? "week" : undefined;
}

function resolveEntry(form: EntryForm, index: number, tools: ScheduleTools): Entry | undefined {
  const { calendars, origins, written, made, problem } = tools;
  const at = [...written, "schedule", index];
  const to = [...made, "entries", index];
  const base = given({
    name: form.name,
    capacity: given({ hot: form.hot, stopped: form.stopped }),
    mode: form.mode,
    priority: form.priority,
    timeZone: form.timezone,
    validFrom: form.validFrom,
    validUntil: form.validUntil,
    enabled: form.enabled,
    idleTimeoutMs: form.idleTimeout,
  });
  origins.note(to, at);
  origins.note([...to, "capacity"], at);
  origins.note([...to, "timeZone"], [...at, "timezone"]);
  origins.note([...to, "idleTimeoutMs"], [...at, "idleTimeout"]);
  const hours = form.time ?? form.match?.time;
  const timeAt =
    form.time === undefined && form.match?.time ? [...at, "match", "time"] : [...at, "time"];
  for (const end of ["start", "end"]) origins.note([...to, end], hours ? timeAt : at);
  const spanDays = given({ spanDays: form.spanDays });
  switch (kindOf(form)) {
    case "dates": {
      const dates = resolveDates(form.dates ?? [], calendars, [...at, "dates"], problem);
      // A problem of one date may come from a calendar: the list is the place that is always there.
      for (const [place] of dates.entries())
        origins.note([...to, "dates", place], [...at, "dates"]);
      return { ...base, kind: "dated", dates, ...hours, ...spanDays };
    }
    case "cron": {
      const { cron = "", until } = form;
      if (until !== undefined) return { ...base, kind: "cronPair", cron, until };
      origins.note([...to, "forMinutes"], form.for === undefined ? at : [...at, "for"]);
      if (form.for === undefined) {
        const message = 'A cron says when it begins; say "for: 90m", or until which cron';
        problem({ rule: "missing-key", severity: "error", message, path: at });
        return undefined;
      }
      return { ...base, kind: "cron", cron, forMinutes: form.for / 60_000 };
    }
    case "during":
      return { ...base, kind: "cronMask", during: form.during ?? "" };
    case "week": {
      const days = form.days ?? form.match?.day;
      const { start, end } = hours ?? { start: "00:00", end: "24:00" };
      return { ...base, kind: "weekly", ...given({ days }), start, end, ...spanDays };
    }
    case undefined: {
      const message =
        'Nothing says when it applies: add "time", "days", "dates" or "cron"; what holds otherwise is "default" of the pool';
      problem({ rule: "missing-key", severity: "error", message, path: at });
      return undefined;
    }
  }
}

/** What people call exceptions: their own names, else the calendar or first date; where two share that, with their places. */
function exceptionNames(forms: readonly ExceptionForm[]): readonly string[] {
  const plain = forms.map(({ name, dates: [first = "exception"] }) => name ?? first);
  const seen = new Set<string>();
  const shared = new Set(plain.filter((one) => seen.has(one) || !seen.add(one)));
  return plain.map((one, index) =>
    forms[index]?.name === undefined && shared.has(one) ? `${one} ${index + 1}` : one,
  );
}

function resolveException(
  form: ExceptionForm,
  name: string,
  index: number,
  tools: ScheduleTools,
): Exception {
  const { calendars, origins, written, made, problem } = tools;
  const at = [...written, "exceptions", index];
  const to = [...made, "exceptions", index];
  const capacity = given({ hot: form.hot, stopped: form.stopped });
  const isCapacity = Object.keys(capacity).length > 0;
  const says = [form.action !== undefined, form.as !== undefined, isCapacity].filter(
    Boolean,
  ).length;
  if (says > 1) {
    const message =
      "An exception skips, or happens as another day, or has other numbers; not two of these";
    problem({ rule: "contradiction", severity: "error", message, path: at });
  }
  origins.note(to, at);
  origins.note([...to, "action"], form.as === undefined ? at : [...at, "as"]);
  origins.note([...to, "action", "capacity"], at);
  const dates = resolveDates(form.dates, calendars, [...at, "dates"], problem);
  for (const [place] of dates.entries()) origins.note([...to, "dates", place], [...at, "dates"]);
  return {
    name,
    dates,
    ...given({ entries: form.entries }),
    ...(form.as ? { action: { as: form.as } } : isCapacity ? { action: { capacity } } : {}),
  };
}

/** The schedule of a pool as the engine takes it; whether it is sound is for the engine to say. */
export function resolveSchedule(
  form: PoolForm,
  timeZone: string | undefined,
  tools: ScheduleTools,
): Schedule {
  const { origins, written, made } = tools;
  origins.note(made, written);
  origins.note(
    [...made, "timeZone"],
    form.timezone === undefined ? ["defaults", "timezone"] : [...written, "timezone"],
  );
  origins.note([...made, "entries"], [...written, "schedule"]);
  const entries = (form.schedule ?? []).map((entry, index) => resolveEntry(entry, index, tools));
  const names = exceptionNames(form.exceptions ?? []);
  const exceptions = form.exceptions?.map((one, index) =>
    resolveException(one, names[index] ?? "exception", index, tools),
  );
  return {
    ...given({ timeZone: form.timezone ?? timeZone }),
    default: { hot: form.default?.hot ?? 0, stopped: form.default?.stopped ?? 0 },
    // One that cannot be read was told; its place is kept, so that the numbers of the others stay.
    entries: entries.map(
      (entry, index) =>
        entry ?? {
          kind: "weekly",
          name: `unreadable ${index + 1}`,
          capacity: { hot: 0 },
          start: "00:00",
          end: "24:00",
        },
    ),
    ...given({ exceptions, min: form.min, max: form.max }),
  };
}
