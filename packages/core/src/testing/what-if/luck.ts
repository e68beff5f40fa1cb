import type { Catalog } from "../../routing/index.ts";
import { createChance } from "./chance.ts";
import { durationAt } from "./durations.ts";
import type { MachineLife } from "./lives.ts";
import type { BootProfile, BootProfiles, DelayProfile } from "./options.ts";
import { defaultBootProfiles } from "./profiles.ts";

/** All that chance decides in one run. */
export interface Luck {
  /** From purchase, or from the start of a stopped machine, to ready, milliseconds. */
  bootMs(machine: MachineLife, wasStopped: boolean): number;
  /** From GitHub's answer to the registration, the wait for it included, until the machine has read its assignment. */
  assignmentMs(machine: MachineLife): number;
  /** The webhook that tells of the n-th job of the input. */
  webhookMs(jobIndex: number): number;
  registrationMs(machine: MachineLife): number;
  endingMs(machine: MachineLife): number;
  /** In which part of its n-th hour a spot machine is interrupted; `undefined`: not in this hour. */
  interruption(machine: MachineLife, hour: number): number | undefined;
}

/** The boot times of a pool, and what they are named by: the pool, or the system. */
export function bootProfileOf(
  pool: string,
  os: MachineLife["os"],
  boots: BootProfiles = {},
): { readonly for: string; readonly profile: BootProfile } {
  const own = boots.pools?.[pool];
  if (own) return { for: pool, profile: own };
  return { for: os, profile: boots.os?.[os] ?? defaultBootProfiles[os] };
}

/** Luck that a seed determines: for each machine by its place in its pool, for each job by its place in the input. */
export function createLuck(options: {
  readonly seed: number;
  readonly catalog: Catalog;
  readonly boots: BootProfiles | undefined;
  readonly delays: DelayProfile;
  readonly interruptionsPerHour: number;
}): Luck {
  const { seed, catalog, boots, delays, interruptionsPerHour } = options;
  const salts = new Map(catalog.pools.map(({ name }, index) => [name, (index + 1) << 20]));
  const placeOf = ({ pool, ordinal }: MachineLife): number => (salts.get(pool) ?? 0) + ordinal;
  const chance = (purpose: string) => createChance(seed, purpose);
  const [launch, start, mint, webhook] = ["launch", "start", "mint", "webhook"].map(chance) as [
    ReturnType<typeof chance>,
    ReturnType<typeof chance>,
    ReturnType<typeof chance>,
    ReturnType<typeof chance>,
  ];
  const notice = chance("notice");
  const registration = chance("registration");
  const ending = chance("ending");
  const isInterrupted = chance("interruption");
  const interruptedAt = chance("interrupted at");
  return {
    bootMs: (machine, wasStopped) => {
      const { profile } = bootProfileOf(machine.pool, machine.os, boots);
      const place = placeOf(machine);
      return wasStopped
        ? durationAt(profile.start, start(place))
        : durationAt(profile.launch, launch(place));
    },
    assignmentMs: (machine) => {
      const place = placeOf(machine);
      return durationAt(delays.mint, mint(place)) + durationAt(delays.notice, notice(place));
    },
    webhookMs: (jobIndex) => durationAt(delays.webhook, webhook(jobIndex)),
    registrationMs: (machine) => durationAt(delays.registration, registration(placeOf(machine))),
    endingMs: (machine) => durationAt(delays.ending, ending(placeOf(machine))),
    interruption: (machine, hour) => {
      const index = Math.imul(placeOf(machine), 256) + hour;
      return isInterrupted(index) < interruptionsPerHour ? interruptedAt(index) : undefined;
    },
  };
}
