"""Stands in for the AWS CLI: `aws SERVICE OPERATION --member value …`, for strings, and structures in JSON.

The environment tells the endpoint and the credentials, as it does the CLI.
"""

import json
import sys

import boto3
from botocore import xform_name

service, operation, *options = sys.argv[1:]
given = dict(zip(options[::2], options[1::2], strict=True))
client = boto3.client(service, region_name=given.pop("--region", None))  # pyright: ignore[reportCallIssue, reportArgumentType]
names = {xform_name(name, "-"): name for name in client.meta.service_model.operation_names}
shape = client.meta.service_model.operation_model(names[operation]).input_shape
members = {f"--{xform_name(name, '-')}": name for name in shape.members}
request = {
    members[option]: json.loads(value) if shape.members[members[option]].type_name == "structure" else value
    for option, value in given.items()
}
answer = getattr(client, xform_name(names[operation]))(**request)
sys.stdout.write(f"{answer}\n")
