/** What the command line asks of a simulation. */
export interface SimulateRequest {
  readonly config: string;
  readonly jobs?: string;
  readonly generate?: "office-hours" | "steady" | "nightly";
  readonly jobsPerDay: number;
  readonly days: number;
  /** `YYYY-MM-DD`. */
  readonly from: string;
  readonly seed: number;
  readonly seeds: number;
  readonly rates?: string;
  readonly boots?: string;
  readonly interruptions?: number;
  readonly timeZone?: string;
  readonly baseline?: "recorded";
  readonly compare?: string;
  readonly sensitivity?: boolean;
  readonly assert: readonly string[];
  readonly html?: string;
  readonly json?: string;
}
