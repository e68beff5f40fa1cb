import { installationBody, permissions } from "./account-bodies.ts";
import { type DeliveryRecord, deliveriesKeptMs } from "./deliveries.ts";
import type { FakeReply } from "./exchange.ts";
import { isoOf } from "./iso.ts";
import { type Call, notFound, type Route, refusal } from "./routes.ts";

function installation(call: Call): FakeReply {
  const { owner, world, credentials } = call;
  if (owner?.installationId === undefined) return notFound();
  return {
    status: 200,
    body: installationBody(world, owner, owner.installationId, credentials.appId),
  };
}

function issueToken(call: Call): FakeReply {
  const id = Number(call.params["installation_id"]);
  for (const owner of call.world.owners.values()) {
    if (owner.installationId !== id) continue;
    const { token, expiresAtMs } = call.credentials.issue(owner);
    return {
      status: 201,
      body: {
        token,
        expires_at: isoOf(expiresAtMs),
        permissions,
        repository_selection: "all",
      },
    };
  }
  return notFound();
}

function succeeded(record: DeliveryRecord): boolean {
  return record.statusCode >= 200 && record.statusCode < 400;
}

/** Bodies of deliveries that have ended: they change no more, and are listed again and again. */
const written = new WeakMap<DeliveryRecord, object>();

function deliveryBody(record: DeliveryRecord): object {
  const known = written.get(record);
  if (known !== undefined) return known;
  const body = Object.freeze(writeDelivery(record));
  if (record.status !== "pending") written.set(record, body);
  return body;
}

function writeDelivery(record: DeliveryRecord): object {
  return {
    id: record.id,
    guid: record.guid,
    delivered_at: isoOf(record.atMs),
    redelivery: record.redelivery,
    duration: record.durationMs / 1_000,
    status: record.status,
    status_code: record.statusCode,
    event: record.event,
    action: record.action,
    installation_id: record.installationId,
    repository_id: record.repositoryId,
    throttled_at: null,
  };
}

function listDeliveries(call: Call): FakeReply {
  const { query, path } = call.request;
  const cursor = query["cursor"];
  const below = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor.replace("v1_", ""));
  if (Number.isNaN(below)) return refusal(400, "Invalid cursor");
  const perPage = Math.min(100, Math.max(1, Number(query["per_page"] ?? 30) || 30));
  const oldestMs = call.world.clock.now() - deliveriesKeptMs;
  const found: DeliveryRecord[] = [];
  const { records } = call.deliveries;
  for (let index = records.length - 1; index >= 0 && found.length <= perPage; index -= 1) {
    const record = records[index];
    if (record === undefined || record.atMs < oldestMs) break;
    if (record.id >= below || record.status === "pending") continue;
    if (query["status"] === "success" && !succeeded(record)) continue;
    if (query["status"] === "failure" && record.statusCode < 400) continue;
    found.push(record);
  }
  const page = found.slice(0, perPage);
  const last = page.at(-1);
  const more = found.length > perPage && last !== undefined;
  const next = new URLSearchParams({ ...query, cursor: `v1_${last?.id ?? 0}` });
  return {
    status: 200,
    headers: more ? { link: `<${call.world.baseUrl}${path}?${next}>; rel="next"` } : {},
    body: page.map(deliveryBody),
  };
}

function redeliver(call: Call): FakeReply {
  const record = call.deliveries.get(Number(call.params["delivery_id"]));
  if (record === undefined) return notFound();
  if (record.atMs < call.world.clock.now() - deliveriesKeptMs)
    return refusal(400, "The delivery is too old to be redelivered");
  call.deliveries.redeliver(record);
  return { status: 202, body: {} };
}

/** What the App does in its own name. */
export const appRoutes: readonly Route[] = [
  {
    method: "GET",
    template: "/orgs/{org}/installation",
    by: "app",
    handle: (call) => (call.owner?.kind === "Organization" ? installation(call) : notFound()),
  },
  {
    method: "GET",
    template: "/users/{username}/installation",
    by: "app",
    handle: (call) =>
      installation({
        ...call,
        owner: call.world.owners.get(call.params["username"]?.toLowerCase() ?? ""),
      }),
  },
  {
    method: "GET",
    template: "/repos/{owner}/{repo}/installation",
    by: "app",
    handle: (call) => (call.repository === undefined ? notFound() : installation(call)),
  },
  {
    method: "POST",
    template: "/app/installations/{installation_id}/access_tokens",
    by: "app",
    handle: issueToken,
  },
  { method: "GET", template: "/app/hook/deliveries", by: "app", handle: listDeliveries },
  {
    method: "POST",
    template: "/app/hook/deliveries/{delivery_id}/attempts",
    by: "app",
    handle: redeliver,
  },
];
