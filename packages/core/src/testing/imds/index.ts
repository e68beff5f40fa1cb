export { createFakeInstanceMetadata } from "./fake-instance-metadata.ts";
export type {
  FakeInstanceAction,
  FakeInstanceCredentials,
  FakeInstanceIdentity,
  FakeInstanceMetadata,
  FakeInstanceMetadataOptions,
  FakeMetadataRequest,
  FakeMetadataTrouble,
} from "./types.ts";
