"""What to do, once what is wanted and what exists are both known."""

from __future__ import annotations

from typing import Any

import pytest

from sagemaker_constructs.aws.answers import MISSING
from sagemaker_constructs.reconcile.decisions import (
    SETTLED,
    Adopt,
    Refuse,
    TryNextName,
    declared_changes,
    fate,
    on_existing,
    verdict,
)
from sagemaker_constructs.reconcile.options import JobOptions
from tests.samples import SMALL, described

DEEPER = {**SMALL, "hyper_parameters": {"depth": "5"}}
LONGER = {**SMALL, "stopping_condition": {"max_runtime_in_seconds": 60}}


def found(**others: Any) -> Any:
    """The verdict on a declaration that says what is recorded, of a job that completed."""
    options = {name: others.pop(name) for name in list(others) if name in JobOptions.model_fields}
    changes = others.pop("changes", ())
    others.setdefault("status", "Completed")
    return verdict(changes, options=JobOptions.recorded(options), **others)


@pytest.mark.parametrize("status", ["InProgress", "Completed"])
def test_a_job_with_this_configuration_is_adopted(status: str) -> None:
    """Whether it still runs or not, and whoever chose its name."""
    job = described(SMALL, TrainingJobStatus=status)
    assert on_existing(job, SMALL, by_hand=False) == Adopt()
    assert on_existing(job, {**SMALL, "training_job_name": job.name}, by_hand=True) == Adopt()


@pytest.mark.parametrize("status", ["Failed", "Stopped", "Stopping", "Deleting"])
def test_a_job_that_will_bring_no_model_cannot_serve(status: str) -> None:
    """Its name is used up all the same."""
    job = described(SMALL, TrainingJobStatus=status)
    assert on_existing(job, SMALL, by_hand=False) == TryNextName(f"it is {status}")
    assert on_existing(job, SMALL, by_hand=True) == Refuse(f"it is {status}", ())


def test_a_job_trained_on_other_data_cannot_serve() -> None:
    """Nor one whose image was another."""
    assert on_existing(described(SMALL), SMALL, by_hand=False, other_contents=["data", "image"]) == TryNextName(
        "other data, other image"
    )


def test_a_name_given_by_hand_is_refused_with_every_difference() -> None:
    """So that the user sees them all at once."""
    declared = {**DEEPER, "environment": {"STAGE": "test"}}
    refusal = on_existing(described(SMALL), declared, by_hand=True)
    assert isinstance(refusal, Refuse)
    assert [(each.path, each.old, each.new) for each in refusal.differences] == [
        ("environment.STAGE", None, "test"),
        ("hyper_parameters.depth", "4", "5"),
    ]


def test_what_operates_does_not_tell_jobs_apart() -> None:
    """The model is the same. With `strict` it does."""
    job = described(LONGER)
    other = {**SMALL, "stopping_condition": {"max_runtime_in_seconds": 61}}
    assert on_existing(job, other, by_hand=False) == Adopt()
    assert on_existing(job, other, by_hand=False, strict=["stopping_condition"]) == TryNextName(
        "another stopping_condition.max_runtime_in_seconds"
    )


def test_members_that_describe_never_repeats_are_no_difference() -> None:
    """Session chaining is sent, and nobody hears of it again."""
    declared = {**SMALL, "session_chaining_config": {"enable_session_tag_chaining": True}}
    assert on_existing(described(SMALL), declared, by_hand=False, strict=True) == Adopt()


def test_what_the_service_filled_in_is_no_difference_where_the_tag_says_so() -> None:
    """A member that is not declared, of a job that says that it was started from this configuration."""
    plan = "arn:aws:sagemaker:eu-west-1:123456789012:training-plan/one"
    preferences = [{"instance_type": "ml.m5.large", "instance_count": 1, "training_plan_arns": [plan]}]
    filled_in = {**SMALL, "resource_config": {"volume_size_in_gb": 10, "instance_preferences": preferences}}
    declared = {**SMALL, "resource_config": {"volume_size_in_gb": 10}}
    assert on_existing(described(filled_in), declared, by_hand=False, same_fingerprint=True) == Adopt()
    assert isinstance(on_existing(described(filled_in), declared, by_hand=False), TryNextName)


