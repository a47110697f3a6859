"""Decides whether a training job complies with the rules of its environment.

Pure but for `file`, which reads the rules, and `__main__`, which prints policies.
"""
