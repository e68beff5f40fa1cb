export { parseInstant } from "../../demand/parse-instant.ts";
export { assertExpected, type Current, leaseLost } from "../commit-check.ts";
export { copyJson } from "../copy-json.ts";
export {
  assertCommit,
  assertInteger,
  assertName,
  assertTable,
  deliveryMemoryMs,
  maxValueBytes,
  tableNames,
} from "../limits.ts";
