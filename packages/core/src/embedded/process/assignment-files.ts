import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Assignment } from "../../wire/assignment.ts";
import { parseAssignment } from "../../wire/parse.ts";
import { codeOf, parseJson, readLinkTarget, readNames, readText, writeDurably } from "./files.ts";
import { assignmentsOf, fileNameFor } from "./layout.ts";

/**
 * An assignment is `assignments/<id>.json`. Who gets it, the agent that blanks it or the controller that takes it back,
 * is `assignments/<id>.decision`: a symbolic link whose target is the word. A link is created whole or not at all, so
 * exactly one of them wins, whatever becomes of the document itself.
 */

/** Who won an assignment. */
export type AssignmentDecision = "taken" | "withdrawn";

/** Longest document that is read, characters. */
const longest = 131_072;

const documentOf = (machine: string, id: string): string =>
  join(assignmentsOf(machine), `${fileNameFor(id)}.json`);
const decisionOf = (machine: string, id: string): string =>
  join(assignmentsOf(machine), `${fileNameFor(id)}.decision`);

/** Who won the assignment; `undefined`: nobody yet. */
export async function readDecision(
  machine: string,
  id: string,
): Promise<AssignmentDecision | undefined> {
  const word = await readLinkTarget(decisionOf(machine, id));
  return word === "taken" || word === "withdrawn" ? word : undefined;
}

/** Decides the assignment unless it is decided; answers who won it, now or earlier. */
export async function decideAssignment(
  machine: string,
  id: string,
  decision: AssignmentDecision,
): Promise<AssignmentDecision | undefined> {
  try {
    await symlink(decision, decisionOf(machine, id));
    return decision;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return readDecision(machine, id);
    throw error;
  }
}

/** The document, and the credential in it, is gone. */
export async function removeAssignment(machine: string, id: string): Promise<void> {
  await rm(documentOf(machine, id), { force: true });
}

/** The machine's document is this assignment, durably, unless it was decided before. */
export async function writeAssignment(machine: string, assignment: Assignment): Promise<void> {
  if ((await readDecision(machine, assignment.id)) !== undefined) return;
  const name = `${fileNameFor(assignment.id)}.json`;
  await writeDurably(join(assignmentsOf(machine), name), JSON.stringify(assignment));
  for (const other of (await readNames(assignmentsOf(machine))) ?? []) {
    if (other.endsWith(".json") && other !== name) {
      await rm(join(assignmentsOf(machine), other), { force: true });
    }
  }
}

/** The assignment that waits for the machine; `undefined` when there is none that can still be had. */
export async function readAssignment(machine: string): Promise<Assignment | undefined> {
  const names = (await readNames(assignmentsOf(machine))) ?? [];
  for (const name of names) {
    if (!name.endsWith(".json")) continue;
    if (names.includes(`${name.slice(0, -".json".length)}.decision`)) continue;
    const text = await readText(join(assignmentsOf(machine), name));
    if (text === undefined || text.length > longest) continue;
    const assignment = parseAssignment(parseJson(text));
    if (assignment) return assignment;
  }
  return undefined;
}
