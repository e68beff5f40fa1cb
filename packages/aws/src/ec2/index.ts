export { ec2FailureKind } from "./failure-kind.ts";
