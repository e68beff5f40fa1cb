/** An error with EC2's code in its name, as the model throws them. */
export function refusal(code: string, message: string): Error {
  return Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: 400 } });
}
