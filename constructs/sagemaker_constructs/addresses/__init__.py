"""Parses the addresses that requests and answers contain: partitions and Regions, ARNs, S3 addresses, ECR images.

Only the standard library is imported here, and nothing else of this library, so that every part can use these parsers.
"""
