"""What a client of AWS sees that shares no code with runs-fleet: instances, tables and queues, as JSON."""

import json
import os

import boto3

environment = os.environ["RUNS_FLEET_ENVIRONMENT"]
ec2 = boto3.client("ec2")
instances = [
    instance
    for page in ec2.get_paginator("describe_instances").paginate()
    for reservation in page["Reservations"]
    for instance in reservation["Instances"]
]


def tags(instance):
    return {tag["Key"]: tag["Value"] for tag in instance.get("Tags", [])}


alive = [i for i in instances if i["State"]["Name"] != "terminated"]
ours = ("runs-fleet:environment", "runs-fleet:attempt", "runs-fleet:deadline", "runs-fleet:spec")
untagged = [
    i
    for i in instances
    if any(key not in tags(i) for key in ours)
    or tags(i)["runs-fleet:environment"] != environment
]

dynamodb = boto3.client("dynamodb")
tables = {
    name: sum(
        page["Count"]
        for page in dynamodb.get_paginator("scan").paginate(TableName=name, Select="COUNT")
    )
    for name in os.environ["RUNS_FLEET_TABLES"].split(",")
}

sqs = boto3.client("sqs")
queues = {}
for url in os.environ["RUNS_FLEET_QUEUES"].split(","):
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    queues[url.rsplit("/", 1)[-1]] = sum(
        int(attributes[name])
        for name in ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    )

print(
    json.dumps(
        {
            "instances": {
                "alive": len(alive),
                "ended": len(instances) - len(alive),
                "untagged": len(untagged),
            },
            "tables": tables,
            "queues": queues,
        }
    )
)
