"""What a preview tells of the jobs that start, and what stands in their way.

`preview` waits until it is known which jobs start, `starting_job` collects what is known of one, `examination` examines
all together, `checks` judges what `looks` have seen through `readers`, `findings` and `announcement` word it.
`account_check` alone stops a preview; the rest are lines on the jobs' rows. Whoever may not look is told so, once.
"""
