/** What is wrong with the region at the moment. All of it may change while the region is in use. */
export interface Ec2Conditions {
  /** No call is answered but by `Unavailable`; what runs goes on running. */
  readonly isDown: boolean;
  /** How far listings are behind. */
  readonly reads: {
    /** Chance that an instance younger than `youngMs` is left out of a page. */
    readonly omitChance: number;
    readonly youngMs: number;
    /** Chance that an instance is shown as it was up to `lagMs` ago. */
    readonly lagChance: number;
    readonly lagMs: number;
    /** Chance that an instance younger than `youngMs` is shown without its tags. */
    readonly untaggedChance: number;
  };
  /** When a changed tag reaches the instance's own metadata. */
  readonly metadataTags: {
    /** Shortest and longest delay, milliseconds. */
    readonly delayMs: readonly [number, number];
    /** Chance that it never does. */
    readonly neverChance: number;
  };
  /** Chances that what is launched from now on is not sound. */
  readonly fates: {
    readonly failsToLaunch: number;
    readonly neverBoots: number;
    readonly hangs: number;
  };
  /** Boots take so many times as long. */
  readonly bootFactor: number;
}

/** A region in which nothing is wrong. */
export const soundConditions: Ec2Conditions = Object.freeze({
  isDown: false,
  reads: { omitChance: 0, youngMs: 300_000, lagChance: 0, lagMs: 90_000, untaggedChance: 0 },
  metadataTags: { delayMs: [0, 0], neverChance: 0 } as const,
  fates: { failsToLaunch: 0, neverBoots: 0, hangs: 0 },
  bootFactor: 1,
});
