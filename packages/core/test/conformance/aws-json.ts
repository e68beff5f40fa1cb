/** The answer to a call by one of AWS's JSON protocols. */
export type JsonAnswer = Readonly<Record<string, unknown>>;

/** Calls operations of one service by its JSON protocol; emulators look at no signature. A refusal throws an Error of its name. */
export function createAwsJson(url: string, service: "sqs" | "dynamodb", region = "us-east-1") {
  const target = service === "sqs" ? "AmazonSQS" : "DynamoDB_20120810";
  return async (action: string, input: object): Promise<JsonAnswer> => {
    const response = await fetch(url, {
      method: "POST",
      body: JSON.stringify(input),
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `${target}.${action}`,
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      },
    });
    const text = await response.text();
    if (response.status !== 200) {
      const name = /"__type": *"(?:[^"#]*#)?([^"]*)"/u.exec(text)?.[1] ?? `HTTP ${response.status}`;
      throw Object.assign(new Error(text.slice(0, 300)), { name });
    }
    return text === "" ? {} : (JSON.parse(text) as JsonAnswer);
  };
}
