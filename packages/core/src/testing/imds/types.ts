import type { Clock } from "../../ports/clock.ts";

/** Which instance it is. */
export interface FakeInstanceIdentity {
  /** Such as `i-0a1b2c3d4e5f60718`. */
  readonly instanceId: string;
  /** Such as `eu-west-1`. */
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
  /** Its zone. @defaultValue the first zone of the region */
  readonly availabilityZone?: string;
  /** Its type. @defaultValue `m7g.large` */
  readonly instanceType?: string;
  /** The image that it was launched from. @defaultValue `ami-0123456789abcdef0` */
  readonly imageId?: string;
  /** Of its processor. @defaultValue `arm64` */
  readonly architecture?: "arm64" | "x86_64";
  /** Market that it was bought in; spot notices are for `spot` alone. @defaultValue `on-demand` */
  readonly lifeCycle?: "on-demand" | "spot";
  /** When it was launched or last started, epoch milliseconds. @defaultValue when the fake was made */
  readonly pendingAtMs?: number;
}

/** What the instance's profile gives it. */
export interface FakeInstanceCredentials {
  /** Name of the role. */
  readonly role: string;
  /** Tells one machine from another at the fault proxy: each gets one of its own. */
  readonly accessKeyId: string;
  /** Its secret. */
  readonly secretAccessKey: string;
  /** Session token. @defaultValue one that belongs to the key */
  readonly token?: string;
  /** When they end, epoch milliseconds. @defaultValue 6 hours after they were set */
  readonly expiresAtMs?: number;
}

/** What EC2 is going to do with a spot instance. */
export interface FakeInstanceAction {
  /** What is done to it. @defaultValue `terminate` */
  readonly action?: "terminate" | "stop" | "hibernate";
  /** When, epoch milliseconds; told to the second. */
  readonly atMs: number;
}

/** How the service is out of order. */
export type FakeMetadataTrouble =
  /** It answers everything with this status, such as 503. */
  | { readonly kind: "status"; readonly status: number }
  /** It takes requests and never answers. */
  | { readonly kind: "silent" };

/** A request that was made. */
export interface FakeMetadataRequest {
  /** HTTP method. */
  readonly method: string;
  /** Path without empty segments and the query, such as `/latest/meta-data/instance-id`. */
  readonly path: string;
  /** HTTP status of the answer; 0 when there was none. */
  readonly status: number;
  /** When it came, monotonic milliseconds of the clock. */
  readonly atMs: number;
}

/** Options of `createFakeInstanceMetadata`. */
export interface FakeInstanceMetadataOptions {
  /** Which instance it speaks of. */
  readonly identity: FakeInstanceIdentity;
  /** Its tags at launch. @defaultValue none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Whether the launch template shows tags in the metadata. @defaultValue `true` */
  readonly showsTags?: boolean;
  /** What its profile gives it. @defaultValue it has no profile */
  readonly credentials?: FakeInstanceCredentials;
  /** Decides about session tokens and delayed tags. */
  readonly clock: Clock;
}

/**
 * The metadata service of one instance, as IMDSv2 alone answers. It refuses what the real one refuses: requests without a
 * session token or with one that has expired, tokens that live longer than 6 hours, whoever comes through a proxy.
 */
export interface FakeInstanceMetadata extends AsyncDisposable {
  /**
   * Serves it on 127.0.0.1 until it is disposed of; point `AWS_EC2_METADATA_SERVICE_ENDPOINT` at its `url`.
   *
   * @param port - 0 takes a free one. @defaultValue 0
   */
  listen(port?: number): Promise<{ readonly url: string } & AsyncDisposable>;
  /**
   * Sets tags, or removes those that are `undefined`.
   *
   * @param options - `delayMs`: how long the metadata goes on showing what was before; 0 unless said.
   * @throws A `RangeError` for a tag that EC2 would not take of an instance that shows its tags.
   */
  setTags(
    tags: Readonly<Record<string, string | undefined>>,
    options?: { readonly delayMs?: number },
  ): void;
  /** Gives it other credentials, or takes the profile away. */
  setCredentials(credentials: FakeInstanceCredentials | undefined): void;
  /** The notice that EC2 gives two minutes before it takes a spot instance back; `undefined` withdraws it. */
  setInstanceAction(action: FakeInstanceAction | undefined): void;
  /** The advice that the instance is likely to be taken back, epoch milliseconds; `undefined` withdraws it. */
  setRebalance(noticeAtMs: number | undefined): void;
  /** Puts the service out of order, or back into it. */
  setTrouble(trouble: FakeMetadataTrouble | undefined): void;
  /** Makes every session token that was given out void, as a restart of the service does. */
  forgetTokens(): void;
  /** The last 10,000 requests, oldest first. */
  requests(): readonly FakeMetadataRequest[];
}
