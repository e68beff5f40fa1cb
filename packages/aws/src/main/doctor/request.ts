/** What somebody asked for; absent is what was not said. */
export interface DoctorRequest {
  readonly environment: string;
  readonly region?: string;
  readonly subnet?: readonly string[];
  readonly machines?: number;
  readonly shape?: readonly string[];
  readonly fifo?: readonly ("demand" | "reports")[];
  readonly tag?: Readonly<Record<string, string>>;
  readonly live?: boolean;
  readonly json?: boolean;
  readonly report?: string;
  readonly unmasked?: boolean;
}
