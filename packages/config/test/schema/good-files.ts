/** What every file needs. */
const least = `version: 1
environments: { ci: { regions: [eu-central-1] } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
`;

const pool = (keys: string): string =>
  `${least}pools:\n  p:\n    limits: { machines: 30 }\n${keys.replaceAll(/^/gm, "    ")}\n`;
const entry = (keys: string): string => pool(`schedule: [{ name: a, ${keys} }]`);
const policy = (keys: string): string => least.replace("allow: {}", keys);

/** Files that are right, by what is in them: not what one would write, but what one may. */
export const goodFiles: Readonly<Record<string, string>> = {
  "the least": least,
  "JSON, which is YAML": JSON.stringify({
    version: 1,
    environments: { ci: { regions: ["eu-central-1"] } },
    policies: [],
  }),
  "comments and a beginning": `# ours\n---\n${least}# the end\n`,
  "line breaks of Windows": least.replaceAll("\n", "\r\n"),
  "keys in quotes": least.replace("version", '"version"').replace("policies", "'policies'"),
  "anchors, aliases and merges": `${least}x-shape: &shape { cpu: 4, ram: 16 }
runners: { a: *shape, b: { <<: *shape, ram: 32 } }`,
  "things of other programs": `${least}x-slack: "#fleet"\nx-owners: [a, { b: c }]\nx-: null`,
  "further files": `${least}include: [teams.yml, browser_2.yaml, a.b-c.yml]`,
  "no further files": `${least}include: []`,
  "all defaults": `${least}defaults:
  environment: ci
  timezone: America/Argentina/Buenos_Aires
  spot: false
  idleTimeout: 1d
  lead: 90s`,
  "no defaults": `${least}defaults: {}`,
  "calendars of one date, of ranges, of both": `${least}calendars:
  one: "2026-12-24"
  Ferien in Bayern: "2026-12-24..2027-01-08"
  both: ["2028-02-29", "2026-12-24..2026-12-26"]
  none: []`,
  "environments with limits": least.replace(
    "{ ci: { regions: [eu-central-1] } }",
    `
  ci: { regions: [eu-central-1, us-gov-west-1], limits: { machines: 0 } }
  gpu_2: { regions: [local], limits: {} }`,
  ),
  "images of all kinds": `${least}images:
  a: {}
  b: { ami: ami-0123456789abcdef0 }
  c: { owner: "099720109477", name: "ubuntu/images/*", arch: x64, maxAge: 1d12h }
  2win: { os: windows }`,
  "a runner of nothing": `${least}runners: { any: {} }`,
  "vCPUs in all ways": `${least}runners: { a: { cpu: 1 }, b: { cpu: "4" }, c: { cpu: 4+16 }, d: { cpu: 896 } }`,
  "memory in all ways": `${least}runners:
  a: { ram: 16 }
  b: { ram: 0.5, family: t3 }
  c: { ram: 16GiB }
  d: { ram: 1.5 TiB }
  e: { ram: 16+32 }
  f: { ram: "7.5+15.25" }
  g: { ram: "8" }`,
  "families in all ways": `${least}runners: { a: { family: c7g }, b: { family: [C7g, m7i-flex, u-6tb1] }, c: { family: [] } }`,
  "families that begin so, and types": `${least}runners: { a: { family: c7* }, b: { family: m7*+C7* }, c: { family: [m7i-*, r7g.2xlarge+c7*.large] } }`,
  "a disk in all ways": `${least}runners: { a: { disk: 80 GiB }, b: { disk: 30GiB }, c: { disk: 1 TiB } }`,
  "a machine with Windows": `${least}runners: { win: { os: windows, arch: x64, generation: 12, spot: false } }`,
  "a pool of nothing": pool(""),
  "a pool with a runner by name": `${pool("runner: big")}runners: { big: { cpu: 64 } }`,
  "a pool with a runner of its own": pool("runner: { cpu: 8, ram: 32, family: m7g }"),
  "a pool in regions of its own": pool("regions: [{ name: eu-central-1, weight: 0 }]"),
  "a pool in another environment": pool("environment: ci\nregions: [eu-central-1]"),
  "a pool by the clock of Kathmandu": pool("timezone: Asia/Kathmandu\ndefault: { hot: 1 }"),
  "bounds of all numbers": pool("min: { hot: 1 }\nmax: { stopped: 1000000 }\ndefault: {}"),
  "a lead that is learnt": pool("lead: auto"),
  "a lead, a hold and ramps": pool("lead: 0s\nhold: 25d\nramp: { up: 1/1s }"),
  "an empty ramp": pool("ramp: {}"),
  "all times of a pool": pool(
    "drainDeadline: 1h\nidleTimeout: 1m30s\nreuseHorizon: 100h\nminUptime: 0s",
  ),
  "all limits of a pool": pool("").replace(
    "machines: 30",
    "machines: 0, createPerPass: 1, maxSurge: 2, maxUnavailable: 3",
  ),
  "repositories in all ways": pool('repositories: ["*", "**", "Acme/tool-?", "a.b/c_d"]'),
  "no schedule": pool("schedule: []\nexceptions: []"),
  "days and hours": entry('days: mon-fri, time: "08:00-18:00", hot: 5'),
  "days in all ways": pool(`schedule:
  - { name: a, days: "Mon, wed-fri ,SUNDAY", time: "01:00-02:00", hot: 1 }
  - { name: b, days: [tuesday, sat-sun], time: "03:00-04:00", hot: 1 }`),
  "every day, all day": entry("days: sat-fri, hot: 1"),
  "a night": entry('time: "22:00-06:00", stopped: 3'),
  "a whole day": entry('days: sun, time: "00:00-24:00", hot: 0'),
  "a pair of hours": entry('days: [mon], time: ["08:00", "18:00"], hot: 1'),
  "the form of RunsOn": entry(
    'match: { day: [monday, tuesday], time: ["08:00", "18:00"] }, hot: 1',
  ),
  "hours of a calendar": `${entry('dates: de, time: "08:00-12:00", hot: 1')}calendars: { de: "2027-01-01" }`,
  "dates of both kinds": `${entry('dates: [de, "2027-02-01..2027-02-03"], hot: 1')}calendars: { de: ["2027-01-01"] }`,
  "a cron and how long": entry('cron: "*/30 2 * jan-mar 1", for: 30m, hot: 1'),
  "a cron with a name": entry('cron: "@daily", for: 1h, hot: 1'),
  "a cron until another": entry('cron: "0 8 * * 1", until: "0 18 * * 5", hot: 1'),
  "a cron as a mask": entry('during: "* 8-17 * * 1-5", hot: 1'),
  "a window of days": entry('days: fri, time: "20:00-06:00", spanDays: 3, hot: 1'),
  "an order of entries": pool(`schedule:
  - { name: a, time: "08:00-18:00", mode: set, priority: -1000000, hot: 1 }
  - { name: b, time: "08:00-18:00", mode: atLeast, priority: 0, hot: 2 }
  - { name: c, time: "08:00-18:00", mode: atMost, priority: 5, hot: 3 }`),
  "an entry for some months, elsewhere": entry(
    'time: "08:00-18:00", timezone: UTC, validFrom: "2027-01-01", validUntil: "2027-03-31", hot: 1',
  ),
  "an entry that is put aside": entry(
    'time: "08:00-18:00", enabled: false, idleTimeout: 5m, hot: 1',
  ),
  "exceptions of all kinds": `${entry('days: mon-fri, time: "08:00-18:00", hot: 1')}    exceptions:
      - { dates: "2027-01-01" }
      - { dates: [de], entries: a, action: skip }
      - { name: x, dates: "2027-02-01..2027-02-05", entries: [a], as: sat }
      - { dates: de, hot: 9, stopped: 9 }
calendars: { de: ["2027-03-26"] }`,
  "a rule for few": policy(
    "visibility: [public], forks: true, properties: { team: browser, tier: a b }, allow: { pools: [] }",
  ),
  "a rule with patterns": policy(
    'allow: { environments: ["*", c?], pools: ["linux-*"], maxCpu: 1 }',
  ),
  "a rule with all limits": policy(
    'runnerGroup: "Our fleet", allow: {}, rerun: { attempts: 0 }, limits: { perRepository: 10 }',
  ),
  "aliases of all kinds": `${least}aliases:
  - { match: 'ci-(\\d+)x-([a-z0-9-]+)', use: cpu=$1 }
  - { match: Big, use: "" }
  - { labels: [self-hosted, Linux], use: cpu=4/ram=16 }
  - { dialect: runs-on }`,
  "no aliases": `${least}aliases: []`,
  "what happens to others": `${least}unserved: { after: 1h, then: check-run }
interruption: {}
rollout: { claim: [], else: observe }`,
  "re-runs for all": `${least}interruption: { rerun: { attempts: 5 } }`,
  "names as long as they may be": `${least}runners: { ${"a".repeat(63)}: {}, 0: {} }`,
  "letters of all kinds": `${least}calendars: { "Фестиваль 🎉": "2027-06-01" }\ndefaults: { environment: ci }`,
};
