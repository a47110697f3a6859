"""Serves an AWS on loopback: moto, with SageMaker training jobs that behave like AWS's.

A request's way: `listener` (HTTP) → `application` (what is called, which faults happen) → `training` (training jobs)
or moto (everything else, corrected by `moto_patches`). Own routes are in `control`; the kinds of faults in
`fault_kinds`.
"""
