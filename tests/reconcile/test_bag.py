"""The property bag between the program, the provider and the state."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi import UNKNOWN

from sagemaker_constructs.api.mistakes import InvalidRequest, Mistake
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tag_keys import CONTENT_TAGS, FINGERPRINT_TAG, OWNER_TAG, STATE_TAG
from sagemaker_constructs.aws.answers import ExistingJob
from sagemaker_constructs.reconcile.bag import Properties, changes_of
from sagemaker_constructs.reconcile.job_tags import all_tags, claim_tag, live_tags
from sagemaker_constructs.reconcile.planning import inputs_of, planned, recorded, request
from tests.samples import FULL, OWNER, REGION, ROLE, SMALL, described, program

DEFAULTS = {"default_tags": {"team": "research", "stage": "test"}}


def plan(bag: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, Any]:
    """What `check` returns."""
    declared = Properties(bag)
    return planned(declared, TrainingJobSpec.from_members(declared.members).to_members(), Properties(before or {}))


def floats(value: Any) -> Any:
    """The value as the engine hands it over: it has no integers."""
    if isinstance(value, dict):
        return {key: floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [floats(item) for item in value]
    return float(value) if type(value) is int else value


@pytest.mark.parametrize("members", FULL)
def test_the_members_come_back_as_they_were_declared(members: dict[str, Any]) -> None:
    """After the engine has made floats of integers, and with the options beside them."""
    assert Properties(floats({**members, "region": REGION, "strict": True})).members == members


def test_a_planned_name_is_no_declared_member() -> None:
    """A name given by hand is one."""
    assert Properties(program(training_job_name="model-0")).members == SMALL
    by_hand = Properties(program(training_job_name="mine", name_prefix=None))
    assert by_hand.named_by_hand
    assert by_hand.members == {**SMALL, "training_job_name": "mine"}


def test_options_that_are_absent_have_the_documented_defaults() -> None:
    """A state of an older version may lack one that came later."""
    bag = Properties({"region": REGION})
    assert (bag.options.on_delete, bag.options.on_failure, bag.options.on_missing, bag.options.strict) == (
        "stop",
        "retrain",
        "keep",
        False,
    )
    assert (bag.options.retrain_on_new_data, bag.options.pin_image, bag.adopted, bag.contents, bag.tags) == (
        False,
        False,
        False,
        {},
        {},
    )


def test_the_plan_has_everything_that_follows_from_the_declaration() -> None:
    """Name, fingerprint, ARN and the model's address are known before the job exists."""
    bag = plan(program())
    name = f"model-{bag['fingerprint']}"
    assert bag == {
        **program(),
        "fingerprint": bag["fingerprint"],
        "training_job_name": name,
        "arn": f"arn:aws:sagemaker:{REGION}:123456789012:training-job/{name}",
        "model_artifacts": f"s3://bucket/models/{name}/output/model.tar.gz",
    }


def test_the_plan_of_a_plan_is_the_same() -> None:
    """The engine checks again what it has checked."""
    assert plan(plan(program()), plan(program())) == plan(program())


def test_a_model_without_compression_is_a_folder() -> None:
    """In the partition of the role, too."""
    output = {"s3_output_path": "s3://bucket/models/", "compression_type": "NONE"}
    bag = plan(program(output_data_config=output, role_arn=ROLE.replace("aws", "aws-cn"), region="cn-north-1"))
    assert bag["model_artifacts"] == f"s3://bucket/models/{bag['training_job_name']}/output/model/"
    assert bag["arn"].startswith("arn:aws-cn:sagemaker:cn-north-1:123456789012:")


