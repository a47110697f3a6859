"""Every rule between members has an example that breaks it and one that does not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from pulumi import UNKNOWN
from real_requests import real_requests
from rule_examples import EXAMPLES, Example
from service_model import FULL_REQUESTS

from sagemaker_constructs.api.members import all_members
from sagemaker_constructs.api.mistakes import path_text
from sagemaker_constructs.api.rule_context import RuleContext
from sagemaker_constructs.api.rules import RULES, check_rules
from sagemaker_constructs.api.rules.rule import ALWAYS, Reader, Rule, broken_rules, indexed
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tree import FREE_KEYS

if TYPE_CHECKING:
    from service_model import Request

    from sagemaker_constructs.api.tree import Path

BY_NAME = {rule.name: rule for rule in RULES}
MEMBERS = dict(all_members(TrainingJobSpec))


def test_every_rule_has_its_example() -> None:
    """A rule without an example, or an example without a rule, fails."""
    assert BY_NAME.keys() == EXAMPLES.keys()


def test_names_are_unique() -> None:
    """A rule is identified by its name."""
    assert len(BY_NAME) == len(RULES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_broken_rule_is_found(name: str) -> None:
    """The broken example is found, at the member that the row names first."""
    rule, example = BY_NAME[name], EXAMPLES[name]

    assert broken_paths(rule, example, example.broken) == [example.place]


@pytest.mark.parametrize("name", EXAMPLES)
def test_kept_rule_is_silent(name: str) -> None:
    """The kept example is not found."""
    rule, example = BY_NAME[name], EXAMPLES[name]

    assert broken_paths(rule, example, example.kept) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_reads_members_that_exist(rule: Rule) -> None:
    """A rule reads members that the API has."""
    assert {_member(path) for path in rule.reads} <= MEMBERS.keys()


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("depth", [1, 2, 9])
def test_unknown_value_postpones_the_rule(name: str, depth: int) -> None:
    """Where a member that it reads is unknown, whole or in part, a rule reports nothing and raises nothing."""
    rule, example = BY_NAME[name], EXAMPLES[name]
    members: Any = example.broken
    for path in rule.reads:
        members = unknown_at(members, path.replace("[]", "").split(".")[:depth])

    assert broken_paths(rule, example, members) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_has_one_sentence_and_a_source(rule: Rule) -> None:
    """Either what a value must be, or a clause with a verb that says what is wrong with a combination."""
    assert bool(rule.expected) != bool(rule.problem)
    assert (rule.expected or rule.problem)[-1] not in ".,"
    if rule.problem:
        assert re.match(r"('\w+' )?(requires|must|cannot be combined with|should|is required)\b", rule.problem)
    assert rule.source.startswith(("https://", "the service's answer: https://", "execve(2)"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_reads_the_member_that_has_to_be_given(rule: Rule) -> None:
    """A rule is evaluated only where that member is known, so it must be one of those that the rule depends on."""
    assert rule.given in (None, ALWAYS, *map(_member, rule.reads))


@pytest.mark.parametrize("request_", FULL_REQUESTS, ids=["machines", "groups", "preferences", "warm", "serverless"])
def test_full_requests_keep_the_rules(request_: Request) -> None:
    """The requests that other tests start from break no rule that refuses."""
    refused, _ = check_rules(TrainingJobSpec.from_request(request_).to_members())

    assert refused == []


@pytest.mark.parametrize("request_", real_requests())
def test_advice_about_real_requests_is_short(request_: Request) -> None:
    """A real request gets at most three pieces of advice."""
    _, advice = check_rules(TrainingJobSpec.from_request(request_).to_members())

    assert len(advice) <= 3


HERE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1"
THERE = "811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1"
IMAGE_CONFIG = "algorithm_specification.training_image_config"
SMALLEST: dict[str, Any] = {
    "algorithm_specification": {"training_image": HERE, "training_input_mode": "File"},
    "output_data_config": {"s3_output_path": "s3://models/here"},
    "resource_config": {"instance_type": "ml.m5.large", "instance_count": 1, "volume_size_in_gb": 10},
}


@pytest.mark.parametrize(
    ("image", "mode", "refused"),
    [
        (HERE, None, False),
        (THERE, None, True),
        ("public.ecr.aws/docker/library/python:3", None, True),
        ("docker.io/library/python:3", None, True),
        ("ghcr.io/team/train:1", None, True),
        ("python:3", None, True),
        ("train", None, True),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com.cn/train:1", None, True),
        ("12345678901.dkr.ecr.eu-west-1.amazonaws.com/train:1", None, True),
        ("registry.example.com/train:1", "Platform", True),
        ("registry.example.com/train:1", "Vpc", False),
        ("123456789012.dkr-ecr.eu-west-1.on.aws/train:1", None, False),
    ],
)
def test_a_job_pulls_from_ecr_in_its_region_or_says_how(image: str, mode: str | None, refused: bool) -> None:
    """Where the job is to run in a Region; a spec by itself may have a placeholder."""
    config = {"training_image_config": {"training_repository_access_mode": mode}} if mode else {}
    members = {**SMALLEST, "algorithm_specification": {"training_image": image, **config}, "vpc_config": {}}

    found = {path_text(mistake.path) for mistake in check_rules(members, RuleContext("eu-west-1"))[0]}

    assert found == ({"algorithm_specification.training_image"} if refused else set())


@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("cn-north-1", "amazonaws.com.cn"),
        ("us-gov-west-1", "amazonaws.com"),
        ("eusc-de-east-1", "amazonaws.eu"),
        ("us-iso-east-1", "c2s.ic.gov"),
        ("us-isob-east-1", "sc2s.sgov.gov"),
        ("eu-isoe-west-1", "cloud.adc-e.uk"),
        ("us-isof-south-1", "csp.hci.ic.gov"),
    ],
)
def test_the_host_of_an_image_ends_in_the_suffix_of_its_partition(region: str, suffix: str) -> None:
    """And the mistake says which one."""
    for given, right in ((suffix, True), ("amazonaws.com", suffix == "amazonaws.com")):
        image = f"123456789012.dkr.ecr.{region}.{given}/train:1"
        algorithm = {**SMALLEST["algorithm_specification"], "training_image": image}
        refused, _ = check_rules({**SMALLEST, "algorithm_specification": algorithm}, RuleContext(region))
        assert [f".{region}.{suffix}/" in mistake.expected for mistake in refused] == ([] if right else [True])


@pytest.mark.parametrize(
    "members",
    [
        {"environment": {"SAGEMAKER_SUBMIT_DIRECTORY": "s3://code/source.tar.gz"}},
        {"hyper_parameters": {"sagemaker_submit_directory": "s3://code/source.tar.gz"}},
        {"algorithm_specification": {"container_arguments": ["aws s3 cp s3://code/train.py ."]}},
        {"algorithm_specification": {"container_entrypoint": ["sh", "-c", "git clone git@example.com:code.git"]}},
        {"algorithm_specification": {"container_arguments": ["pip", "install", "xgboost"]}},
    ],
)
def test_code_is_downloaded_in_many_ways(members: Any) -> None:
    """None of them works in network isolation, and each of them without it."""
    for isolated in (True, False):
        found = check_rules({**members, "enable_network_isolation": isolated})[1]
        assert (("enable_network_isolation",) in [mistake.path for mistake in found]) is isolated


@pytest.mark.parametrize(
    ("submitted", "advised"),
    [
        ("s3://code/src/", True),
        ("s3://code/src", True),
        ("s3://code/src.zip", True),
        ("s3://code/src.tar", True),
        ('"s3://code/src/"', True),
        ('"s3://code/src/sourcedir.tar.gz"', False),
        ("s3://code/src.tgz", False),
        ("/opt/ml/code", False),
    ],
)
def test_submitted_code_is_one_archive(submitted: str, advised: bool) -> None:
    """Also in JSON, as the SageMaker SDK passes it."""
    _, advice = check_rules({"hyper_parameters": {"sagemaker_submit_directory": submitted}})
    path = ("hyper_parameters", "sagemaker_submit_directory")
    assert [mistake.path for mistake in advice] == ([path] if advised else [])


def test_mistakes_come_before_advice() -> None:
    """`check_rules` returns what AWS refuses and advice separately."""
    refused, advice = check_rules(
        {"algorithm_specification": {"training_image": "i"}, "enable_managed_spot_training": True}
    )

    assert [path_text(mistake.path) for mistake in refused] == [
        "resource_config",
        "stopping_condition.max_wait_time_in_seconds",
    ]
    assert [path_text(mistake.path) for mistake in advice] == ["checkpoint_config"]


def _member(path: str) -> str:
    """The member of a path, which may go on with a key of the user's."""
    top = path.partition(".")[0]
    return top if top in FREE_KEYS else path


