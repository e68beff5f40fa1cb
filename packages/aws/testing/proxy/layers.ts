import { awsError } from "./aws-error.ts";
import { withClientTokens } from "./client-tokens.ts";
import { withEmulatorErrors } from "./emulator-errors.ts";
import { withEntryErrors } from "./entry-errors.ts";
import type { AwsAnswer, AwsRequest, Handle } from "./exchange.ts";
import { withoutFifo } from "./fifo-refusal.ts";
import { withFleetErrors } from "./fleet-errors.ts";
import { createForwarder, type Forwarder } from "./forward.ts";
import { withFullLaunches } from "./full-launches.ts";
import { createLanes } from "./lanes.ts";
import { withShortPolls } from "./short-polls.ts";
import { needsTurns, type Upstream } from "./upstream.ts";

/** Which emulator plays which service. */
export interface Upstreams {
  /** EC2, S3, and every service that is not named here. */
  readonly moto: string;
  /** DynamoDB Local; absent: moto, without its concurrency. */
  readonly dynamodbLocal?: string;
  /** fauxqs, which keeps the order of FIFO queues; absent: moto. */
  readonly fauxqs?: string;
}

/** Everything between a client and the emulators, except faults that break a connection and what is counted. */
export function createLayers(upstreams: Upstreams, accountId: string): Forwarder {
  const moto: Upstream = { kind: "moto", url: upstreams.moto };
  const routes = new Map<string, Upstream>();
  if (upstreams.dynamodbLocal !== undefined) {
    routes.set("dynamodb", { kind: "dynamodb-local", url: upstreams.dynamodbLocal });
  }
  if (upstreams.fauxqs !== undefined) {
    routes.set("sqs", { kind: "fauxqs", url: upstreams.fauxqs });
  }
  const route = ({ service }: { readonly service: string }) => routes.get(service) ?? moto;
  const forwarder = createForwarder({ route, accountId });
  const onMoto = withFullLaunches(withEmulatorErrors(forwarder.handle));
  const inTurns = withTurns(withClientTokens(withFleetErrors(withEntryErrors(onMoto))), route);
  const polling = withoutFifo(withShortPolls(inTurns));
  return {
    close: () => forwarder.close(),
    handle: (request) => (route(request).kind === "moto" ? polling(request) : inTurns(request)),
  };
}

/** Lets the calls that need it wait for one another, service by service. */
function withTurns(
  next: Handle,
  route: (request: { readonly service: string }) => Upstream,
): Handle {
  const lanes = createLanes();
  return (request) =>
    needsTurns(route(request), request)
      ? lanes.run(request.service, async () =>
          // With a fault, lateness may be the point.
          request.gone.aborted && request.fault === undefined
            ? notWaitedFor(request)
            : next(request),
        )
      : next(request);
}

/**
 * For a client that gave up before its turn came. Were its call made all the same, hundreds of clients that try again would fill the
 * line with calls whose answers nobody awaits, for ever; the service itself has no such line.
 */
const notWaitedFor = (request: AwsRequest): AwsAnswer =>
  awsError(request, { code: "InternalFailure", status: 500, message: "The client has gone" });
