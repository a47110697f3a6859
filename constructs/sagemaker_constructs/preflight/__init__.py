"""What a preview tells of the jobs that start, and what stands in their way.

`starting_job` waits until a job is known, `run` examines all together, `checks` judges what `looks` have seen through
`readers`, `findings` and `announcement` word it. `account_check` alone stops a preview; the rest are lines on the jobs'
rows. Whoever may not look is told so, once.
"""
