"""What SageMaker accepts: the shapes of CreateTrainingJob, their limits, and the rules between them.

Words only. Nothing here talks to AWS or to the engine, and nothing here imports boto3, botocore or pulumi_aws.
From Pulumi it knows one thing: that a leaf may be an `Output`, or `Unknown` in a preview (`deferred.py`).
"""
