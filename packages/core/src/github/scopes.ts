import { FleetError } from "../ports/failure.ts";
import { type Identity, pathOf } from "./exchange.ts";

/** A place in the API with who may speak there. */
export interface Place {
  readonly path: string;
  readonly identity: Identity;
}

const segment = /^[A-Za-z0-9_.-]{1,100}$/;

function checked(text: string, parts: number): readonly string[] {
  const found = text.split("/");
  const good = (part: string): boolean => segment.test(part) && part !== "." && part !== "..";
  if (found.length === parts && found.every(good)) return found;
  throw new FleetError({
    kind: "config",
    message: `Not a name at GitHub: ${text.slice(0, 120)}`,
  });
}

/**
 * The place of a repository, `owner/name`.
 *
 * @throws A {@link FleetError} `config` when it is not such a name.
 */
export function repositoryPlace(repository: string): Place {
  const [owner = ""] = checked(repository, 2);
  return {
    path: pathOf("repos", repository),
    identity: { kind: "installation", owner, repository },
  };
}

/**
 * The place of a scope of runners, `orgs/<org>` or `repos/<owner>/<name>`.
 *
 * @throws A {@link FleetError} `config` when it is neither.
 */
export function scopePlace(scope: string): Place {
  if (scope.startsWith("repos/")) return repositoryPlace(scope.slice("repos/".length));
  if (scope.startsWith("orgs/")) {
    const [owner = ""] = checked(scope.slice("orgs/".length), 1);
    return { path: pathOf("orgs", owner), identity: { kind: "installation", owner } };
  }
  throw new FleetError({
    kind: "config",
    message: `Not a scope of runners: ${scope.slice(0, 120)}; it is orgs/<org> or repos/<owner>/<name>`,
  });
}

/**
 * The id, when it is decimal digits.
 *
 * @throws A {@link FleetError} `config` when it is not.
 */
export function checkedId(id: string, of: string): string {
  if (/^\d{1,19}$/.test(id)) return id;
  throw new FleetError({ kind: "config", message: `Not an id of a ${of}: ${id.slice(0, 40)}` });
}