@pytest.mark.parametrize(
    ("others", "unknown"),
    [
        ({"role_arn": UNKNOWN}, {"arn"}),
        ({"region": UNKNOWN}, {"arn"}),
        ({"environment": {"A": UNKNOWN}}, {"arn", "fingerprint", "model_artifacts", "training_job_name"}),
        ({"output_data_config": UNKNOWN}, {"arn", "fingerprint", "model_artifacts", "training_job_name"}),
        ({"name_prefix": None, "training_job_name": UNKNOWN}, {"arn", "model_artifacts", "training_job_name"}),
        (
            {
                "name_prefix": None,
                "training_job_name": "mine",
                "output_data_config": {"s3_output_path": "s3://bucket/m", "compression_type": UNKNOWN},
            },
            {"fingerprint", "model_artifacts"},
        ),
        (
            {"name_prefix": None, "training_job_name": "m", "output_data_config": UNKNOWN},
            {"fingerprint", "model_artifacts"},
        ),
    ],
)
def test_the_plan_says_unknown_only_where_it_is(others: dict[str, Any], unknown: set[str]) -> None:
    """A guess in a preview would be a lie."""
    bag = plan(program(**others))
    places = ("arn", "fingerprint", "model_artifacts", "training_job_name")
    named = {name for name in places if bag[name] is UNKNOWN}
    assert named == unknown


def test_a_name_stays_where_another_library_planned_it() -> None:
    """A job is renamed by what defines it, never by a better way to make names or another prefix."""
    before = {**plan(program()), "training_job_name": "model-as-it-was"}
    kept = plan(program(stopping_condition={"max_runtime_in_seconds": 60}), before)
    assert kept["training_job_name"] == "model-as-it-was"
    changed = plan(program(hyper_parameters={"depth": "5"}), before)
    assert changed["training_job_name"] == f"model-{changed['fingerprint']}"
    strict = plan(program(stopping_condition={"max_runtime_in_seconds": 60}, strict=True), before)
    assert strict["training_job_name"] == f"model-{strict['fingerprint']}"
    prefixed = plan(program(name_prefix="other"), before)
    assert prefixed["training_job_name"] == "model-as-it-was"


def test_to_be_strict_from_now_on_renames_nothing() -> None:
    """The job that exists was not run otherwise than declared."""
    limited = {"stopping_condition": {"max_runtime_in_seconds": 60}}
    before = plan(program(**limited))
    assert plan(program(**limited, strict=True), before)["training_job_name"] == before["training_job_name"]


def test_the_state_has_what_was_declared_and_what_exists() -> None:
    """`read` and `delete` get nothing else."""
    declared = Properties(plan(program()))
    job = ExistingJob.just_started(request(declared, "model-1-2", claim="c", contents={}), "arn:of:it")
    assert recorded(declared, job, adopted=False, claim="c", contents={"data": "d"}) == {
        **declared.bag,
        "arn": "arn:of:it",
        "training_job_name": "model-1-2",
        "training_job_status": "InProgress",
        "secondary_status": "Starting",
        "creation_time": "",
        "failure_reason": "",
        "adopted": False,
        "claim": "c",
        "contents": {"data": "d"},
        "model_artifacts": "s3://bucket/models/model-1-2/output/model.tar.gz",
    }


@pytest.mark.parametrize("others", [{}, {"name_prefix": None, "training_job_name": "mine"}, {"strict": ["role_arn"]}])
def test_the_inputs_of_a_state_are_those_that_check_returned(others: dict[str, Any]) -> None:
    """Otherwise a refresh would show differences that nobody made, and a suffix would look like one."""
    bag = plan(program(**others))
    job = described({**SMALL, "training_job_name": "model-x-2" if "name_prefix" not in others else "mine"})
    outs = recorded(Properties(bag), job, adopted=False, claim="c", contents={})
    assert inputs_of(outs) == plan(program(**others), inputs_of(outs))
    assert inputs_of(outs)["training_job_name"] == job.name


def test_the_request_is_the_declaration_with_the_stacks_tags() -> None:
    """Under the wire names; a declared tag goes over a default one, and ours are added."""
    declared = Properties(plan(program(**DEFAULTS, tags=[{"key": "team", "value": "vision"}])))
    wire = request(declared, "model-1", claim="a:b", contents={"data": "d", "image": "i"})
    tags = {tag["Key"]: tag["Value"] for tag in wire.pop("Tags")}
    assert tags == {
        "team": "vision",
        "stage": "test",
        OWNER_TAG: OWNER,
        STATE_TAG: f"state of {OWNER}",
        FINGERPRINT_TAG: declared.fingerprint,
        **claim_tag("a:b"),
        CONTENT_TAGS["data"]: "d",
        CONTENT_TAGS["image"]: "i",
    }
    assert wire == TrainingJobSpec.from_members({**SMALL, "training_job_name": "model-1"}).to_wire()


