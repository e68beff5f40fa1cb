import { createHash } from "node:crypto";
import type { Owner, Repository, Run, RunnerGroup, World } from "./model.ts";
import { createTimetable } from "./timetable.ts";
import type { FakeGitHubEvent, FakeGitHubOptions, FakeRepositoryRequest } from "./types.ts";

const hourMs = 3_600_000;

/** A SHA-1 in hexadecimal: the form of commit and blob ids. */
export function shaOf(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

/** Splits `owner/name`. */
function splitName(fullName: string): readonly [string, string] {
  const [owner, name, ...rest] = fullName.split("/");
  if (!owner || !name || rest.length > 0)
    throw new RangeError(`Not a repository name: ${fullName}`);
  return [owner, name];
}

/** An empty GitHub. `announce` is set by the webhook sender. */
export function createWorld(options: FakeGitHubOptions): World & {
  readonly listeners: Set<(event: FakeGitHubEvent) => void>;
} {
  const listeners = new Set<(event: FakeGitHubEvent) => void>();
  let lastId = 4_000;
  return {
    clock: options.clock,
    entropy: options.entropy,
    settings: {
      tokenLifetimeMs: options.tokenLifetimeMs ?? hourMs,
      jobLockMs: options.jobLockMs ?? 600_000,
      acknowledgeMs: options.acknowledgeMs ?? 60_000,
      sessionTimeoutMs: options.sessionTimeoutMs ?? 60_000,
      queueLimitMs: options.queueLimitMs ?? 24 * hourMs,
      unconnectedExpiryMs: options.unconnectedExpiryMs ?? 24 * hourMs,
      ...(options.idleExpiryMs === undefined ? {} : { idleExpiryMs: options.idleExpiryMs }),
      ...(options.minimumRunnerVersion === undefined
        ? {}
        : { minimumRunnerVersion: options.minimumRunnerVersion }),
      limits: {
        corePerHour: options.limits?.corePerHour ?? 5_000,
        mintsPerHour: options.limits?.mintsPerHour ?? 10_000,
        mintsPerMinute: options.limits?.mintsPerMinute ?? 180,
      },
    },
    timetable: createTimetable(options.clock),
    baseUrl: options.baseUrl ?? "https://github.fake",
    owners: new Map(),
    repositories: new Map(),
    runners: new Map(),
    names: new Map(),
    sessions: new Map(),
    runs: new Map(),
    jobs: new Map(),
    listeners,
    nextId: () => {
      lastId += 1;
      return lastId;
    },
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    announce: () => undefined,
  };
}

/** The account, made when it is new: with the App installed and the group every organisation has. */
export function ensureOwner(
  world: World,
  login: string,
  kind: Owner["kind"] = "Organization",
): Owner {
  const known = world.owners.get(login.toLowerCase());
  if (known !== undefined) return known;
  const owner: Owner = {
    id: world.nextId(),
    login,
    kind,
    installationId: world.nextId(),
    groups: new Map<number, RunnerGroup>([
      [
        1,
        {
          id: 1,
          name: "Default",
          visibility: "all",
          allowsPublic: false,
          repositories: new Set<string>(),
        },
      ],
    ]),
  };
  world.owners.set(login.toLowerCase(), owner);
  return owner;
}

/** The repository, made or changed as asked. */
export function setRepository(world: World, request: FakeRepositoryRequest): Repository {
  const [login, name] = splitName(request.name);
  const owner = ensureOwner(world, login, request.ownerKind);
  const key = request.name.toLowerCase();
  const known = world.repositories.get(key);
  if (known !== undefined) {
    known.answers.clear();
    known.visibility = request.visibility ?? known.visibility;
    known.fork = request.fork ?? known.fork;
    known.properties = request.properties ?? known.properties;
    known.defaultBranch = request.defaultBranch ?? known.defaultBranch;
    return known;
  }
  const atMs = world.clock.now();
  const defaultBranch = request.defaultBranch ?? "main";
  const first = shaOf(`${key} ${atMs}`);
  const repository: Repository = {
    id: world.nextId(),
    owner,
    name,
    fullName: `${owner.login}/${name}`,
    key,
    visibility: request.visibility ?? "private",
    fork: request.fork ?? false,
    properties: request.properties ?? {},
    defaultBranch,
    createdAtMs: atMs,
    heads: new Map([[defaultBranch, first]]),
    commits: new Map([
      [first, { sha: first, parent: undefined, atMs, message: "first", tree: new Map() }],
    ]),
    runs: [],
    openRuns: new Set<Run>(),
    answers: new Map(),
  };
  world.repositories.set(key, repository);
  return repository;
}

/** The repository of that name, made private when it is new. */
export function ensureRepository(world: World, fullName: string): Repository {
  return world.repositories.get(fullName.toLowerCase()) ?? setRepository(world, { name: fullName });
}

/** Adds a runner group to an organisation. */
export function addGroup(
  world: World,
  owner: Owner,
  group: Pick<RunnerGroup, "name" | "visibility" | "allowsPublic"> & {
    readonly repositories: readonly string[];
  },
): RunnerGroup {
  const made: RunnerGroup = {
    ...group,
    id: world.nextId(),
    repositories: new Set(group.repositories.map((name) => name.toLowerCase())),
  };
  owner.groups.set(made.id, made);
  return made;
}
