import type { Item } from "./attribute.ts";

/** Bytes of an item as DynamoDB counts them, numbers at their longest: the UTF-8 of names and values. */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => {
    if (value.S !== undefined) return sum + Buffer.byteLength(name) + Buffer.byteLength(value.S);
    if (value.N !== undefined) return sum + Buffer.byteLength(name) + longestNumber;
    return sum + Buffer.byteLength(name) + Buffer.byteLength(JSON.stringify(value));
  }, 0);
}

/** Bytes of a number of 38 digits. */
const longestNumber = 21;