def test_our_tags_cannot_be_declared_away() -> None:
    """The job's owner is who it is."""
    declared = Properties(plan(program(tags=[{"key": OWNER_TAG, "value": "somebody"}])))
    assert all_tags(declared)[OWNER_TAG] == OWNER


def test_live_tags_are_those_that_could_have_been_declared() -> None:
    """Without ours and AWS's own; a declared one that equals a default was declared, a default one is none changed."""
    declared = Properties(program(**DEFAULTS, tags=[{"key": "stage", "value": "test"}]))
    by_aws = {**all_tags(declared), **claim_tag("a:b"), "aws:createdBy": "x"}
    tags = [{"key": "stage", "value": "test"}]
    assert live_tags(by_aws, declared) == {"tags": tags, **DEFAULTS}
    assert live_tags({**by_aws, "by": "hand", "team": "vision"}, declared) == {
        "tags": [*tags, {"key": "by", "value": "hand"}, {"key": "team", "value": "vision"}],
        "default_tags": {"stage": "test"},
    }


def test_to_write_the_planned_name_down_is_no_change() -> None:
    """It is the name that the job has; another one is another job."""
    bag = plan(program())
    same = program(name_prefix=None, training_job_name=bag["training_job_name"])
    assert changes_of(Properties(bag), Properties(same)) == ()
    other = program(name_prefix=None, training_job_name="mine")
    assert [change.path for change in changes_of(Properties(bag), Properties(other))] == ["training_job_name"]


def mistakes_in(members: dict[str, Any]) -> list[Mistake]:
    """What is wrong with the members."""
    with pytest.raises(InvalidRequest) as caught:
        TrainingJobSpec.from_members(members)
    return list(caught.value.mistakes)


@pytest.mark.parametrize(
    ("secret", "members"),
    [
        ("resource_config.instance_type", {"resource_config": {**SMALL["resource_config"], "instance_type": "hidden"}}),
        ("resource_config", {"resource_config": {**SMALL["resource_config"], "instance_type": "hidden"}}),
        (
            "input_data_config.channel_name",
            {"input_data_config": [{**SMALL["input_data_config"][0], "channel_name": "h!dden"}]},
        ),
    ],
)
def test_a_mistake_in_a_secret_is_told_without_it(secret: str, members: dict[str, Any]) -> None:
    """At any depth, and in lists."""
    (mistake,) = Properties({"secret_members": [secret]}).presentable(mistakes_in({**SMALL, **members}))
    assert mistake.got == "a secret"
    (shown,) = Properties({"secret_members": ["role_arn"]}).presentable(mistakes_in({**SMALL, **members}))
    assert "dden" in shown.got


def test_a_value_is_shown_unless_it_may_be_a_secret() -> None:
    """What people put credentials into never is."""
    bag = Properties({"secret_members": ["input_data_config.data_source"]})
    assert bag.shown("resource_config.instance_type", "ml.m5.large") == "'ml.m5.large'"
    assert bag.shown("environment.KEY", None) == "nothing"
    for plain in (
        "environment.KEY",
        "hyper_parameters.api_key",
        "algorithm_specification.container_arguments",
        "input_data_config.data_source.s3_data_source.s3_uri",
    ):
        assert bag.shown(plain, "hidden") == "a value that is not shown"
    assert bag.shown("input_data_config.content_type", "text/csv") == "'text/csv'"
    assert bag.shown("hyper_parameters.depth", "5") == "5"
    assert bag.shown("hyper_parameters.objective", "binary:logistic") == "'binary:logistic'"
    assert bag.shown("hyper_parameters.depth", UNKNOWN) == "a value that is not known yet"
    assert Properties({"secret_members": ["hyper_parameters.depth"]}).shown("hyper_parameters.depth", "5") != "5"
