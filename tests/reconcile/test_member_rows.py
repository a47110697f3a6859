"""Each member of the API has the rows that it needs beside its effect: a default, the order of a list, permissions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from sagemaker_constructs.api.constraints import Text
from sagemaker_constructs.api.defaults import DEFAULTS
from sagemaker_constructs.api.members import all_members
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.permissions.member_paths import LEAVES
from sagemaker_constructs.reconcile.changes import ITEM_NAMES, UNORDERED

if TYPE_CHECKING:
    from sagemaker_constructs.api.members import Kind

MEMBERS = {path.replace("[]", ""): member for path, member in all_members(TrainingJobSpec)}

DOCUMENTED_DEFAULT = re.compile(r"\bDefault (?:`([^`]+)`|(false|true|\d+))")
WITHOUT_DEFAULT = {
    "debug_rule_configurations.local_path": "a row would change strict fingerprints",
    "profiler_config.profiling_interval_in_milliseconds": "changed in place, so a difference costs one call",
    "profiler_rule_configurations.local_path": "changed in place, so a difference costs one call",
    "resource_config.instance_placement_config.enable_multiple_jobs": "a row would change strict fingerprints",
    "serverless_job_config.accept_eula": "consent has no default",
}
"""Switches and members with a default for which `DEFAULTS` has no row, and why."""

ORDERED = {
    "algorithm_specification.container_arguments": "a command line",
    "algorithm_specification.container_entrypoint": "a command line",
    "input_data_config.data_source.s3_data_source.attribute_names": "the order in which attributes are passed on",
    "input_data_config.data_source.s3_data_source.instance_group_names": "compared in order: each has its own data",
    "resource_config.instance_placement_config.placement_specifications": "items without a name",
    "resource_config.instance_preferences": "the order of preference",
    "resource_config.instance_preferences.training_plan_arns": "at most one",
}
"""Lists that are compared in order, and why."""

USED_BY_A_ROLE = re.compile(r"(?:_arns?|_uri|_output_path|kms_key_id|image|subnets|security_group_ids|file_system_id)$")
WITHOUT_PERMISSION = {
    "algorithm_specification.algorithm_name": "used with the permissions of the caller of CreateTrainingJob",
    "resource_config.instance_preferences.training_plan_arns": "as training_plan_arn",
    "resource_config.training_plan_arn": "used with the permissions of the caller of CreateTrainingJob",
    "role_arn": "the role itself",
}
"""Members that name a resource of AWS for which the job's role needs no permission, and why."""


def default_of(path: str) -> Any:
    """The default in the member's documentation; `...` where it has none."""
    found = DOCUMENTED_DEFAULT.search(MEMBERS[path].documentation)
    if found is None:
        return ...
    text, literal = found.groups()
    return text if literal is None else int(literal) if literal.isdigit() else literal == "true"


def names_a_resource(path: str, kind: Kind) -> bool:
    """Whether a value names something of AWS's, by the name of its member or by its pattern."""
    kind = kind.item if kind.type == "list" and kind.item else kind
    pattern = (isinstance(kind.limits, Text) and kind.limits.pattern) or ""
    return kind.type == "string" and bool(USED_BY_A_ROLE.search(path) or "arn:" in pattern or "s3" in pattern)


def test_a_documented_default_has_a_row() -> None:
    """What means the same as absence is no difference: each switch and each default has a row, or a reason."""
    switches = {path for path, member in MEMBERS.items() if member.kind.type == "boolean" and not member.required}
    documented = {path for path in MEMBERS if default_of(path) is not ...}

    assert (switches | documented) - DEFAULTS.keys() == WITHOUT_DEFAULT.keys()


@pytest.mark.parametrize("path", sorted(path for path in DEFAULTS if default_of(path) is not ...))
def test_a_default_is_documented_as_it_is(path: str) -> None:
    """The table and the documentation say the same; a directory may be written with a slash at its end."""
    documented = default_of(path)

    assert (documented.rstrip("/") if isinstance(documented, str) else documented) == DEFAULTS[path].value


def test_every_list_has_an_order_or_none() -> None:
    """Its items have names, or its order means nothing, or there is a reason to compare it in order."""
    lists = {path for path, member in MEMBERS.items() if member.kind.type == "list"}

    assert lists == {*ITEM_NAMES, *UNORDERED, *ORDERED}
    assert len(lists) == len(ITEM_NAMES) + len(UNORDERED) + len(ORDERED)


def test_every_resource_that_a_job_names_has_its_permissions() -> None:
    """A location, key, image or ARN is one of those that the role's policy is derived from, or has a reason."""
    named = {path for path, member in MEMBERS.items() if names_a_resource(path, member.kind)}
    needed = {path for path in named if any(f"{path}.".startswith(f"{leaf}.") for leaf in LEAVES)}

    assert len(needed) > 20
    assert named - needed == WITHOUT_PERMISSION.keys()
