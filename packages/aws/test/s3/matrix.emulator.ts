import { createHash } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import type { FleetError } from "@runs-fleet/core";
import { expect } from "vitest";
import type { S3Content, S3Objects, S3PutOutcome } from "../../src/s3/index.ts";
import {
  describeFaultMatrix,
  type Ending,
  type Hit,
  type MatrixCase,
} from "../../testing/matrix/fault-matrix.ts";
import { impatient } from "../../testing/matrix/impatient.ts";
import { openAws } from "../../testing/open-aws.ts";
import { type BucketStage, openBucket } from "./stage.ts";

/** What a cell works on: a bucket with the object `old`. */
interface Context {
  readonly stage: BucketStage;
  /** The objects under test, which meet the fault. */
  readonly objects: S3Objects;
  /** Names the content of `old`. */
  readonly etag: string;
}

/** What a fault may look like after the SDK's repetitions and ours; without an entry it is got over. */
const expected: Readonly<Record<string, readonly FleetError["kind"][]>> = {
  "server-error-always": ["unavailable"],
  "unavailable-always": ["unavailable"],
  "throttled-always": ["throttled"],
  "reset-always": ["unavailable"],
  "reply-lost-always": ["unavailable"],
  "no-answer-always": ["unavailable"],
  denied: ["auth"],
  "credentials-expired": ["auth"],
  "set-up-missing": ["config"],
};

/** Of a body that is sent or read in pieces, nothing is repeated. */
const once: typeof expected = {
  ...expected,
  "server-error": ["unavailable"],
  "done-but-error": ["unavailable"],
  throttled: ["throttled"],
  reset: ["unavailable"],
  "reply-lost": ["unavailable"],
  "reply-cut": ["unavailable"],
  "no-answer": ["unavailable"],
  "done-but-silent": ["unavailable"],
  "late-effect": ["unavailable"],
  "object-in-dispute": ["conflict"],
};

/** A case of the matrix; `act` answers what it may answer. */
function operation<T>(
  name: string,
  action: string,
  act: (context: Context) => Promise<T>,
  judge: (context: Context, ending: Ending<T>, hit: Hit) => Promise<string | undefined>,
  kinds = expected,
): MatrixCase<Context, unknown> {
  return {
    name,
    calls: [{ service: "s3", action }],
    async prepare(aws) {
      const stage = await openBucket(aws);
      const stored = await stage.objects().put("old", "old");
      const client = new S3Client(aws.clientOptions(impatient));
      const etag = "etag" in stored ? (stored.etag ?? "") : "";
      return { stage, objects: stage.objects({ client }), etag };
    },
    act,
    judge: async (context, ending, hit) => {
      if (!ending.ok) expect(kinds[hit.fault.name] ?? ["none"]).toContain(ending.error.kind);
      return judge(context, ending as Ending<T>, hit);
    },
  };
}

/** Written or not, and told so: what was stored is there, whole; what failed may be there, whole. */
function judgeWrite(key: string, text: string, before: string | undefined) {
  return async ({ stage }: Context, ending: Ending<S3PutOutcome>, { fault }: Hit) => {
    const there = await stage.text(key);
    if (ending.ok) expect([ending.value.outcome, there]).toEqual(["stored", text]);
    expect([text, before]).toContain(there);
    if (!ending.ok && fault.effect === "none") expect(there).toBe(before);
    return ending.ok ? undefined : there === text ? "done" : "not done";
  };
}

const stream = (text: string) => ({
  body: (async function* () {
    yield Buffer.from(text.slice(0, 2));
    yield Buffer.from(text.slice(2));
  })(),
  bytes: Buffer.byteLength(text),
  sha256: createHash("sha256").update(text).digest("hex"),
});

describeFaultMatrix<Context, unknown>({ title: "S3, objects", open: openAws }, [
  operation(
    "put",
    "PutObject",
    ({ objects }) => objects.put("old", "new"),
    judgeWrite("old", "new", "old"),
  ),
  operation(
    "put if absent",
    "PutObject",
    ({ objects }) => objects.put("new", "new", { when: "absent" }),
    judgeWrite("new", "new", undefined),
  ),
  operation(
    "put if unchanged",
    "PutObject",
    ({ objects, etag }) => objects.put("old", "new", { when: { etag } }),
    judgeWrite("old", "new", "old"),
  ),
  operation(
    "putStream",
    "PutObject",
    ({ objects }) => objects.putStream("new", stream("content"), { when: "absent" }),
    judgeWrite("new", "content", undefined),
    once,
  ),
  operation<S3Content | undefined>(
    "get",
    "GetObject",
    ({ objects }) => objects.get("old", { maxBytes: 100 }),
    async (_, ending) => {
      if (ending.ok) expect(Buffer.from(ending.value?.body ?? []).toString()).toBe("old");
      return undefined;
    },
    { ...expected, "reply-cut": ["unavailable"] },
  ),
  operation<readonly string[]>(
    "list",
    "ListObjectsV2",
    async ({ objects }) => {
      const keys: string[] = [];
      for await (const { key } of objects.list("")) keys.push(key);
      return keys;
    },
    async (_, ending) => {
      if (ending.ok) expect(ending.value).toEqual(["old"]);
      return undefined;
    },
  ),
]);
