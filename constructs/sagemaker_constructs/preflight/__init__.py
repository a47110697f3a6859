"""What stands in a job's way, found in the preview.

`run` looks at a job's surroundings, `checks` judges what was seen. Findings are warnings; whoever may not look
is told so, once.
"""
