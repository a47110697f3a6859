"""Calls AWS: the only package that makes boto3 clients and handles botocore's exceptions.

Input: the stack's AWS settings and a Region. Output: typed answers, or a `ServiceError` of one sentence.
"""
