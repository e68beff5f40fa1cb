import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Condition } from "./condition.ts";

/** What goes with the expressions of one call. DynamoDB refuses aliases that no expression uses, and an empty map. */
export interface Aliases {
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** Writes the expressions of one call. A name never stands in them as it is: hundreds of words are reserved. */
export interface ExpressionWriter<Name extends string> {
  /** A condition, or the key of a query. */
  condition(condition: Condition<Name>): string;
  /** An update that sets attributes. */
  set(attributes: Readonly<Partial<Record<Name, AttributeValue>>>): string;
  /** An update that adds to numbers; one that is not there counts as 0. */
  add(numbers: Readonly<Partial<Record<Name, AttributeValue.NMember>>>): string;
  /** The aliases of all that was written. */
  aliases(): Aliases;
}

/** Begins the expressions of one call. */
export function writeExpressions<Name extends string>(): ExpressionWriter<Name> {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};

  const alias = (name: string): string => {
    if (!/^\w+$/u.test(name)) throw new TypeError(`${name} cannot be an attribute of ours`);
    names[`#${name}`] = name;
    return `#${name}`;
  };
  const place = (value: AttributeValue): string => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = value;
    return placeholder;
  };
  const write = (condition: Condition<Name>): string => {
    switch (condition.kind) {
      case "exists":
        return `attribute_exists(${alias(condition.name)})`;
      case "missing":
        return `attribute_not_exists(${alias(condition.name)})`;
      case "AND":
      case "OR":
        if (condition.of.length === 0) throw new TypeError("A condition of no parts says nothing");
        return condition.of.map((part) => inner(part)).join(` ${condition.kind} `);
      default:
        return `${alias(condition.name)} ${condition.kind} ${place(condition.value)}`;
    }
  };
  const pairs = (
    attributes: Readonly<Partial<Record<Name, AttributeValue>>>,
    between: string,
  ): string =>
    Object.entries<AttributeValue | undefined>(attributes)
      .flatMap(([name, value]) =>
        value === undefined ? [] : [`${alias(name)}${between}${place(value)}`],
      )
      .join(", ");
  const inner = (condition: Condition<Name>): string => {
    const isList = condition.kind === "AND" || condition.kind === "OR";
    return isList && condition.of.length > 1 ? `(${write(condition)})` : write(condition);
  };

  return {
    condition: write,
    set: (attributes) => `SET ${pairs(attributes, " = ")}`,
    add: (numbers) => `ADD ${pairs(numbers, " ")}`,
    aliases: () => ({
      ExpressionAttributeNames: names,
      ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
    }),
  };
}

/** The members of a write that only happens when a condition holds, with the item as it is if it does not. */
export function conditional<Name extends string>(condition: Condition<Name>) {
  const writer = writeExpressions<Name>();
  return {
    ConditionExpression: writer.condition(condition),
    ...writer.aliases(),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
  };
}
