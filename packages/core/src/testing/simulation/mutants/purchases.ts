import { isError } from "../../../fleet/effects.ts";
import { FleetError } from "../../../ports/failure.ts";
import { type Mutants, minutes, type Provocation } from "./mutant.ts";

const noCapacity = () => new FleetError({ kind: "capacity", message: "Not all of it" });

/** Answers of the provider are lost, and what was asked for is done. */
const lostAnswers: Provocation = {
  kind: "calls-fail",
  port: "provider",
  when: "after",
  failure: "unknown",
  rate: 0.7,
  atMs: minutes(14),
  forMs: minutes(40),
};

/** Bugs in how machines are bought and ended. */
export const purchaseMutants: Mutants = {
  "takes-a-part-for-a-failure": () => ({
    note: "A 5.11.13",
    caughtBy: "no-leak",
    under: [{ kind: "capacity-thin", most: 1, atMs: 0, forMs: minutes(90) }],
    rules: (rules) => ({
      ...rules,
      takeResult: (ledger, context, gates, result) => {
        const isPart =
          result.kind === "launched" &&
          !isError(result.result) &&
          result.result.failures.length > 0;
        const taken = isPart ? { ...result, result: { error: noCapacity() } } : result;
        rules.takeResult(ledger, context, gates, taken);
      },
    }),
  }),
  "takes-a-lost-answer-for-a-failure": () => ({
    note: "A 5.11.22",
    caughtBy: "no-leak",
    under: [lostAnswers],
    rules: (rules) => ({
      ...rules,
      takeResult: (ledger, context, gates, result) => {
        const isLost = result.kind === "launched" && isError(result.result);
        const taken = isLost ? { ...result, result: { error: noCapacity() } } : result;
        rules.takeResult(ledger, context, gates, taken);
      },
    }),
  }),
  "replays-with-a-new-token": () => {
    const times = new Map<string, number>();
    return {
      note: "C 1.8",
      caughtBy: "no-double-launch",
      // The listing does not show yet what was bought.
      under: [lostAnswers, { kind: "listing-lags", atMs: minutes(13), forMs: minutes(45) }],
      ports: (ports) => ({
        ...ports,
        provider: {
          ...ports.provider,
          launch: (attempt, options) => {
            const time = (times.get(attempt.id) ?? 0) + 1;
            times.set(attempt.id, time);
            return ports.provider.launch({ ...attempt, token: `${attempt.id}/${time}` }, options);
          },
        },
      }),
    };
  },
  "acts-before-it-stores": () => {
    return {
      note: "A 5.2.20",
      caughtBy: "no-double-launch",
      ports: (ports) => {
        let late: (() => Promise<void>) | undefined;
        return {
          ...ports,
          store: {
            ...ports.store,
            // What a commit says it has stored is stored with the next one.
            commit: async (...words) => {
              const before = late;
              late = () => ports.store.commit(...words);
              await before?.();
            },
          },
        };
      },
    };
  },
  "never-terminates": () => ({
    note: "A 5.3.35",
    caughtBy: "no-leak",
    ports: (ports) => ({
      ...ports,
      provider: {
        ...ports.provider,
        terminate: async (ids) => ids.map((id) => ({ id, ok: true })),
      },
    }),
  }),
};
