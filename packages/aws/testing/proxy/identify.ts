import type { IncomingHttpHeaders } from "node:http";
import { s3ActionOf } from "./s3-action.ts";

/** What the signature and the protocol tell of a call. */
export interface Identity {
  readonly service: string;
  readonly region: string;
  readonly accessKey: string;
  readonly action: string;
  readonly attempt: number;
}

const scopePattern = /^(?<accessKey>[^/]+)\/\d{8}\/(?<region>[^/]+)\/(?<service>[^/]+)\//u;

/**
 * Who calls what: service and region from the scope of the signature (header or presigned query), the action from
 * `X-Amz-Target`, from the form, or from what S3's URL means.
 *
 * @returns `undefined` for a call that is not signed.
 */
export function identify(call: {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}): Identity | undefined {
  const { headers, method } = call;
  const url = new URL(call.url, "http://host");
  const credential =
    /Credential=([^, ]+)/u.exec(headers.authorization ?? "")?.[1] ??
    url.searchParams.get("X-Amz-Credential") ??
    "";
  const scope = scopePattern.exec(credential)?.groups;
  if (scope === undefined) return undefined;
  const { service = "", region = "", accessKey = "" } = scope;
  const attempt = /attempt=(\d+)/u.exec(String(headers["amz-sdk-request"] ?? ""))?.[1];
  return {
    service,
    region,
    accessKey,
    action: actionOf(service, method, url, call),
    attempt: Number(attempt ?? 1),
  };
}

function actionOf(
  service: string,
  method: string,
  url: URL,
  call: { readonly headers: IncomingHttpHeaders; readonly body: Buffer },
): string {
  const target = call.headers["x-amz-target"];
  if (typeof target === "string") return target.slice(target.lastIndexOf(".") + 1);
  if (service === "s3") return s3ActionOf(method, url, call.headers);
  const isForm = call.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const form = isForm ? new URLSearchParams(call.body.toString("utf8")) : url.searchParams;
  return form.get("Action") ?? `${method} ${url.pathname}`;
}
