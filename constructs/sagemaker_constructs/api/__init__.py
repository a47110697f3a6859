"""Defines what SageMaker accepts: the shapes of CreateTrainingJob, their limits, and the rules between members.

No module here does I/O, and none imports boto3, botocore or pulumi_aws. Of Pulumi, only its values are used: a value
may be an `Output` in the program, or `Unknown` in a preview (`deferred.py`).
"""