@pytest.mark.parametrize(
    "forged",
    [
        {"algorithm_specification": {"training_image": "other:1", "training_input_mode": "File"}},
        {"hyper_parameters": {"depth": "9"}},
        {"hyper_parameters": {"depth": "4", "more": "1"}},
        {"output_data_config": {"s3_output_path": "s3://other/models"}},
        {"environment": {"MORE": "1"}},
        {"input_data_config": None},
        {"algorithm_specification": {**SMALL["algorithm_specification"], "container_entrypoint": ["python", "x.py"]}},
    ],
)
def test_a_tag_is_no_proof(forged: dict[str, Any]) -> None:
    """Whoever may tag a job can write the fingerprint on any."""
    decision = on_existing(
        described({name: value for name, value in {**SMALL, **forged}.items() if value}),
        SMALL,
        by_hand=False,
        same_fingerprint=True,
    )
    assert isinstance(decision, TryNextName)


def test_an_unchanged_declaration_says_nothing() -> None:
    """Of a job that runs or completed."""
    for status in ("InProgress", "Completed", "Stopping"):
        assert (found(status=status).replaces, found(status=status).sentences) == ((), ())


def test_each_member_behind_a_replacement_is_named() -> None:
    """Once as a property, with a sentence for each change in it."""
    after = {**DEEPER, "hyper_parameters": {"depth": "5", "rounds": "9"}, "environment": {"STAGE": "test"}}
    result = found(changes=declared_changes(SMALL, after))
    assert result.replaces == ("environment", "hyper_parameters")
    assert [sentence.split(" ")[5] for sentence in result.sentences] == [
        "environment.STAGE",
        "hyper_parameters.depth",
        "hyper_parameters.rounds",
    ]


def test_strict_says_why_a_new_job_is_necessary() -> None:
    """It is not because of the model."""
    result = found(changes=declared_changes(SMALL, LONGER), strict=True)
    assert result.replaces == ("stopping_condition",)
    (sentence,) = result.sentences
    member = "stopping_condition.max_runtime_in_seconds"
    assert sentence == f"the job is replaced because {member} changed, which is declared strict"


@pytest.mark.parametrize(
    ("others", "replaces", "sentence"),
    [
        (
            {"status": "Failed", "failure_reason": "no memory"},
            ("training_job_status",),
            "the present run is Failed (no memory); a new run will start",
        ),
        ({"status": "Stopped"}, ("training_job_status",), "the present run is Stopped; a new run will start"),
        (
            {"status": "Stopped", "on_failure": "keep"},
            (),
            "the present run is Stopped; it is kept because on_failure='keep'",
        ),
        (
            {"status": "Missing"},
            (),
            "the job was deleted elsewhere; the resource is kept. on_missing='retrain' trains again",
        ),
        (
            {"status": "Missing", "on_missing": "retrain"},
            ("training_job_status",),
            "the job was deleted elsewhere; a new run will start because on_missing='retrain'",
        ),
        (
            {"other_contents": ["data"]},
            ("contents",),
            "the job is replaced because the objects under its input prefixes changed",
        ),
        ({"other_region": True}, ("region",), "the job is replaced because its Region changed"),
    ],
)
def test_how_the_run_ended_and_what_lies_behind_it_count(
    others: dict[str, Any], replaces: tuple[str, ...], sentence: str
) -> None:
    """Each with one sentence for the reviewer."""
    result = found(**others)
    assert (result.replaces, result.sentences) == (replaces, (sentence,))


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ({"status": "Missing"}, "the job was deleted elsewhere"),
        ({"status": "Stopped", "on_failure": "keep"}, "the present run is Stopped"),
    ],
)
def test_what_is_replaced_anyway_is_not_said_to_be_kept(others: dict[str, Any], sentence: str) -> None:
    """Its ending alone is."""
    result = found(changes=declared_changes(SMALL, DEEPER), **others)
    assert (result.replaces, result.sentences[-1]) == (("hyper_parameters",), sentence)


@pytest.mark.parametrize(
    ("status", "options", "adopted", "sentence"),
    [
        ("Completed", {}, False, "job model-1 (Completed) is kept"),
        ("Failed", {}, False, "job model-1 (Failed) is kept"),
        (SETTLED, {}, False, "job model-1 is kept"),
        ("InProgress", {}, False, "job model-1 is stopped if it still runs, unless something else uses it"),
        ("InProgress", {"on_delete": "retain"}, False, "job model-1 is kept as it is because on_delete='retain'"),
        (
            "Completed",
            {"on_delete": "delete"},
            False,
            "job model-1 is deleted because on_delete='delete', unless something else uses it",
        ),
        ("InProgress", {"on_delete": "delete"}, True, "job model-1 is of another owner and is left as it is"),
        (MISSING, {}, False, None),
    ],
)
def test_what_becomes_of_a_replaced_job_is_said(
    status: str, options: dict[str, Any], adopted: bool, sentence: str | None
) -> None:
    """The engine shows a replacement as a deletion, which a job that ended does not suffer."""
    assert fate("model-1", status, JobOptions.recorded(options), adopted=adopted) == sentence
