"""Stands for an image with SageMaker's training toolkit: runs the script that the hyperparameters name.

A run's way: `configuration` (the files in input/config) → `environment` (the SM_* variables and the arguments) →
`source` (the script's folder, its requirements) → `program` (the script's process, and why it failed).
"""
