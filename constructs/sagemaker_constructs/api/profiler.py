"""Defines the profiler: its interval and the location of its output."""

from typing import Annotated

from sagemaker_constructs.api.constraints import Whole
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.names import Parameters, S3Uri
from sagemaker_constructs.api.shape import Shape


class ProfilerConfig(Shape):
    """System monitoring, enabled by default, and framework profiling."""

    s3_output_path: Input[S3Uri] | None = None
    """S3 prefix for the metrics."""
    profiling_interval_in_milliseconds: Input[Annotated[int, Whole()]] | None = None
    """Sampling interval in milliseconds: 100, 200, 500, 1000, 5000 or 60000. Default 500."""
    profiling_parameters: Input[Parameters] | None = None
    """Framework profiling configuration, at most 20 pairs; each value is a JSON string."""
    disable_profiler: Input[bool] | None = None
    """True disables monitoring and profiling. Default false."""
