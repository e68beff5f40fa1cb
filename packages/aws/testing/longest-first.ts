import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take a minute or more, the longest first: left to the end, one of them would run alone. */
const longest = [
  "aws-service/test/call-budget",
  "doctor/live",
  "sqs/matrix",
  "sqs/queue.contract",
  "aws-service/test/end-to-end",
  "aws-service/test/mint-burst",
  "stack/apply",
  "ec2/matrix",
];

function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((name) => moduleId.includes(`/${name}.`));
  return place === -1 ? longest.length : place;
}

/** Begins with what takes longest, and goes on as vitest would. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return usual.sort((left, right) => placeOf(left) - placeOf(right));
  }
}
