/** What was asked, in the words of the command line: nothing of when or where it ran, so that same inputs give same bytes. */
export interface ReportInputs {
  /** Name and version of the program. */
  readonly program: string;
  /** The configuration's file, as it was written. */
  readonly config: string;
  /** The file of jobs, or how they were generated. */
  readonly jobs: string;
}
