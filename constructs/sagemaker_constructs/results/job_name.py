"""Validates the name of a job whose result is declared.

Input: a name. Output: what is wrong with it.
"""

from __future__ import annotations

import re

from sagemaker_constructs.addresses.arns import parse_arn
from sagemaker_constructs.api.spec import TRAINING_JOB_NAME


def wrong_name(name: object) -> list[str]:
    """What is wrong with the name of a job: one sentence, or none."""
    if isinstance(name, str) and re.fullmatch(TRAINING_JOB_NAME, name):
        return []
    arn = parse_arn(name) if isinstance(name, str) else None
    hint = f", such as {arn.resource_name!r}, which is the end of this ARN" if arn and arn.resource_name else ""
    return [f"job: got {name!r}, expected a job's name: up to 63 letters, digits and hyphens{hint}"]
