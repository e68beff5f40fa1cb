import * as v from "valibot";

const bodySchema = v.object({ hook: v.object({ events: v.array(v.string()) }) });

/** The events without which a hook is of no use to us. */
const neededEvents = ["workflow_job", "push"] as const;

/**
 * The events that a `ping` shows the hook is not subscribed to, but should be. Empty when it has them all, and when
 * the body does not tell.
 */
export function missingEvents(body: unknown): readonly string[] {
  const result = v.safeParse(bodySchema, body);
  if (!result.success) return [];
  const { events } = result.output.hook;
  if (events.includes("*")) return [];
  return neededEvents.filter((event) => !events.includes(event));
}
