"""A declared training job against the one that exists.

Thinking only: every module maps values to values, and none talks to AWS but `service.py`, the one place that may.
Nothing here knows the engine; `providers.py` above calls these modules in the order of a resource's life.
"""
