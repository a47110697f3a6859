"""The table of effects against the shapes: each member has its row, and each change the effect of its row."""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from sagemaker_constructs.api.members import all_members
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.reconcile.decisions import declared_changes, verdict
from sagemaker_constructs.reconcile.effects import EFFECTS, Effect, effect_of, needs_new_job
from sagemaker_constructs.reconcile.options import JobOptions
from sagemaker_constructs.reconcile.updating import WINDOWS, live_plan, update_request
from tests.samples import FULL, SMALL, described

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEMBERS = {path.replace("[]", ""): member for path, member in all_members(TrainingJobSpec)}
LEAVES = sorted(path for path in MEMBERS if not any(other.startswith(f"{path}.") for other in MEMBERS))


def changed_leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Copies of a tree of members, each with one leaf changed, with the path of that leaf in the shapes."""
    if path in MEMBERS and MEMBERS[path].kind.type == "map":
        yield path, {**value, "another": "value"}
        yield path, {key: f"{item} " for key, item in value.items()}
    elif isinstance(value, dict):
        for name, item in value.items():
            for leaf, other in changed_leaves(item, f"{path}.{name}".removeprefix(".")):
                yield leaf, {**value, name: other}
    elif isinstance(value, list):
        for position, item in enumerate(value):
            for leaf, other in changed_leaves(item, path):
                yield leaf, [*value[:position], other, *value[position + 1 :]]
    else:
        yield path, (not value) if isinstance(value, bool) else value + 1 if isinstance(value, int) else f"{value}x"


EVERY_CHANGE = [
    pytest.param(members, after, path, id=f"{number}-{path}")
    for number, members in enumerate(FULL)
    for path, after in changed_leaves(members)
]


def row_of(path: str) -> Effect:
    """The effect by the longest row that the path begins with, found without the code under test."""
    return EFFECTS[max((row for row in EFFECTS if f"{path}.".startswith(f"{row}.")), key=len)]


def verdict_on(before: Mapping[str, Any], after: Mapping[str, Any], *, strict: bool = False) -> Any:
    """What `diff` finds for a job that completed."""
    changes = declared_changes(before, after)
    return verdict(changes, status="Completed", options=JobOptions(strict=strict))


def test_every_member_at_every_depth_has_a_row() -> None:
    """A member that the shapes gain is refused a place by this test until somebody has decided on its effect."""
    assert {path: effect_of(path) for path in MEMBERS} == {path: row_of(path) for path in MEMBERS}


def test_members_of_a_structure_with_different_effects_have_a_row_each() -> None:
    """A member that such a structure gains does not inherit an effect: somebody has to decide on it."""
    structures: dict[str, list[str]] = {}
    for path in MEMBERS:
        structures.setdefault(path.rpartition(".")[0], []).append(path)
    mixed = [members for members in structures.values() if len({effect_of(path) for path in members}) > 1]

    assert len(mixed) > 3
    assert [path for members in mixed for path in members if path not in EFFECTS] == []


def test_the_classes_are_those_of_the_design() -> None:
    """What defines a model and what AWS can change in place; all else is how a run is operated."""
    topmost = {row for row in EFFECTS if EFFECTS.get(row.rpartition(".")[0]) is not EFFECTS[row]}
    rows = {effect: {row for row in topmost if EFFECTS[row] is effect} for effect in Effect}
    assert rows[Effect.DEFINES] == {
        "algorithm_specification",
        "environment",
        "hyper_parameters",
        "input_data_config",
        "model_package_config",
        "output_data_config",
        "resource_config",
        "serverless_job_config",
        "training_job_name",
    }
    assert rows[Effect.LIVE] == {
        "profiler_config",
        "profiler_rule_configurations",
        "remote_debug_config",
        "resource_config.keep_alive_period_in_seconds",
        "tags",
    }


def test_every_row_names_a_member() -> None:
    """A row that a renamed member left behind would decide nothing."""
    assert sorted(set(EFFECTS) - set(MEMBERS)) == []


def test_a_member_without_a_row_is_an_error() -> None:
    """It never silently counts as one thing or the other."""
    with pytest.raises(KeyError, match=r"no row for 'new_member\.part'"):
        effect_of("new_member.part")


def test_nothing_that_defines_lies_below_what_does_not() -> None:
    """The fingerprint leaves out whatever lies below a row that does not define the model."""
    rows = pairwise(sorted(EFFECTS))
    below = [
        (above, row) for above, row in rows if row.startswith(f"{above}.") and EFFECTS[above] is not Effect.DEFINES
    ]
    assert below == []


def test_every_leaf_is_changed_below() -> None:
    """The full requests have every member, so the changes made mechanically from them leave none out."""
    assert sorted({str(param.values[2]) for param in EVERY_CHANGE}) == LEAVES


@pytest.mark.parametrize(("before", "after", "path"), EVERY_CHANGE)
def test_every_member_changed_has_the_effect_of_its_row(before: Any, after: Any, path: str) -> None:
    """Replacement, recorded, or in place: one member at a time, from the shapes."""
    effect, top = row_of(path), path.split(".", 1)[0]
    found = verdict_on(before, after)
    assert found.replaces == ((top,) if effect is Effect.DEFINES else ())
    said = {
        Effect.DEFINES: rf"the job is replaced because {top}.* changed, which defines the model",
        Effect.OPERATES: rf"{top}.* does not affect the trained model; it applies to the next run",
        Effect.LIVE: None,
    }[effect]
    if said is None:
        assert found.sentences == ()
    else:
        assert found.sentences
        assert all(re.fullmatch(said, sentence) for sentence in found.sentences)


@pytest.mark.parametrize(
    ("before", "after", "path"), [each for each in EVERY_CHANGE if row_of(str(each.values[2])) is Effect.LIVE]
)
def test_every_live_member_is_sent_while_its_window_is_open(before: Any, after: Any, path: str) -> None:
    """AWS is asked for what changed and for nothing else; tags have calls of their own."""
    open_everywhere = described(
        SMALL,
        TrainingJobStatus="InProgress",
        SecondaryStatus="Training",
        WarmPoolStatus={"Status": "Available"},
    )
    top = path.split(".", 1)[0]
    plan = live_plan(declared_changes(before, after), open_everywhere)
    assert plan.members == ({top} if top in WINDOWS else set())
    assert plan.postponed == () or path == "profiler_rule_configurations.rule_configuration_name"
    assert len(update_request(plan, TrainingJobSpec.from_members(before).to_wire())) == len(plan.members)


@pytest.mark.parametrize(("before", "after", "path"), EVERY_CHANGE)
def test_strict_makes_what_operates_define(before: Any, after: Any, path: str) -> None:
    """With `strict=True` all but the live members call for a new job."""
    top = path.split(".", 1)[0]
    expected = () if row_of(path) is Effect.LIVE else (top,)
    assert verdict_on(before, after, strict=True).replaces == expected


def test_strict_for_some_members_leaves_the_others() -> None:
    """A list of members is strict for these alone."""
    assert needs_new_job("role_arn", ["role_arn"])
    assert not needs_new_job("vpc_config.subnets", ["role_arn"])
    assert not needs_new_job("tags", ["tags"])


def test_the_samples_are_left_as_they_are() -> None:
    """A change is made on a copy."""
    before = deepcopy(FULL)
    assert list(changed_leaves(FULL[0]))
    assert before == FULL
