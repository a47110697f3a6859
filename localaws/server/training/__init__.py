"""SageMaker's training jobs: what a request may say, what becomes of a job, and how it is shown.

`operations` is the way in. A request is checked by `shapes` (each member), `rules` (members together) and
`surroundings` (other services); `planning` and `timeline` say when what happens to the job, `jobs` lets it happen.
"""
