"""What a training job's execution role must be allowed, and nothing else. Pure: no engine, no AWS.

locations  places in S3, as a request names them and as a policy does
needs      what jobs name in their requests, by use
row        a row of the table; the tables: storage, images, observing, keys, interfaces, tracking
statements from needs, by the tables, to the statements of a policy
policy     the documents: what the role may do, and who may take it on
trust      whether a role from elsewhere lets SageMaker take it on
"""
