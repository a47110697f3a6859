"""Emulates SageMaker training jobs: validates requests, runs jobs through their statuses, describes them.

`operations` is the way in. A request is checked by `shapes` (each member), `rules` (members together) and
`preconditions` (other services); `planning` and `timeline` say when what happens to a job, and `jobs` lets it happen,
with `effects` on other services. `execution` is the one seam between simulating a container and running one.
`description`, `listing` and `search` show jobs. `timeline`, `warmpool`, `trust` and `rules` are pure.
"""
