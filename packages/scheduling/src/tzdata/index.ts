/**
 * Zone data as a table, independent of the runtime: `tableZones(tzdata)`.
 *
 * Made from the IANA tz database; `tzdata.version` says which release.
 */
export { tzdata } from "./table.ts";
