/** ISO 8601 in UTC, to the second, as GitHub writes instants. */
export function isoOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
