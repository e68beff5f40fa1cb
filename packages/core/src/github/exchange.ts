/** Whose name a call is made in. */
export type Identity =
  | { readonly kind: "app" }
  /** The installation on the owner; `repository` (`owner/name`) finds it where there is no organisation. */
  | { readonly kind: "installation"; readonly owner: string; readonly repository?: string };

/** One call of GitHub's REST API. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path with its query, from the API's base; every segment is encoded. */
  readonly path: string;
  readonly identity: Identity;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly etag?: string;
  /** Remember the answer by its ETag. @defaultValue false */
  readonly cached?: boolean;
  /** What the call does, for messages, such as `list runners of orgs/acme`. */
  readonly purpose: string;
  /** Bucket it is counted in before GitHub's answer tells. @defaultValue "core" */
  readonly resource?: string;
  /** Repeating it does no harm. @defaultValue true for GET */
  readonly idempotent?: boolean;
}

/** An answer, whatever its status. */
export interface ApiResponse {
  readonly status: number;
  /** Lower-cased names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; a text when it was none; `undefined` when empty. */
  readonly data: unknown;
}

/** Sends one request as it is and answers any status; rejects when there was no answer. */
export type Exchange = (
  request: ApiRequest,
  authorization: string | undefined,
  signal: AbortSignal | undefined,
) => Promise<ApiResponse>;

/** A path of encoded segments: `pathOf("repos", "acme/app", "actions", "runs")`. Slashes inside an argument separate. */
export function pathOf(...parts: readonly string[]): string {
  return parts
    .flatMap((part) => part.split("/"))
    .map((segment) => `/${encodeURIComponent(segment)}`)
    .join("");
}
