"""The profiler: how often the machines are measured, and where the measurements go."""

from typing import Annotated

from sagemaker_constructs.api.constraints import Whole
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.names import Parameters, S3Uri
from sagemaker_constructs.api.shape import Shape


class ProfilerConfig(Shape):
    """Monitoring of the system, on by default, and profiling of the framework."""

    s3_output_path: Input[S3Uri] | None = None
    """Prefix for the measurements."""
    profiling_interval_in_milliseconds: Input[Annotated[int, Whole()]] | None = None
    """Time between two measurements in milliseconds: 100, 200, 500 (default), 1000, 5000 or 60000."""
    profiling_parameters: Input[Parameters] | None = None
    """What to profile in the framework, at most 20 pairs, each value a JSON text."""
    disable_profiler: Input[bool] | None = None
    """True switches monitoring and profiling off."""
