"""SageMaker's training jobs: what a request may say, what becomes of a job, and how it is shown.

`operations` is the way in. A request is checked by `shapes` (each member), `rules` (members together) and
`preconditions` (other services); `planning` and `timeline` say when what happens to a job, and `jobs` lets it happen,
with `effects` on other services. `execution` is the one seam between simulating a container and running one.
`description`, `listing` and `search` show jobs. `timeline`, `warmpool`, `trust` and `rules` are pure.
"""
