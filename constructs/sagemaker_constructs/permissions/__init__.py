"""Derives the IAM permissions of an execution role from its jobs' requests, without creating or looking up anything.

member_paths    the members of a request that permissions depend on: tables
needs           what the jobs use, read from these members; declared: what a role's arguments add
locations       S3 locations and the ARNs and patterns by which a policy names them
scope           the partition, Region and account in which the jobs run
statement_row   one row of the statement tables; the tables: storage, images, observing, keys, interfaces, tracking
statements      builds policy statements from needs and the tables
policy          writes the role's permission policy and trust policy
trust           checks whether the trust policy of an existing role admits SageMaker
"""
