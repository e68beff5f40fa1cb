/** Pages and models that say what a code means. Models are the ones that botocore 1.43 carries; all read in November 2026. */
export const sources = {
  common:
    "EC2 API, Common errors: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonErrors.html",
  ec2: "EC2 API, Error codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html",
  karpenter:
    "Karpenter's AWS provider, errors that it meets: https://github.com/aws/karpenter-provider-aws/blob/main/pkg/errors/errors.go",
  dynamodb: "DynamoDB service model, 2012-08-10",
  dynamodbGuide:
    "DynamoDB guide, Error handling: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html",
  cancellation:
    "DynamoDB API, TransactWriteItems: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html",
  sqs: "SQS service model, 2012-11-05",
  s3: "S3 API, Error responses: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
  s3Conditions:
    "S3 guide, Conditional writes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html",
  sdk: "AWS SDK for JavaScript 3.1169, @smithy/core, retry/service-error-classification",
  node: "Node.js, Common system errors: https://nodejs.org/api/errors.html#common-system-errors",
} as const;
