export { dynamodbFailureKind } from "./failure-kind.ts";
