"""An AWS on loopback: moto, with SageMaker training jobs on top that behave like AWS's.

A request's way: `listener` (HTTP) → `application` (what is called, faults) → `operations` (training jobs)
or moto (everything else). `timeline` and `warmpool` are pure; `effects` is where a job touches other services;
`execution` is the one seam between simulating a container and running one.
"""
