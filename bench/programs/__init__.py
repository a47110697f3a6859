"""Pulumi programs that are measured: `deploy(count)` of each. A provider process finds their providers here."""

BUCKET = "bench-data"
ROLE = "bench"
ROLE_ARN = f"arn:aws:iam::123456789012:role/{ROLE}"
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1"
