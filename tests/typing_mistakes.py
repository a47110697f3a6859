"""Slips that an editor must underline: every line is one, and `make lint` fails where one goes unnoticed.

Not run. basedpyright reports a `pyright: ignore` that ignores nothing.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=error

from sagemaker_constructs import (
    AlgorithmSpecification,
    Channel,
    OutputDataConfig,
    ResourceConfig,
    StoppingCondition,
    TrainingJobSpec,
)

ResourceConfig(instance_type=3)  # pyright: ignore[reportArgumentType]
ResourceConfig(bogus=1)  # pyright: ignore[reportCallIssue]
OutputDataConfig()  # pyright: ignore[reportCallIssue]
AlgorithmSpecification(training_input_mode="Files")  # pyright: ignore[reportArgumentType]
Channel(channel_name=1)  # pyright: ignore[reportCallIssue]
StoppingCondition(max_runtime_in_seconds="long")  # pyright: ignore[reportArgumentType]
TrainingJobSpec()  # pyright: ignore[reportCallIssue]
TrainingJobSpec(output_data_config=OutputDataConfig(s3_output_path="s3://b"), typo=1)  # pyright: ignore[reportCallIssue]
