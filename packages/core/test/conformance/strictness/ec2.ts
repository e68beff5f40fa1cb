import { ec2Cases } from "../ec2-cases.ts";
import { row, rowsOf, type Source, type StrictnessTable } from "./row.ts";
import { sources } from "./sources.ts";

const inferred: Source = { kind: "inferred", title: "not documented for this call" };

const ofCases: Readonly<Record<string, Source>> = {
  "RunInstances launches as many as asked, in one reservation, pending at first": sources.states,
  "RunInstances launches MaxCount when there is room": sources.runInstances,
  "RunInstances refuses a MinCount of 0": sources.runInstances,
  "RunInstances refuses a MaxCount below MinCount": sources.runInstances,
  "RunInstances answers a repeated token with the instances of the first call": sources.fleetReplay,
  "RunInstances refuses a token with other parameters": sources.tokenMismatch,
  "RunInstances buys a second machine for the same token in another zone": sources.fleetReplay,
  "RunInstances refuses a token of more than 64 characters": sources.runInstances,
  "RunInstances refuses a launch template that does not exist": sources.errors,
  "RunInstances refuses a subnet that does not exist": sources.errors,
  "RunInstances refuses an instance type that does not exist": sources.errors,
  "RunInstances refuses a tag key that instance metadata cannot show": sources.metadataTags,
  "RunInstances of spot tells the lifecycle and the request": sources.describeInstances,
  "CreateFleet launches on demand, and says how": sources.createFleet,
  "CreateFleet launches spot": sources.createFleet,
  "CreateFleet gives its instance tags to what it launches": sources.createFleet,
  "CreateFleet launches nothing more for a repeated token, and answers without a body":
    sources.fleetReplay,
  "CreateFleet refuses a token with other parameters": sources.fleetReplay,
  "CreateFleet of spot is refused without an allocation strategy": sources.strategyRule,
  "CreateFleet refuses two pools that are the same": sources.fleetPools,
  "CreateFleet refuses a minimum that is not of a single type or zone": sources.fleetMinimum,
  "StopInstances and StartInstances take a machine down and up again": sources.states,
  "StopInstances takes time: the machine is stopping first": sources.states,
  "StopInstances of a stopped machine and StartInstances of a running one are fine": inferred,
  "StopInstances refuses a one-time spot machine": sources.spotStop,
  "StopInstances refuses a machine that is still pending": sources.errors,
  "StartInstances refuses a machine that is still stopping": sources.errors,
  "StartInstances refuses a terminated machine": sources.terminateInstances,
  "TerminateInstances with an unknown id terminates nothing": sources.terminateInstances,
  "StopInstances and StartInstances with an unknown id do nothing": sources.errors,
  "TerminateInstances twice is fine, and the machine can still be seen": sources.terminateInstances,
  "TerminateInstances takes time: the machine is shutting down first": sources.states,
  "an id of the wrong form is malformed, not unknown": sources.errors,
  "CreateTags adds and overwrites": sources.createTags,
  "CreateTags refuses an unknown id": sources.errors,
  "CreateTags refuses keys of aws:": sources.tag,
  "CreateTags refuses an empty key": inferred,
  "CreateTags refuses keys and values that are too long": sources.tag,
  "CreateTags refuses the 51st tag": sources.createTags,
  "CreateTags refuses a key twice in one call": sources.createTags,
  "DescribeInstances filters by tag, with wildcards, and by the key alone":
    sources.describeInstances,
  "DescribeInstances filters by state": sources.describeInstances,
  "DescribeInstances refuses a filter that does not exist": sources.errors,
  "DescribeInstances filters by lifecycle": sources.describeInstances,
  "DescribeInstances refuses an unknown id": sources.describeInstances,
  "DescribeInstances counts instances, not reservations, in its pages": inferred,
  "DescribeInstances refuses a token that no page gave": sources.errors,
  "DescribeInstances refuses ids together with a page size": sources.describeInstances,
  "DescribeInstances refuses pages of fewer than 5": sources.describeInstances,
  "DescribeInstanceTypeOfferings tells zones, and filters by type and location": sources.offerings,
  "DescribeInstanceTypeOfferings has pages": sources.offerings,
};

const model = "src/testing/ec2/simulated-ec2.test.ts";
const rules = [
  row(
    "A terminated instance can be seen for an hour",
    sources.describeInstances,
    model,
    "shows its end for an hour",
    "not tried: takes an hour",
  ),
  row(
    "An offering without room launches nothing, and says InsufficientInstanceCapacity",
    sources.errors,
    model,
    "says why an offering that has no room",
  ),
  row(
    "An offering that a zone does not sell is Unsupported",
    sources.errors,
    model,
    "refuses an offering that is not sold",
  ),
  row(
    "A fleet comes up in part, with instances and errors",
    sources.createFleet,
    model,
    "launches a fleet in part",
    "lies: never answers an error",
  ),
  row(
    "A complete fleet may tell errors all the same",
    sources.createFleet,
    model,
    "tells an error beside a fleet",
    "lies: never answers an error",
  ),
  row(
    "vCPUs of each market count against its quota: VcpuLimitExceeded, MaxSpotInstanceCountExceeded",
    sources.quotas,
    model,
    "counts vCPUs of each market",
  ),
  row(
    "A repeated token may answer machines that have ended",
    sources.endedReplay,
    model,
    "machines that have ended since",
    "lies: buys again",
  ),
  row(
    "Calls and instances have buckets: RequestLimitExceeded",
    sources.throttling,
    model,
    "limits calls and instances by buckets",
  ),
  row(
    "A listing without filter and page size has a smaller bucket",
    sources.throttling,
    model,
    "gives a listing of everything a smaller bucket",
  ),
  row(
    "A listing may leave young machines out, show them bare, and lag",
    sources.bareListing,
    model,
    "may leave young machines out",
    "not tried: always shows what is so",
  ),
  row(
    "The same tag key fails a fleet, and is fine where metadata shows no tags",
    sources.metadataTags,
    model,
    "fails a launch whose tag cannot be shown",
    "not tried: ignores MetadataOptions",
  ),
  row(
    "A changed tag reaches metadata late, or never",
    { kind: "inferred", title: "no delay is documented" },
    model,
    "tells changed tags in metadata late",
  ),
  row(
    "Spot ends two minutes after its notice",
    sources.spotNotice,
    model,
    "gives spot machines a notice",
  ),
  row(
    "An instance may fail while it is pending: Server.InternalError",
    sources.stateReason,
    model,
    "launches machines that fail",
  ),
  row(
    "A region that is down answers Unavailable, and machines run on",
    sources.errors,
    model,
    "answers no call while the region is down",
  ),
  row(
    "A shutdown from inside ends or stops, as the launch said",
    sources.shutdown,
    model,
    "ends a machine whose system shuts down",
  ),
];

/** EC2. */
export const ec2Table: StrictnessTable = {
  fake: "EC2: `createSimulatedEc2`",
  emulator: "moto",
  rows: [...rowsOf(ec2Cases, "test/conformance/ec2-model.test.ts", ofCases), ...rules],
};