def broken_paths(rule: Rule, example: Example, members: Any) -> list[Path]:
    """Where the members break the rule."""
    job = Reader(members, RuleContext(example.region, example.added_tags))
    return [path for _, path in broken_rules(indexed([rule]), job)]


def unknown_at(members: Any, path: list[str]) -> Any:
    """The members with an unknown value at the path, and in every item of a list on the way."""
    if not path or members is None or members is UNKNOWN:
        return UNKNOWN
    if isinstance(members, list):
        return [unknown_at(item, path) for item in members]
    return {**members, path[0]: unknown_at(members.get(path[0]), path[1:])}


XGBOOST_EAST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
XGBOOST_HERE = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"


@pytest.mark.parametrize("image", [XGBOOST_EAST, XGBOOST_EAST.replace("us-east-1", "eu-west-1")])
def test_an_image_of_awss_of_another_region_comes_with_the_one_of_the_jobs(image: str) -> None:
    """Refused where it is in another Region, advice where only the account is that of another one."""
    members = {**SMALLEST, "algorithm_specification": {"training_image": image}}
    refused, advice = check_rules(members, RuleContext("eu-west-1"))

    (found,) = refused + [each for each in advice if "dkr.ecr" in str(each)]
    assert bool(refused) == (image == XGBOOST_EAST)
    assert XGBOOST_HERE in str(found)
