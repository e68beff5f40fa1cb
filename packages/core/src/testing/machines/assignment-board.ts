import { FleetError } from "../../ports/failure.ts";
import type { StateStore, Write } from "../../ports/state-store.ts";
import type { Assignment } from "../../wire/assignment.ts";
import { parseAssignment } from "../../wire/parse.ts";

/** Assignment documents as machines see them, beside a store that does not let machines write. */
export interface AssignmentBoard {
  /** The store with documents: what is committed appears here, what was read cannot be taken back. */
  readonly store: StateStore;
  /** The document of a machine; `undefined` when there is none or it was read. */
  read(machineId: string): Assignment | undefined;
  /** Marks the document as read. False: it was taken back before. */
  blank(assignment: Assignment): boolean;
}

/** Puts a board in front of a store. */
export function createAssignmentBoard(inner: StateStore): AssignmentBoard {
  const documents = new Map<string, { readonly assignment: Assignment; read: boolean }>();
  const refuseTakenBack = (write: Write): void => {
    const document = documents.get(write.id);
    if (write.value !== undefined || typeof write.expected !== "number" || !document?.read) return;
    throw new FleetError({ kind: "conflict", message: `${write.id} has read its assignment` });
  };
  const show = (write: Write): void => {
    const assignment = write.value === undefined ? undefined : parseAssignment(write.value);
    if (!assignment) documents.delete(write.id);
    else if (documents.get(write.id)?.assignment.id !== assignment.id) {
      documents.set(write.id, { assignment, read: false });
    }
  };
  return {
    store: {
      ...inner,
      commit: async (lease, writes, options) => {
        const concerned = writes.filter(({ table }) => table === "assignments");
        for (const write of concerned) refuseTakenBack(write);
        await inner.commit(lease, writes, options);
        for (const write of concerned) show(write);
      },
    },
    read: (machineId) => {
      const document = documents.get(machineId);
      return document && !document.read ? document.assignment : undefined;
    },
    blank: ({ id, machineId }) => {
      const document = documents.get(machineId);
      if (document?.assignment.id !== id || document.read) return false;
      document.read = true;
      return true;
    },
  };
}
