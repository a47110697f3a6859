"""Calls AWS: the only package that makes boto3 clients or knows what botocore raises.

Input: the stack's AWS settings and a Region. Output: typed answers, or a `ServiceError` of one sentence.
"""
