"""Reads the ARN of a resource that a program passes, or the ARN that it passes instead.

Input: an argument such as a role or a key. Output: its ARN, which may be an Output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi import Output

if TYPE_CHECKING:
    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.program.job_properties import HasArn


def arn_of(value: HasArn | Input[str]) -> Input[str]:
    """The ARN of a resource, or the value itself."""
    return value if isinstance(value, str | Output) else value.arn
