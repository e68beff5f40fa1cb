export { s3FailureKind } from "./failure-kind.ts";
