import { awsError } from "./aws-error.ts";
import { type Handle, jsonOf } from "./exchange.ts";

/** Refuses to make a FIFO queue where its order would be a lie. */
export function withoutFifo(next: Handle): Handle {
  return async (request) => {
    const isCreation = request.service === "sqs" && request.action === "CreateQueue";
    if (!isCreation || !String(jsonOf(request)?.["QueueName"]).endsWith(".fifo")) {
      return next(request);
    }
    return awsError(request, {
      code: "NotImplemented",
      message: "moto loses the order and the deduplication of FIFO queues: use fauxqs for queues",
    });
  };
}
