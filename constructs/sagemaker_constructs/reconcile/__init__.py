"""Decides what a declared training job means for the job that exists.

Input: a declared job, the recorded one, and the answers of the service. Output: a decision, a name, a request.
`providers.py` calls these modules in the order of a resource's life.
"""
