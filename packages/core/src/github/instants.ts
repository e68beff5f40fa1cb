import { parseInstant } from "../demand/parse-instant.ts";

const httpForm = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) GMT$/;
const months = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** Epoch milliseconds of a `Date` header; `undefined` when it is not one. */
export function parseHttpDate(text: string): number | undefined {
  const parts = httpForm.exec(text);
  if (parts === null) return undefined;
  const [, day, name = "?", year, time] = parts;
  const at = months.indexOf(name);
  if (at < 0 || at % 3 !== 0) return undefined;
  return parseInstant(`${year}-${String(at / 3 + 1).padStart(2, "0")}-${day}T${time}Z`);
}
