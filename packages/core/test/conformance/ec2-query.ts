import type {
  Ec2Api,
  Ec2Instance,
  Ec2Reservation,
  Ec2StateName,
} from "../../src/testing/ec2/api.ts";
import { childOf, itemsOf, parseXml, textOf, type Xml } from "./xml.ts";

/** How members are called in requests, where the SDKs call them otherwise. */
const renamed: Readonly<Record<string, string>> = {
  InstanceIds: "InstanceId",
  Resources: "ResourceId",
  Tags: "Tag",
  Filters: "Filter",
  Values: "Value",
  TagSpecifications: "TagSpecification",
  InstanceTypes: "InstanceType",
};

/** Lists are numbered from 1, members are joined by dots. */
function flatten(value: unknown, path: string, into: URLSearchParams): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) flatten(item, `${path}.${index + 1}`, into);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      const name = renamed[key] ?? key;
      flatten(member, path === "" ? name : `${path}.${name}`, into);
    }
  } else into.set(path, String(value));
}

function failure(status: number, body: string): Error {
  const code = /<Code>([^<]*)<\/Code>/u.exec(body)?.[1] ?? `HTTP ${status}`;
  const message = /<Message>([^<]*)<\/Message>/u.exec(body)?.[1] ?? body.slice(0, 200);
  return Object.assign(new Error(message), { name: code });
}

function stateOf(element: Xml, name: string) {
  const state = childOf(element, name);
  return {
    Code: Number(textOf(state, "code")),
    Name: (textOf(state, "name") ?? "") as Ec2StateName,
  };
}

function instanceOf(item: Xml): Ec2Instance {
  const lifecycle = textOf(item, "instanceLifecycle");
  const request = textOf(item, "spotInstanceRequestId");
  const reason = textOf(childOf(item, "stateReason"), "code");
  return {
    InstanceId: textOf(item, "instanceId") ?? "",
    InstanceType: textOf(item, "instanceType") ?? "",
    State: stateOf(item, "instanceState"),
    ...(reason === undefined ? {} : { StateReason: { Code: reason, Message: reason } }),
    Placement: {
      AvailabilityZone: textOf(childOf(item, "placement"), "availabilityZone") ?? "",
    },
    SubnetId: textOf(item, "subnetId") ?? "",
    ImageId: textOf(item, "imageId") ?? "",
    Architecture: textOf(item, "architecture") === "arm64" ? "arm64" : "x86_64",
    ...(textOf(item, "platform") === "windows" ? { Platform: "windows" } : {}),
    LaunchTime: Date.parse(textOf(item, "launchTime") ?? ""),
    ...(lifecycle === undefined ? {} : { InstanceLifecycle: lifecycle }),
    ...(request === undefined ? {} : { SpotInstanceRequestId: request }),
    ClientToken: textOf(item, "clientToken") ?? "",
    Tags: itemsOf(item, "tagSet").map((tag) => ({
      Key: textOf(tag, "key") ?? "",
      Value: textOf(tag, "value") ?? "",
    })),
  };
}

function reservationOf(element: Xml): Ec2Reservation {
  return {
    ReservationId: textOf(element, "reservationId") ?? "",
    Instances: itemsOf(element, "instancesSet").map(instanceOf),
  };
}

function changesOf(answer: Xml) {
  return itemsOf(answer, "instancesSet").map((item) => ({
    InstanceId: textOf(item, "instanceId") ?? "",
    PreviousState: stateOf(item, "previousState"),
    CurrentState: stateOf(item, "currentState"),
  }));
}

function fleetPart(item: Xml) {
  const overrides = childOf(childOf(item, "launchTemplateAndOverrides"), "overrides");
  const type = textOf(overrides, "instanceType");
  const subnet = textOf(overrides, "subnetId");
  return {
    LaunchTemplateAndOverrides: {
      LaunchTemplateSpecification: {},
      Overrides: {
        ...(type === undefined ? {} : { InstanceType: type }),
        ...(subnet === undefined ? {} : { SubnetId: subnet }),
      },
    },
    Lifecycle: textOf(item, "lifecycle") ?? "",
  };
}

function nextOf(answer: Xml): { readonly NextToken?: string } {
  const token = textOf(answer, "nextToken");
  return token === undefined ? {} : { NextToken: token };
}

/** Calls an operation by EC2's query protocol; emulators look at no signature. */
export function createEc2Query(url: string, region: string) {
  return async (action: string, input: object): Promise<Xml> => {
    const body = new URLSearchParams({ Action: action, Version: "2016-11-15" });
    flatten(input, "", body);
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0`,
      },
    });
    const text = await response.text();
    if (response.status !== 200) throw failure(response.status, text);
    return parseXml(text);
  };
}

/** EC2 as an emulator at a URL plays it. */
export function createEmulatedEc2(call: ReturnType<typeof createEc2Query>): Ec2Api {
  return {
    runInstances: async (input) => reservationOf(await call("RunInstances", input)),
    createFleet: async (input) => {
      const answer = await call("CreateFleet", input);
      return {
        FleetId: textOf(answer, "fleetId") ?? "",
        Instances: itemsOf(answer, "fleetInstanceSet").map((item) => ({
          ...fleetPart(item),
          InstanceIds: itemsOf(item, "instanceIds").map(({ text }) => text.trim()),
          InstanceType: textOf(item, "instanceType") ?? "",
        })),
        Errors: itemsOf(answer, "errorSet").map((item) => ({
          ...fleetPart(item),
          ErrorCode: textOf(item, "errorCode") ?? "",
          ErrorMessage: textOf(item, "errorMessage") ?? "",
        })),
      };
    },
    startInstances: async (input) => ({
      StartingInstances: changesOf(await call("StartInstances", input)),
    }),
    stopInstances: async (input) => ({
      StoppingInstances: changesOf(await call("StopInstances", input)),
    }),
    terminateInstances: async (input) => ({
      TerminatingInstances: changesOf(await call("TerminateInstances", input)),
    }),
    createTags: async (input) => {
      await call("CreateTags", input);
    },
    describeInstances: async (input = {}) => {
      const answer = await call("DescribeInstances", input);
      return {
        Reservations: itemsOf(answer, "reservationSet").map(reservationOf),
        ...nextOf(answer),
      };
    },
    describeInstanceTypeOfferings: async (input = {}) => {
      const answer = await call("DescribeInstanceTypeOfferings", input);
      return {
        InstanceTypeOfferings: itemsOf(answer, "instanceTypeOfferingSet").map((item) => ({
          InstanceType: textOf(item, "instanceType") ?? "",
          LocationType: textOf(item, "locationType") ?? "",
          Location: textOf(item, "location") ?? "",
        })),
        ...nextOf(answer),
      };
    },
    describeSpotPriceHistory: async (input = {}) => {
      const answer = await call("DescribeSpotPriceHistory", input);
      return {
        SpotPriceHistory: itemsOf(answer, "spotPriceHistorySet").map((item) => ({
          InstanceType: textOf(item, "instanceType") ?? "",
          AvailabilityZone: textOf(item, "availabilityZone") ?? "",
          ProductDescription: textOf(item, "productDescription") ?? "",
          SpotPrice: textOf(item, "spotPrice") ?? "",
          Timestamp: Date.parse(textOf(item, "timestamp") ?? ""),
        })),
        ...nextOf(answer),
      };
    },
  };
}
