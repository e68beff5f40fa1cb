import { awsError } from "./aws-error.ts";
import type { Handle } from "./exchange.ts";

/**
 * Puts what an emulator says when it falls over into the form of the service. Its page of HTML would reach the client as a
 * broken answer and be tried again; 501 is not. It does not tell what it lacks from what it stumbled on.
 */
export function withEmulatorErrors(next: Handle): Handle {
  return async (request) => {
    const answer = await next(request);
    const isPage = String(answer.headers["content-type"] ?? "").startsWith("text/html");
    if (answer.status < 500 || !isPage) return answer;
    return awsError(request, {
      code: "NotImplemented",
      message: `The emulator has no ${request.service} ${request.action}, or falls over this call of it`,
    });
  };
}
