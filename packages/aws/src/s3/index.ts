export { createS3Client } from "./client.ts";
export { s3FailureKind } from "./failure-kind.ts";
export type { S3Content, S3ContentStream, S3Description, S3GetOptions } from "./get.ts";
export type { S3Entry } from "./list.ts";
export { createS3Log, type S3Log, s3LogPartKey } from "./log.ts";
export { createS3Objects, type S3Objects, type S3ObjectsOptions } from "./objects.ts";
export type { S3Condition, S3PutOptions, S3PutOutcome, S3Source } from "./put.ts";
export {
  createRunnerMirror,
  type RunnerArchive,
  type RunnerMirror,
  runnerKey,
} from "./runner-mirror.ts";
