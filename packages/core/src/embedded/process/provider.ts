import type { MachineProvider } from "../../ports/machine-provider.ts";
import { buyMachines, observe } from "./buying.ts";
import { asUnavailable, codeOf } from "./files.ts";
import { createFleetDirectory } from "./fleet-directory.ts";
import { forgetOldLaunches } from "./forgetting.ts";
import { type ProcessMachineProviderOptions, settingsOf } from "./options.ts";
import { changeMachines, changes } from "./power.ts";

const forgetEveryMs = 600_000;

/**
 * Machines that are processes on this one computer, for tests, demonstrations and small fleets of trusted jobs: they do
 * not isolate anything.
 *
 * A machine is a detached process and outlives its host. Its state is files under `directory/<id>/`, and every decision
 * about it is one file that is created once, so any number of hosts may share the directory. A process that ends by
 * itself has terminated its machine. Needs a POSIX system.
 *
 * Disposing waits for the calls under way; the machines stay.
 *
 * @throws A `TypeError` or `RangeError` for a bad option.
 */
export function createProcessMachineProvider(
  options: ProcessMachineProviderOptions,
): MachineProvider & AsyncDisposable {
  const settings = settingsOf(options);
  const fleet = createFleetDirectory(settings);
  const underWay = new Set<Promise<unknown>>();
  let lane: Promise<unknown> = Promise.resolve();
  let forgottenAtMs = Number.NEGATIVE_INFINITY;

  const track = <T>(work: Promise<T>): Promise<T> => {
    const settled = work.catch(() => undefined).finally(() => underWay.delete(settled));
    underWay.add(settled);
    return work;
  };
  const failing = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw /^E[A-Z]+$/.test(codeOf(error) ?? "") ? asUnavailable(error, what) : error;
    }
  };
  /** One after the other, so that each launch sees the room that the ones before it left. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = lane.then(work, work);
    lane = turn.catch(() => undefined);
    return turn;
  };

  return {
    name: "process",
    launch: (attempt, call) =>
      track(
        inTurn(() =>
          failing("Launching failed", () => buyMachines(attempt, fleet, settings, call)),
        ),
      ),
    start: (ids, call) =>
      track(inTurn(() => changeMachines(ids, settings, fleet, changes.start, call))),
    stop: (ids, call) => track(changeMachines(ids, settings, fleet, changes.stop, call)),
    terminate: (ids, call) => track(changeMachines(ids, settings, fleet, changes.terminate, call)),
    ring: (ids, nonce, call) =>
      track(changeMachines(ids, settings, fleet, changes.ring(nonce), call)),
    list: (filter, call) =>
      track(
        failing("Listing machines failed", async () => {
          call?.signal?.throwIfAborted();
          const views = await fleet.tend();
          const nowMs = settings.clock.now();
          if (nowMs - forgottenAtMs > forgetEveryMs) {
            forgottenAtMs = nowMs;
            await forgetOldLaunches(settings.directory, nowMs);
          }
          call?.signal?.throwIfAborted();
          return views
            .filter(
              ({ record }) =>
                record === undefined ||
                (record.environment === filter.environment &&
                  record.region === filter.region &&
                  (filter.attemptId === undefined || record.attemptId === filter.attemptId)),
            )
            .map(observe);
        }),
      ),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(underWay);
    },
  };
}
