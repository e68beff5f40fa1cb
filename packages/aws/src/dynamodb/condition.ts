import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** What must hold of an item, as data: rendered to an expression in one place, where every name gets an alias. */
export type Condition<Name extends string> =
  | { readonly kind: "exists" | "missing"; readonly name: Name }
  | {
      readonly kind: "=" | "<=" | ">=" | ">";
      readonly name: Name;
      readonly value: AttributeValue;
    }
  | { readonly kind: "AND" | "OR"; readonly of: readonly Condition<Name>[] };

/** The item has the attribute. */
export const exists = <Name extends string>(name: Name): Condition<Name> => ({
  kind: "exists",
  name,
});

/** The item has no such attribute, or there is no item. */
export const missing = <Name extends string>(name: Name): Condition<Name> => ({
  kind: "missing",
  name,
});

/** The attribute is there, of the same type, and compares like this. */
export const compared = <Name extends string>(
  name: Name,
  kind: "=" | "<=" | ">=" | ">",
  value: AttributeValue,
): Condition<Name> => ({ kind, name, value });

/** All of them hold. */
export const all = <Name extends string>(...of: readonly Condition<Name>[]): Condition<Name> => ({
  kind: "AND",
  of,
});

/** At least one holds. */
export const either = <Name extends string>(
  ...of: readonly Condition<Name>[]
): Condition<Name> => ({ kind: "OR", of });
