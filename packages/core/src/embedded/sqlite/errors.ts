import { type FailureKind, FleetError } from "../../ports/failure.ts";

/** What to do about a failure, and in which words. */
interface Advice {
  readonly code: RegExp;
  readonly kind: FailureKind;
  readonly text: string;
}

/** The codes of SQLite and of the file system that say what to do. */
const advices: readonly Advice[] = [
  { code: /^SQLITE_BUSY/u, kind: "unavailable", text: "another process holds the lock too long" },
  { code: /^SQLITE_LOCKED/u, kind: "unavailable", text: "another user holds the lock too long" },
  { code: /^(?:SQLITE_FULL|ENOSPC|EDQUOT)$/u, kind: "unavailable", text: "the disk is full" },
  { code: /^(?:SQLITE_IOERR.*|EIO)$/u, kind: "unavailable", text: "the disk failed" },
  { code: /^(?:SQLITE_NOMEM|ENOMEM)$/u, kind: "unavailable", text: "there is no memory left" },
  { code: /^(?:EMFILE|ENFILE)$/u, kind: "unavailable", text: "too many files are open" },
  { code: /^(?:SQLITE_READONLY.*|EROFS)$/u, kind: "config", text: "it cannot be written" },
  {
    code: /^(?:SQLITE_PERM|SQLITE_AUTH.*|EACCES|EPERM)$/u,
    kind: "config",
    text: "access is denied",
  },
  {
    code: /^(?:EISDIR|ENOTDIR|EEXIST)$/u,
    kind: "config",
    text: "a directory is where a file should be, or the reverse",
  },
  { code: /^SQLITE_CANTOPEN/u, kind: "config", text: "the file cannot be opened" },
  { code: /^SQLITE_NOTADB/u, kind: "config", text: "the file is no SQLite database" },
  {
    code: /^SQLITE_CORRUPT/u,
    kind: "config",
    text: "the file is damaged; restore it from a backup",
  },
];

/** The result code of a failure; opening a file reports it in its message only. */
function codeOf(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return code === "" && error.message.startsWith("ConnectionFailed") ? "SQLITE_CANTOPEN" : code;
}

/** Whether someone else holds the lock: repeating the transaction is safe, nothing of it happened. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && /^SQLITE_(?:BUSY|LOCKED)/u.test(codeOf(error));
}

/** Whether the failure is SQLite's, so that its transaction is over. */
export function isSqliteError(error: unknown): boolean {
  return error instanceof Error && codeOf(error).startsWith("SQLITE_");
}

/** A failure of SQLite or the file system in our words; every other error as it is. */
export function translate(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || FleetError.isInstance(error)) return error;
  const code = codeOf(error);
  const advice = advices.find((candidate) => candidate.code.test(code));
  if (advice === undefined && !code.startsWith("SQLITE_")) return error;
  return new FleetError({
    kind: advice?.kind ?? "unknown",
    message: `Database ${path}: ${advice?.text ?? error.message}`,
    details: { code },
    cause: error,
  });
}
