import { describe, expect, it } from "vitest";
import { delivery, intake, realBodies } from "../../test/webhook-harness.ts";

const bodiesOf = (name: string) =>
  (realBodies.find((event) => event.name === name)?.examples ?? []).map(
    (body, index) => [`${name} ${index} ${String(body["action"] ?? "")}`, body] as const,
  );

async function answersFor(name: string) {
  const { post, sent } = intake();
  const answers: string[] = [];
  for (const [, body] of bodiesOf(name)) {
    const answer = await post(delivery(name, body));
    answers.push([answer.status, answer.body.status, answer.body.reason].filter(Boolean).join(" "));
  }
  return { answers, sent };
}

describe("real bodies", () => {
  it("are there: 33 of the events that concern jobs, and every other event", () => {
    const count = (name: string) => bodiesOf(name).length;
    expect({
      workflow_job: count("workflow_job"),
      push: count("push"),
      ping: count("ping"),
      workflow_run: count("workflow_run"),
      check_run: count("check_run"),
    }).toEqual({ workflow_job: 8, push: 7, ping: 4, workflow_run: 5, check_run: 9 });
    expect(realBodies.length).toBeGreaterThan(50);
  });

  it("of workflow_job carry nobody's labels of ours and are ignored for that", async () => {
    const { answers, sent } = await answersFor("workflow_job");
    expect(answers).toEqual(Array.from({ length: 8 }, () => "200 ignored not-ours"));
    expect(sent).toEqual([]);
  });

  it("of workflow_job with a label of ours are accepted, but for the two behind a gate", async () => {
    const { post, sent } = intake();
    const answers: string[] = [];
    for (const [, body] of bodiesOf("workflow_job")) {
      const job = { ...(body["workflow_job"] as object), labels: ["runs-fleet"] };
      const answer = await post(delivery("workflow_job", { ...body, workflow_job: job }));
      answers.push(answer.body.reason ?? answer.body.status ?? "");
    }
    expect(answers.sort()).toEqual([
      ...Array.from({ length: 6 }, () => "accepted"),
      "status-waiting",
      "status-waiting",
    ]);
    expect(sent).toHaveLength(6);
    for (const { body } of sent) {
      if (body.kind !== "job") throw new Error("A job was expected");
      expect(body.startedAtMs ?? body.createdAtMs ?? 0).toBeGreaterThanOrEqual(
        body.createdAtMs ?? 0,
      );
    }
  });

  it("of push are accepted, deletions among them", async () => {
    const { answers, sent } = await answersFor("push");
    expect(answers).toEqual(Array.from({ length: 7 }, () => "202 accepted"));
    const deleted = sent.filter(({ body }) => body.kind === "push" && body.deleted);
    expect(deleted).toHaveLength(4);
  });

  it.each([
    ["ping", "200 ignored ping"],
    ["workflow_run", "200 ignored event-unused"],
    ["check_run", "200 ignored event-unused"],
  ])("of %s are ignored for a stated reason", async (name, expected) => {
    const { answers } = await answersFor(name);
    expect(new Set(answers)).toEqual(new Set([expected]));
  });

  it("of every event there is get an answer that keeps GitHub content", async () => {
    const { post } = intake();
    for (const { name, examples } of realBodies) {
      for (const body of examples) {
        const { status } = await post(delivery(name, body));
        expect([name, status === 200 || status === 202]).toEqual([name, true]);
      }
    }
  });
});
