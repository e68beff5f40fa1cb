import { aJob, aLedger, aMachine, aRegistration } from "./builders.ts";

/** Jobs 1 and 2 of one demand; machine m1 is registered for job 1, m2 for job 2. */
export function twoAssigned() {
  const assigned = (id: string, machineId: string) =>
    aJob(id, { state: "assigned", machineId, runnerName: `rf-${machineId}-1` });
  const registered = (id: string, jobKey: string) =>
    aMachine(id, { state: "registered", jobKey, registration: aRegistration(id) });
  return aLedger({
    jobs: [assigned("1", "m1"), assigned("2", "m2")],
    machines: [registered("m1", "1.1"), registered("m2", "2.1")],
  });
}
