"""Lists the condition keys of the actions that decide about training jobs, and those that no guardrail uses.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon SageMaker", as of November
2026. `tests/guardrails/test_deny.py` compares the list with what parliament knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CREATE, UPDATE = "sagemaker:CreateTrainingJob", "sagemaker:UpdateTrainingJob"

CONDITION_KEYS: Mapping[str, tuple[str, ...]] = {
    "aws:RequestTag/${TagKey}": (CREATE,),
    "aws:TagKeys": (CREATE,),
    "sagemaker:DirectGatedModelAccess": (CREATE,),
    "sagemaker:EnableRemoteDebug": (CREATE, UPDATE),
    "sagemaker:FileSystemAccessMode": (CREATE,),
    "sagemaker:FileSystemDirectoryPath": (CREATE,),
    "sagemaker:FileSystemId": (CREATE,),
    "sagemaker:FileSystemType": (CREATE,),
    "sagemaker:InstanceTypes": (CREATE, UPDATE),
    "sagemaker:InterContainerTrafficEncryption": (CREATE,),
    "sagemaker:KeepAlivePeriod": (CREATE, UPDATE),
    "sagemaker:MaxRuntimeInSeconds": (CREATE,),
    "sagemaker:NetworkIsolation": (CREATE,),
    "sagemaker:OutputKmsKey": (CREATE,),
    "sagemaker:VolumeKmsKey": (CREATE,),
    "sagemaker:VpcSecurityGroupIds": (CREATE,),
    "sagemaker:VpcSubnets": (CREATE,),
}
"""By key: the actions of which a statement may use it."""

WITHOUT_GUARDRAIL: Mapping[str, str] = {
    "aws:TagKeys": "required_tags compares each tag by aws:RequestTag",
    "sagemaker:DirectGatedModelAccess": "models with a licence are accepted by `accept_eula` in the request",
    "sagemaker:FileSystemAccessMode": "the execution role limits file systems",
    "sagemaker:FileSystemDirectoryPath": "the execution role limits file systems",
    "sagemaker:FileSystemId": "the execution role limits file systems",
    "sagemaker:FileSystemType": "the execution role limits file systems",
}
"""By key: why no guardrail uses it."""


def actions(keys: frozenset[str]) -> list[str]:
    """The actions of which a statement may use all these keys."""
    named = {f"{key.partition('/')[0]}/${{TagKey}}" if "/" in key else key for key in keys}
    return [each for each in (CREATE, UPDATE) if all(each in CONDITION_KEYS[key] for key in named)]
