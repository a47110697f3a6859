"""What stands in a job's way, found in the preview.

`looking` looks at a job's surroundings, `findings` judges what was seen. Findings are warnings; whoever may not look
is told so, once.
"""
