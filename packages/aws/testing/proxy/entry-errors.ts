import { type Handle, type JsonBody, jsonOf, withJson } from "./exchange.ts";

/** Lets some entries of a batch of SQS fail: the others are done, and the answer is a 200. */
export function withEntryErrors(next: Handle): Handle {
  return async (request) => {
    const { fault } = request;
    if (fault?.kind !== "entry-errors") return next(request);
    const json = jsonOf(request);
    const entries = json?.["Entries"];
    if (json === undefined || !Array.isArray(entries)) return next(request);
    const isSpoilt = (_: unknown, index: number) => fault.entries.includes(index);
    const failed = (entries as readonly JsonBody[]).filter(isSpoilt).map(({ Id }) => ({
      Id,
      Code: fault.code,
      Message: "Injected",
      SenderFault: fault.senderFault,
    }));
    const rest = entries.filter((entry, index) => !isSpoilt(entry, index));
    const answer =
      rest.length === 0
        ? {
            status: 200,
            headers: { "content-type": "application/x-amz-json-1.0" },
            body: Buffer.from("{}"),
          }
        : await next(withJson(request, { ...json, Entries: rest }));
    if (answer.status !== 200) return answer;
    const told = jsonOf(answer) ?? {};
    const before = Array.isArray(told["Failed"]) ? told["Failed"] : [];
    return withJson(answer, {
      Successful: [],
      ...told,
      Failed: [...(before as readonly JsonBody[]), ...failed],
    });
  };
}
