import { defaultZones } from "../zones/default-zones.ts";
import { nearest, type Path, type Report, show } from "./report.ts";

/** Names such as `EST` or `CET`: they exist, but say one offset or a rule of their own, rarely what is meant. */
export const isAbbreviation = (id: string): boolean =>
  /^[A-Za-z]{2,4}(\d[A-Za-z]{3})?$/.test(id) && !/^(utc|gmt|rok|prc|nz|gb)$/i.test(id);

/** Whether the runtime knows a zone. Only ASCII is another case of the same letters, as names have it. */
const known = (id: string): boolean =>
  /^[A-Za-z][!-~]*$/.test(id) && defaultZones().range?.(id) !== undefined;

/** Checks zone names. The runtime takes 0.1 ms for one that it does not know, so that each is looked up only once. */
export function createZoneCheck(report: Report): (value: unknown, path: Path) => void {
  const verdicts = new Map<string, boolean>();
  return (value, path) => {
    const advice = 'Write an IANA name such as "Europe/Berlin"';
    if (typeof value !== "string") {
      report.error("bad-type", path, `Expected a time zone, found ${show(value)}`, advice);
      return;
    }
    if (value === "" || /^local$/i.test(value)) {
      report.error(
        "bad-time-zone",
        path,
        `${show(value)} depends on the host; name a zone`,
        advice,
      );
      return;
    }
    if (/^([+-]|(utc|gmt)[+-](?!0$))/i.test(value)) {
      const message = `${show(value)} is an offset, not a zone: it knows no daylight saving`;
      report.error("offset-time-zone", path, message, advice);
      return;
    }
    const verdict = verdicts.get(value) ?? (value.length <= 64 && known(value));
    verdicts.set(value, verdict);
    if (verdict) return;
    const near = nearest(value, Intl.supportedValuesOf("timeZone"));
    const suggestion = near === undefined ? advice : `Did you mean "${near}"?`;
    report.error("bad-time-zone", path, `No time zone is called ${show(value)}`, suggestion);
  };
}
