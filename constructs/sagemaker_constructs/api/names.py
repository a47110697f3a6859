"""Defines the types that several shapes share: locations, identifiers, instance types, parameters.

Limits and patterns are those of the service model; `tests/api/test_model.py` compares them.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from sagemaker_constructs.api.constraints import Pairs, Text, Whole
from sagemaker_constructs.api.deferred import Input

S3_URI_PATTERN = r"(https|s3)://([^/]+)/?(.*)"
S3Uri: TypeAlias = Annotated[str, Text(0, 1024, S3_URI_PATTERN)]
KmsKeyId: TypeAlias = Annotated[str, Text(0, 2048, r"[a-zA-Z0-9:/_-]*")]
ROLE_ARN_MEMBERS = frozenset({"role_arn", "RoleArn"})
RoleArn: TypeAlias = Annotated[str, Text(20, 2048, r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+")]
DirectoryPath: TypeAlias = Annotated[str, Text(0, 4096, r".*")]
Image: TypeAlias = Annotated[str, Text(0, 255, r".*")]

InstanceType: TypeAlias = Annotated[str, Text(pattern=r"ml\.[a-z0-9-]+\.[a-z0-9-]+")]
"""Any instance type, although the service model lists them: types that AWS adds later must be accepted too."""
InstanceCount: TypeAlias = Annotated[int, Whole(0)]
InstanceGroupName: TypeAlias = Annotated[str, Text(1, 64, r".+")]
VolumeSizeInGB: TypeAlias = Annotated[int, Whole(0)]
TrainingPlanArn: TypeAlias = Annotated[
    str, Text(50, 2048, r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:training-plan/.*")
]

TrainingInputMode: TypeAlias = Literal["Pipe", "File", "FastFile"]

_ConfigKey: TypeAlias = Annotated[str, Text(1, 256, r".*")]
_ConfigValue: TypeAlias = Annotated[str | int | float | bool, Text(0, 256, r".*", scalars=True)]
Parameters: TypeAlias = Annotated[Mapping[_ConfigKey, Input[_ConfigValue]], Pairs(0, 20)]
RuleParameters: TypeAlias = Annotated[Mapping[_ConfigKey, Input[_ConfigValue]], Pairs(0, 100)]
