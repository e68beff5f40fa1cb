/** Plain words, durations, sizes and the like: what nobody, nor any reader of YAML, takes for something else. */
const plain = /^(?:[A-Za-z][\w./+=$-]*|\d+(?:[dhms]\d*)+|\d+ [GT]iB|\d+\+\d+|\d+\/\d+[dhms])$/;
const words = new Set(["true", "false", "null", "yes", "no", "on", "off", "y", "n"]);

/** A value as one line of YAML. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).map(([key, held]) => `${key}: ${flow(held)}`);
    return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
  }
  if (typeof value !== "string") return JSON.stringify(value);
  if (plain.test(value) && !words.has(value.toLowerCase())) return value;
  return value.includes("\\") ? `'${value}'` : JSON.stringify(value);
}
