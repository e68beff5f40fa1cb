import type { DoctorRow } from "../row.ts";
import { stackOf } from "../stack-of.ts";

/** What only code on a machine can show. */
export const foreignDocumentRow: DoctorRow = {
  id: "foreign-document",
  question: "Is a machine denied the document of another machine?",
  why: "A document holds the credential of a runner; the policy compares its key with ec2:SourceInstanceARN",
  after: ["identity"],
  async run(context) {
    const { names } = stackOf(context);
    return {
      verdict: "unproven",
      detail: "only code on a machine can ask, and the doctor puts none there",
      advice:
        `in a job on the fleet run: aws dynamodb get-item --table-name ${names.tablePrefix}assignments --key ` +
        `'{"id":{"S":"${names.instanceArnPrefix}i-00000000000000000"}}'; it must end with AccessDeniedException`,
    };
  },
};

/** What only AWS can begin. */
export const spotNoticeRow: DoctorRow = {
  id: "spot-notice",
  question: "Does an interruption of spot reach the controller, and the job run again?",
  why: "It comes two minutes before the machine goes (EC2 guide, Spot interruption notices)",
  async run() {
    return {
      verdict: "unproven",
      detail: "nobody but AWS can interrupt a spot machine",
      advice:
        "let AWS Fault Injection Service do it while a job runs: action aws:ec2:send-spot-instance-interruptions",
    };
  },
};
