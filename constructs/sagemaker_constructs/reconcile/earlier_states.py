"""Reads states that earlier versions of the library wrote, so that an upgrade replaces and starts nothing.

Input: a property bag of any version. Output: the bag in today's form, and whether anything but its form differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.aws.answers import NOT_NEEDED
from sagemaker_constructs.reconcile.bag import PLANNED, Properties
from sagemaker_constructs.reconcile.options import OPTIONS, StoredOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN_NAME = "own_job_name"
"""The name of a fallback's own run until 8ba15e4, where its `training_job_name` was the run that counts."""
_FORM = frozenset(PLANNED)
"""Properties that follow from the others."""


def current_form(bag: Mapping[str, Any]) -> Mapping[str, Any]:
    """The bag as this version would have written it."""
    if _OWN_NAME not in bag:
        return bag
    started = bag.get("training_job_status") not in (None, NOT_NEEDED)
    name = bag["training_job_name"] if started else bag[_OWN_NAME]
    return {**{key: value for key, value in bag.items() if key != _OWN_NAME}, "training_job_name": name}


def differs_in_form_only(outputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> bool:
    """Whether recorded outputs lack only options of later versions, which the inputs have with their defaults.

    Or have the tags as a list, as versions until 8ba15e4 did, where the inputs have the same as a mapping.

    Args:
        outputs: the recorded outputs, as they were written.
        inputs: the inputs that `check` has returned now.
    """
    recorded, declared = Properties(outputs), Properties(inputs)
    tags_in_other_form = declared.has_tag_mapping and isinstance(outputs.get("tags"), list)
    if all(name in outputs for name in OPTIONS if name in inputs) and not tags_in_other_form:
        return False
    members = set(TrainingJobSpec.model_fields) - _FORM - ({"tags"} if tags_in_other_form else set())
    before, after = StoredOptions.recorded(outputs), StoredOptions.recorded({**inputs, **_identity(outputs)})
    return (
        before == after
        and all(outputs.get(name) == inputs.get(name) for name in members)
        and (not tags_in_other_form or recorded.tags == declared.tags)
    )


def _identity(outputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """What replaces the names of the resource and of its state, so that they are compared only where recorded."""
    return dict.fromkeys({"declared_as", "state_identity"} - outputs.keys())
