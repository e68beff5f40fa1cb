export { ec2TagKeys } from "../ec2/tag-rules.ts";
export {
  createDynamodbAssignments,
  type DynamodbAssignments,
  type DynamodbAssignmentsOptions,
} from "./assignments.ts";
export { createSqsAgentEvents, type SqsAgentEvents, type SqsAgentEventsOptions } from "./events.ts";
export { createS3LogShipper, type S3LogShipper, type S3LogShipperOptions } from "./log-shipper.ts";
export { createMachineClients, type MachineClients } from "./machine-clients.ts";
export { type MachineNames, machineNames } from "./machine-names.ts";
export type { MachineCredentials, MachineIdentity } from "./metadata/documents.ts";
export {
  createMachineMetadata,
  type MachineMetadata,
  type MachineMetadataOptions,
} from "./metadata/machine-metadata.ts";
