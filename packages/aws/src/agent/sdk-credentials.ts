import type { MachineMetadata } from "./metadata/machine-metadata.ts";

/** Credentials as the clients of the SDK take them. */
interface SdkCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** A client asks again some minutes before. */
  readonly expiration: Date;
}

/**
 * The credentials of the instance's profile, and nothing else: reports count as this machine's because of them. Files and variables
 * in which the SDK would look as well are in reach of jobs.
 */
export function sdkCredentials(metadata: MachineMetadata): () => Promise<SdkCredentials> {
  return async () => {
    const { expiresAtMs, ...credentials } = await metadata.credentials();
    return { ...credentials, expiration: new Date(expiresAtMs) };
  };
}
