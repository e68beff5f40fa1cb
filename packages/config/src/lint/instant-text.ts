/** Writes moments. */
export type InstantText = (atMs: number, timeZone?: string) => string;

/**
 * Writes moments as people do, to the minute, with their zone: `2026-12-07 08:00 Europe/Berlin`.
 *
 * It keeps what the runtime prepares for each zone, which takes longer than a schedule does.
 */
export function createInstantText(): InstantText {
  const formats = new Map<string, Intl.DateTimeFormat>();
  return (atMs, timeZone = "UTC") => {
    const format = formats.get(timeZone) ?? formatOf(timeZone);
    formats.set(timeZone, format);
    const parts = format.formatToParts(atMs);
    const of = (wanted: Intl.DateTimeFormatPartTypes): string =>
      parts.find(({ type }) => type === wanted)?.value ?? "";
    return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")} ${timeZone}`;
  };
}

const formatOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
    hourCycle: "h23",
  });
