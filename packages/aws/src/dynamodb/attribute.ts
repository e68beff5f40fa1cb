import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { FleetError } from "@runs-fleet/core";

/** An item as DynamoDB answers it. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** A string. Keys must not be empty; other attributes may be. */
export const text = (value: string): AttributeValue.SMember => ({ S: value });

/** A number; ours are safe integers, which DynamoDB keeps to the digit. */
export const count = (value: number): AttributeValue.NMember => ({ N: String(value) });

/** The end of an item as DynamoDB's time to live takes it. Rounded up: it must not be cleared away before it has expired. */
export const ttl = (expiresAtMs: number): AttributeValue.NMember =>
  count(Math.ceil(expiresAtMs / 1_000));

/** What an item could not be read for: it is there, so it must not count as absent. */
export function damaged(what: string, attribute: string, problem: string): FleetError {
  return new FleetError({
    kind: "unknown",
    message: `${what} cannot be read: its attribute ${attribute} ${problem}`,
    details: { attribute },
  });
}

/** Reads the attributes of one item, which is called `what` in errors. */
export interface ItemReader<Name extends string> {
  /** @throws A {@link FleetError} `unknown` when it is no string. */
  text(name: Name): string;
  /** @throws A {@link FleetError} `unknown` when it is no safe integer. */
  count(name: Name): number;
  /** `undefined` when there is none. @throws A {@link FleetError} `unknown` when it is no safe integer. */
  optionalCount(name: Name): number | undefined;
  /** `undefined` when there is none. @throws A {@link FleetError} `unknown` when it is no string. */
  optionalText(name: Name): string | undefined;
  /** @throws A {@link FleetError} `unknown` when it is no list of strings. */
  texts(name: Name): readonly string[];
}

/** Makes a reader. Attributes that it is not asked for do not matter: a newer version may have added them. */
export function readItem<Name extends string>(item: Item, what: string): ItemReader<Name> {
  const stringOf = (name: string, value: AttributeValue | undefined): string => {
    if (value?.S === undefined) throw damaged(what, name, "is no string");
    return value.S;
  };
  const numberOf = (name: string, value: AttributeValue | undefined): number => {
    const number = Number(value?.N ?? Number.NaN);
    if (!Number.isSafeInteger(number)) throw damaged(what, name, "is no integer");
    return number;
  };
  return {
    text: (name) => stringOf(name, item[name]),
    count: (name) => numberOf(name, item[name]),
    optionalText: (name) => (item[name] === undefined ? undefined : stringOf(name, item[name])),
    optionalCount: (name) => (item[name] === undefined ? undefined : numberOf(name, item[name])),
    texts: (name) => {
      const list = item[name]?.L;
      if (list === undefined) throw damaged(what, name, "is no list");
      return list.map((element) => stringOf(name, element));
    },
  };
}
