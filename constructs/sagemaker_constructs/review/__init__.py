"""Reviews what an update would train: one comment for all environments, and an approval that is enforced.

Input: the engine's events and the decision file of a preview of each environment. Output: Markdown, approvals, an exit
code. `sagemaker-review` is the command; docs/review.md explains it.
"""
