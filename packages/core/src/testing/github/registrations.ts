import { encodeJitConfig } from "./jit-config.ts";
import { labelKey, type Matching } from "./matching.ts";
import type { Owner, Repository, Runner, World } from "./model.ts";

/** Registrations of runners. */
export interface Registrations {
  /** Registers a runner and answers its credential, or why not. */
  mint(
    place: { readonly owner: Owner; readonly repository?: Repository },
    request: {
      readonly name: string;
      readonly groupId: number;
      readonly labels: readonly string[];
    },
  ): { readonly runner: Runner; readonly jitConfig: string } | "taken" | "no-group";
  /** Ends a registration: its session, if any, hears of it. */
  remove(runner: Runner): void;
  /** Whether the runner is connected. */
  online(runner: Runner): boolean;
  /** Live registrations of a scope, oldest first. */
  of(scope: string): readonly Runner[];
  byName(scope: string, name: string): Runner | undefined;
}

/** The scope of an organisation's or a repository's runners, lower-cased. */
export function scopeOf(owner: Owner, repository?: Repository): string {
  return repository === undefined ? `orgs/${owner.login.toLowerCase()}` : `repos/${repository.key}`;
}

/** Registrations of `world`. */
export function createRegistrations(world: World, matching: Matching): Registrations {
  const { clock, settings, timetable } = world;

  const online = (runner: Runner): boolean =>
    !runner.gone &&
    runner.session !== undefined &&
    !runner.session.ended &&
    (runner.session.poll !== undefined ||
      clock.now() - runner.lastSeenMs < settings.sessionTimeoutMs);

  const note = (kind: "runner-registered" | "runner-gone", runner: Runner): void =>
    world.emit({
      kind,
      atMs: clock.now(),
      runnerId: String(runner.id),
      runnerName: runner.name,
    });

  const remove = (runner: Runner): void => {
    if (runner.gone) return;
    runner.gone = true;
    runner.job = undefined;
    runner.disarm?.();
    matching.withdraw(runner);
    world.runners.delete(runner.id);
    const names = world.names.get(runner.scope);
    names?.delete(runner.name.toLowerCase());
    runner.session?.poll?.({ kind: "gone" });
    note("runner-gone", runner);
  };

  /** Registrations that never connected, or lost their connection, are forgotten when somebody looks. */
  const expired = (runner: Runner): boolean =>
    runner.job === undefined &&
    !online(runner) &&
    clock.now() - runner.lastSeenMs >= settings.unconnectedExpiryMs;

  return {
    mint: ({ owner, repository }, request) => {
      const scope = scopeOf(owner, repository);
      const names = world.names.get(scope) ?? new Map<string, Runner>();
      world.names.set(scope, names);
      const taken = names.get(request.name.toLowerCase());
      if (taken !== undefined) {
        if (!expired(taken)) return "taken";
        remove(taken);
      }
      if (repository === undefined && !owner.groups.has(request.groupId)) return "no-group";
      const groupId = repository === undefined ? request.groupId : 1;
      const sorted = labelKey(request.labels);
      const nowMs = clock.now();
      const runner: Runner = {
        id: world.nextId(),
        name: request.name,
        scope,
        owner,
        repository,
        groupId,
        labels: request.labels,
        labelSet: new Set(sorted),
        idleKey: `${scope}\n${groupId}\n${sorted.join("\n")}`,
        secret: `${world.entropy.uuid()}.${world.entropy.uuid()}`,
        createdAtMs: nowMs,
        os: "unknown",
        version: undefined,
        lastSeenMs: nowMs,
        job: undefined,
        session: undefined,
        disarm: undefined,
        gone: false,
      };
      world.runners.set(runner.id, runner);
      names.set(runner.name.toLowerCase(), runner);
      if (settings.idleExpiryMs !== undefined) {
        const idleExpiryMs = settings.idleExpiryMs;
        runner.disarm = timetable.at(nowMs + idleExpiryMs, () => {
          if (runner.job === undefined) remove(runner);
        });
      }
      note("runner-registered", runner);
      return { runner, jitConfig: encodeJitConfig(world, runner) };
    },
    remove,
    online,
    of: (scope) => {
      const found = [...(world.names.get(scope)?.values() ?? [])];
      for (const runner of found) if (expired(runner)) remove(runner);
      return found.filter((runner) => !runner.gone);
    },
    byName: (scope, name) => world.names.get(scope)?.get(name.toLowerCase()),
  };
}
