/** Waits until all of them have ended, whatever became of the others, and rejects with the first error. Nothing goes on behind it. */
export async function everyOne(works: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(works);
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
