export { readSqsBacklog, type SqsBacklog } from "./backlog.ts";
export { createSqsClients, type SqsClients } from "./clients.ts";
export { type Ec2NoticeOrigin, ec2NoticeTypes, parseEc2Notice } from "./ec2-notice.ts";
export { sqsFailureKind } from "./failure-kind.ts";
export { type HeartbeatOptions, withHeartbeat } from "./heartbeat.ts";
export { createMachineSenders } from "./machine-senders.ts";
export { createSqsQueue, type SqsQueueOptions } from "./queue.ts";
export type { SqsPoison } from "./receive.ts";
export {
  redriveSqsDeadLetters,
  type SqsDeadLetter,
  type SqsRedriveOptions,
  type SqsRedriveReport,
} from "./redrive.ts";
