export { sqsFailureKind } from "./failure-kind.ts";
