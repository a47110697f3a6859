"""Describes the hyperparameters of AWS's own algorithms: names, types, ranges, and what they require of each other.

Only the standard library is imported here, and nothing else of this library: what a preview refuses by these tables, a
training program refuses by them, too.
"""
