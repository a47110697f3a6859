"""Runs the containers of training jobs as processes of this machine, or by a container engine.

A job's way: `images` (may it run, and what stands for its image) → `folders` and `channels` (/opt/ml, its files and its
data, in Pipe mode by `pipes`) → `launch` and `launchers` (command line, environment) → `host` (one instance: a
`supervisor` process, which gives the container its own /opt/ml by `namespace`; its output line by line) → `failures`
(how it ended) → `output` (model and output to S3). `checkpoints` go both ways. `containers` has a `run` for each job.
"""
