/** An emulator that runs. */
export interface Emulator {
  /** Where it listens. */
  readonly url: string;
  /** Its release. */
  readonly version: string;
  /** What was started. */
  readonly binary: string;
}

/** What plays AWS in one run of tests. */
export interface Emulators {
  /** EC2, S3, and most other services. */
  readonly moto: Emulator;
  /** DynamoDB with its concurrency; `undefined` without Java 17. */
  readonly dynamodbLocal: Emulator | undefined;
  /** FIFO queues. */
  readonly fauxqs: Emulator;
  /** What is not there, and so is not run, in words. */
  readonly missing: readonly string[];
}
