"""Computes what a training job can cost at most, and what it will probably cost.

Pure: the price list comes from `aws/`, as AWS answers it.
"""
