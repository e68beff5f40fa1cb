import * as v from "valibot";
import { FleetError } from "../ports/failure.ts";
import { malformed } from "./failures.ts";

/**
 * The part of an answer that we use, checked.
 *
 * @throws A {@link FleetError} `unknown` when it has another form.
 */
export function readAs<const S extends v.GenericSchema>(
  schema: S,
  data: unknown,
  purpose: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, data);
  if (result.success) return result.output;
  const [issue] = result.issues;
  // The path alone: an issue's message quotes what it found.
  const where = v.getDotPath(issue) ?? "the whole of it";
  throw malformed(purpose, `${where} should be ${issue.expected ?? "otherwise"}`);
}

/** The HTTP status behind a failure of this client; `undefined` when there was no answer. */
export function statusOf(error: unknown): number | undefined {
  if (!FleetError.isInstance(error)) return undefined;
  const { status } = error.details;
  return typeof status === "number" ? status : undefined;
}
