"""Suggests a member, or an option, for a name that there is not.

Input: a mistake about a member of the API. Output: the same with the member that was probably meant, or with the reason
why a request cannot have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.api.members import all_members, kind_of
from sagemaker_constructs.api.mistakes import NO_MEMBER, Mistake
from sagemaker_constructs.api.response import RESOURCE_CONFIG_RESPONSE_ONLY, RESPONSE_ONLY
from sagemaker_constructs.api.similar_names import closest, letters
from sagemaker_constructs.api.wire import member_name, wire_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.api.shape import Shape

_OF_THE_SDK: Mapping[str, str] = {
    "base_job_name": "training_job_name",
    "checkpoint_local_path": "checkpoint_config.local_path",
    "checkpoint_s3_uri": "checkpoint_config.s3_uri",
    "encrypt_inter_container_traffic": "enable_inter_container_traffic_encryption",
    "image_uri": "algorithm_specification.training_image",
    "input_mode": "algorithm_specification.training_input_mode",
    "inputs": "input_data_config",
    "instances": "resource_config.instance_count",
    "max_retry_attempts": "retry_strategy.maximum_retry_attempts",
    "max_run": "stopping_condition.max_runtime_in_seconds",
    "max_wait": "stopping_condition.max_wait_time_in_seconds",
    "output_path": "output_data_config.s3_output_path",
    "role": "role_arn",
    "use_spot_instances": "enable_managed_spot_training",
    "volume_size": "resource_config.volume_size_in_gb",
}
"""What the SageMaker Python SDK, or people, call members of the request."""


def with_suggestion(root: type[Shape], mistake: Mistake, *, wire: bool) -> Mistake:
    """The mistake, with what was probably meant where it is about a name that is no member.

    Args:
        root: the shape of the whole request.
        mistake: its path is in the names of the request.
        wire: whether these are the API's.
    """
    name = mistake.path[-1] if mistake.path else None
    if mistake.problem != NO_MEMBER or not isinstance(name, str):
        return mistake
    above = tuple(
        member_name(part) if wire else part for part in mistake.path[:-1] if isinstance(part, str)
    )  # without positions, under the Python names
    if letters(name) in _READ_ONLY.get(above, ()):
        return Mistake(mistake.path, problem="is read-only: SageMaker reports it of a job, and no request sets it")
    meant = _beside(root, above, name) or _elsewhere(root, name)
    if not meant:
        return mistake
    there = wire_path(meant) if wire else meant
    shown = there[-1] if meant[:-1] == above else ".".join(map(str, there))
    return Mistake(mistake.path, problem=f"{NO_MEMBER}: did you mean {shown}?")


def _beside(root: type[Shape], above: tuple[str, ...], name: str) -> tuple[str, ...] | None:
    """The path of a member of the same structure; what people call a member tells more than a name that is like it."""
    known = tuple(_OF_THE_SDK.get(member_name(name), "").split("."))
    if known[:-1] == above and known != ("",):
        return known
    shape = _shape_at(root, above)
    beside = shape and closest(name, shape.model_fields)
    return (*above, beside) if beside else None


_READ_ONLY: Mapping[tuple[str, ...], frozenset[str]] = {
    (): frozenset(map(letters, RESPONSE_ONLY)),
    ("resource_config",): frozenset(map(letters, RESOURCE_CONFIG_RESPONSE_ONLY)),
}


def _shape_at(root: type[Shape], path: tuple[str, ...]) -> type[Shape] | None:
    shape: type[Shape] | None = root
    for part in path:
        field = shape.model_fields.get(part) if shape else None
        kind = kind_of(field.rebuild_annotation()) if field else None
        shape = (kind.item or kind).shape if kind else None
    return shape


def _elsewhere(root: type[Shape], name: str) -> tuple[str, ...] | None:
    """The path of a member of this name in another structure, the one that is least deep."""
    if known := _OF_THE_SDK.get(member_name(name)):
        return tuple(known.split("."))
    paths = [path for path, _ in all_members(root) if letters(path.rpartition(".")[2]) == letters(name)]
    found = min(paths, key=lambda path: path.count("."), default=None)
    return tuple(found.split(".")) if found else None
