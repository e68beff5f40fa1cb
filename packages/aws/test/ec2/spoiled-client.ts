import type { EC2Client } from "@aws-sdk/client-ec2";

/** The name of the operation that a call is, such as `CreateFleet`. */
function operationOf({ commandName = "" }: { readonly commandName?: string }): string {
  return commandName.replace(/Command$/u, "");
}

/** Where a connection breaks: before EC2 hears of the call, or when it has done it. */
export type Break = "before" | "after";

function broken(): Error {
  return Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", $metadata: {} });
}

/** Breaks the connection of calls, as often as it is told. */
export function breakCalls(client: EC2Client, when: (operation: string) => Break | undefined) {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const where = when(operationOf(context));
      if (where === "before") throw broken();
      const answer = await next(args);
      if (where === "after") throw broken();
      return answer;
    },
    { step: "finalizeRequest", priority: "low" },
  );
}

/** Lets EC2 refuse calls with a code, as often as it is told; a refused call has no effect. */
export function refuseCalls(client: EC2Client, when: (operation: string) => string | undefined) {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const code = when(operationOf(context));
      if (code === undefined) return next(args);
      const $metadata = { httpStatusCode: 400, attempts: 1 };
      throw Object.assign(new Error("refused"), { name: code, $metadata });
    },
    { step: "initialize" },
  );
}

/** Changes what is asked, behind the adapter's back. */
export function alterInput(
  client: EC2Client,
  alter: (operation: string, input: object) => object,
): void {
  client.middlewareStack.add(
    (next, context) => (args) =>
      next({ ...args, input: alter(operationOf(context), args.input) as typeof args.input }),
    { step: "initialize" },
  );
}

/** Changes what is answered. */
export function alterOutput(
  client: EC2Client,
  alter: (operation: string, output: object) => object,
): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      return {
        ...answer,
        output: alter(operationOf(context), answer.output) as typeof answer.output,
      };
    },
    { step: "initialize" },
  );
}
