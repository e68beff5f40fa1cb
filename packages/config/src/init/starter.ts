/** What a first configuration is made of. */
export interface StarterOptions {
  /** The region in which machines are bought. */
  readonly region: string;
  /** Globs of the repositories that are served. */
  readonly repositories: readonly string[];
  /** The time zone of the schedule, such as `Europe/Berlin`. */
  readonly timezone: string;
}

/** A first configuration: small, whole, and with the reason of each part, so that it is changed rather than written anew. */
export function starter({ region, repositories, timezone }: StarterOptions): string {
  const globs = repositories.map((glob) => JSON.stringify(glob)).join(", ");
  return `# Which machines there are, when they wait, and who may use them.
#   runs-fleet check      every mistake, with its place
#   runs-fleet preview    how many machines wait, hour by hour
#   runs-fleet scan .     what the jobs of a checkout would get
version: 1

# What holds where a pool says nothing else.
defaults: { environment: ci, timezone: ${timezone}, idleTimeout: 20m, lead: auto }

# Where machines are bought, and the most of them at once.
environments:
  ci: { regions: [${region}], limits: { machines: 50 } }

# What a machine is, in the keys and values of labels. A workflow asks for it by
#   runs-on: runs-fleet/runner=std
runners:
  std: { cpu: 4, ram: 16, arch: arm64 }

# Machines that wait for jobs: hot ones are ready, stopped ones a start away; both in total, unclaimed.
#   runs-on: runs-fleet/pool=linux
pools:
  linux:
    runner: std
    default: { hot: 0, stopped: 2 }
    limits: { machines: 20 }
    schedule:
      - { name: office, days: mon-fri, time: "08:00-18:00", hot: 2, stopped: 4 }

# A job needs one rule that allows it. Public repositories are left out: anybody may open a pull request there.
policies:
  - name: everyone
    repositories: [${globs}]
    visibility: [private, internal]
    allow: { environments: [ci], pools: [linux] }

# A job that waits for so long is told to its developer, with what it waits for.
unserved: { after: 20m, then: check-run }

# While you try it out: jobs of all other repositories are routed and put on record, and get no machine.
# rollout: { claim: ["acme/sandbox-*"], else: observe }
`;
}
