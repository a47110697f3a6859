"""Loads, when it is imported, what a server would load for its first requests.

For a process from which servers are forked (`localaws.trial`): each of them would need a second of processor time for
it. What it makes is of an account that no server has.
"""

from moto.moto_server.werkzeug_app import create_backend_app

from localaws.server import backends
from localaws.server.training import shapes

NO_ACCOUNT, REGION = "0" * 12, "us-east-1"

for service in ("ec2", "iam", "logs", "s3", "sagemaker", "sts"):
    create_backend_app(service)
for backend in (backends.cloudwatch, backends.ec2, backends.iam, backends.logs, backends.s3):
    backend(NO_ACCOUNT, REGION)
shapes.model()
