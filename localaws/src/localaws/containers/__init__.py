"""Programs that run in place of AWS's algorithm images, each under SageMaker's container contract and nothing else."""
