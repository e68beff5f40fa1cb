import { FleetError } from "../../ports/failure.ts";
import type { LaunchAttempt, LaunchResult, MachineProvider } from "../../ports/machine-provider.ts";
import type { MachineProviderSuite } from "./machine-provider-suite.ts";
import { abortedSignal, failureOf } from "./stage.ts";

/** Most launches that the suite makes at once, whatever a provider says. */
const mostAtOnce = 100;

async function isThrottled(launch: Promise<LaunchResult>): Promise<boolean> {
  try {
    return (await launch).failures.some(({ kind }) => kind === "throttled");
  } catch (error) {
    return FleetError.isInstance(error) && error.kind === "throttled";
  }
}

/** One attempt buys at most its count, and what it bought can be found again. */
export function describeLaunching({ api, check, region, traits }: MachineProviderSuite): void {
  const { expect } = api;

  async function listed(provider: MachineProvider, attempt: LaunchAttempt): Promise<string[]> {
    const { environment, id: attemptId } = attempt;
    const machines = await provider.list({ environment, region, attemptId });
    return machines.map(({ id }) => id).sort();
  }

  check("buys as many machines as asked", async (provider, { attempt, stage }) => {
    const beforeMs = stage.clock.now();
    const { machines, failures } = await provider.launch(attempt("a", { count: 3 }));
    expect(failures).toEqual([]);
    expect(new Set(machines.map(({ id }) => id)).size).toBe(3);
    for (const machine of machines) {
      expect([machine.attemptId ?? "attempt-a", machine.market]).toEqual([
        "attempt-a",
        "on-demand",
      ]);
      expect(Math.abs(machine.launchedAtMs - beforeMs) < 60_000).toBe(true);
    }
  });

  check("lists what runs, with the attempt that bought it", async (provider, world) => {
    const { machines } = await world.running(provider, world.attempt("a", { count: 2 }));
    const found = await world.list(provider);
    expect(found.map(({ id }) => id).sort()).toEqual(machines.map(({ id }) => id).sort());
    expect(found.map(({ attemptId }) => attemptId)).toEqual(["attempt-a", "attempt-a"]);
    expect(found.map(({ state }) => state)).toEqual(["running", "running"]);
  });

  check("buys nothing more when an attempt is repeated", async (provider, world) => {
    const attempt = world.attempt("a", { count: 2 });
    const first = await provider.launch(attempt);
    const again = await provider.launch({ ...attempt });
    const ids = first.machines.map(({ id }) => id).sort();
    expect(again.machines.every(({ id }) => ids.includes(id))).toBe(true);
    await world.running(provider, attempt);
    expect(await listed(provider, attempt)).toEqual(ids);
    expect((await world.list(provider)).length).toBe(2);
  });

  check("refuses a token that was used with other fields", async (provider, world) => {
    const attempt = world.attempt("a");
    await world.running(provider, attempt);
    const others: Partial<LaunchAttempt>[] = [
      { count: 2 },
      { specHash: "spec-2" },
      { environment: "staging" },
      { id: "attempt-b" },
    ];
    for (const other of others) {
      expect(await failureOf(provider.launch({ ...attempt, ...other }))).toBe("config");
    }
    expect((await world.list(provider)).length).toBe(1);
    expect(await world.list(provider, "staging")).toEqual([]);
  });

  check("buys for each token", async (provider, world) => {
    const first = await world.running(provider, world.attempt("a"));
    const second = await world.running(provider, world.attempt("b"));
    expect(first.machines[0]?.id === second.machines[0]?.id).toBe(false);
    expect((await world.list(provider)).length).toBe(2);
  });

  check("refuses an attempt for another region", async (provider, world) => {
    const elsewhere = world.attempt("a", { region: "mars-north-1" });
    expect(await failureOf(provider.launch(elsewhere))).toBe("config");
    expect(await world.list(provider)).toEqual([]);
  });

  check("refuses an attempt for no machine", async (provider, world) => {
    expect(await failureOf(provider.launch(world.attempt("a", { count: 0 })))).toBe("config");
  });

  check("takes launches as fast as it says", async (provider, world) => {
    const { burst, perSecond } = provider.pace?.launch ?? { burst: 1, perSecond: 1 };
    expect(Number.isSafeInteger(burst) && burst >= 1).toBe(true);
    expect(Number.isFinite(perSecond) && perSecond > 0).toBe(true);
    let launches = 0;
    const throttledOf = async (count: number): Promise<number> => {
      const attempts = Array.from({ length: Math.min(count, mostAtOnce) }, () => {
        launches += 1;
        return world.attempt(`paced-${launches}`);
      });
      const calls = await Promise.all(
        attempts.map((attempt) => isThrottled(provider.launch(attempt))),
      );
      return calls.filter(Boolean).length;
    };
    expect(await throttledOf(burst)).toBe(0);
    if (provider.pace?.launch === undefined) return;
    const refilled = Math.max(1, Math.floor(perSecond));
    await world.stage.pass(Math.ceil((refilled * 1_000) / perSecond));
    expect(await throttledOf(refilled)).toBe(0);
  });

  check("lists by environment and by attempt", async (provider, world) => {
    const ours = [world.attempt("a"), world.attempt("b")] as const;
    const theirs = world.attempt("c", { environment: "staging" });
    const first = await world.running(provider, ours[0]);
    const second = await world.running(provider, ours[1]);
    await provider.launch(theirs);
    const ids = [first, second].flatMap(({ machines }) => machines.map(({ id }) => id));
    expect((await world.list(provider)).map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(await listed(provider, ours[0])).toEqual(first.machines.map(({ id }) => id));
    expect(await listed(provider, world.attempt("never"))).toEqual([]);
    expect(await world.list(provider, "production")).toEqual([]);
  });

  check("buys nothing when the call is cancelled", async (provider, world) => {
    const { signal, reason } = abortedSignal();
    expect(await failureOf(provider.launch(world.attempt("a"), { signal }))).toBe(reason);
    const filter = { environment: "ci", region };
    expect(await failureOf(provider.list(filter, { signal }))).toBe(reason);
    expect(await world.list(provider)).toEqual([]);
  });

  if (traits.concurrent) {
    check("buys once when an attempt is sent many times at once", async (provider, world) => {
      const attempt = world.attempt("a", { count: 2 });
      await Promise.all(Array.from({ length: 8 }, () => provider.launch(attempt)));
      await world.running(provider, attempt);
      expect((await world.list(provider)).length).toBe(2);
    });
  }

  const { capacity } = traits;
  if (capacity !== undefined) {
    check("buys what there is, and says what it lacks", async (provider, world) => {
      const attempt = world.attempt("a", { count: capacity + 2 });
      const { machines, failures } = await provider.launch(attempt);
      expect(machines.length).toBe(capacity);
      expect([...new Set(failures.map(({ kind }) => kind))]).toEqual(["capacity"]);
      const more = await provider.launch(world.attempt("b"));
      expect(more.machines).toEqual([]);
      expect([...new Set(more.failures.map(({ kind }) => kind))]).toEqual(["capacity"]);
    });

    check("has room again when machines ended", async (provider, world) => {
      const full = await world.running(provider, world.attempt("a", { count: capacity }));
      const ids = full.machines.map(({ id }) => id).slice(0, 1);
      await provider.terminate(ids);
      expect(await world.become(provider, ids, "terminated", "gone")).toBe(true);
      const next = await provider.launch(world.attempt("b"));
      expect([next.machines.length, next.failures.length]).toEqual([1, 0]);
    });
  }
}
