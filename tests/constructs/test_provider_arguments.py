"""One account and Region for every part: what job, result and fallback take from an explicit `aws.Provider`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pytest
from graphs import graph
from policy_cases import SMALLEST
from pulumi import ComponentResource, ProviderResource, ResourceOptions

from sagemaker_constructs import DeclarationError, Training, TrainingJob, TrainingJobSpec, TrainingResult
from sagemaker_constructs.api.deferred import is_deferred

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROLE = "arn:aws:iam::123456789012:role/deploy"
EXECUTION_ROLE = "arn:aws:iam::123456789012:role/trainer"


@pytest.fixture(autouse=True)
def stack_region() -> None:
    """The stack is in Ireland."""
    pulumi.runtime.set_all_config({"aws:region": "eu-west-1"})


def spec(**members: Any) -> TrainingJobSpec:
    """A small job."""
    return TrainingJobSpec.from_members({**SMALLEST, **members})


def job(name: str, opts: ResourceOptions | None = None, **arguments: Any) -> TrainingJob:
    """A small job with its role."""
    return TrainingJob(name, spec(), role=EXECUTION_ROLE, opts=opts, **arguments)


def plain(value: Any) -> Any:
    """A value without its wrapping as a secret."""
    return value["value"] if isinstance(value, dict) and "value" in value else value


def is_secret(value: Any) -> bool:
    """Whether it is wrapped as one."""
    return isinstance(value, dict) and "value" in value


def settings(inputs: Mapping[str, Any]) -> Any:
    """The AWS settings that a resource stores."""
    return json.loads(plain(inputs["aws_settings"]))


def assuming(name: str = "other") -> aws.Provider:
    """A provider of another Region, that assumes a role."""
    return aws.Provider(name, region="us-east-1", assume_roles=[{"role_arn": ROLE}])


def test_a_job_without_an_explicit_provider_stores_no_settings() -> None:
    """States that there are show no difference."""
    inputs = graph(lambda: job("m")).of("TrainingJob")["m"]
    assert {"aws_settings", "ignore_tags", "default_tags"}.isdisjoint(inputs)
    assert inputs["region"] == "eu-west-1"


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize(
    "options",
    [
        lambda: ResourceOptions(provider=assuming()),
        lambda: ResourceOptions(providers=[assuming()]),
        lambda: ResourceOptions(providers={"aws": assuming()}),
        lambda: ResourceOptions(parent=ComponentResource("t:t:T", "t", opts=ResourceOptions(provider=assuming()))),
        lambda: ResourceOptions(parent=ComponentResource("t:t:T", "t", opts=ResourceOptions(providers=[assuming()]))),
    ],
)
def test_a_provider_is_followed_however_it_is_given(options: Callable[[], ResourceOptions], *, preview: bool) -> None:
    """By the job itself or by what it is in; in the preview already."""
    inputs = graph(lambda: job("m", options()), preview=preview).of("TrainingJob")["m"]
    assert inputs["region"] == "us-east-1"
    assert [role["roleArn"] for role in settings(inputs)["assumeRoles"]] == [ROLE]
    assert not is_secret(inputs["aws_settings"])


def test_the_provider_of_the_job_goes_before_that_of_its_parent() -> None:
    """As with every resource."""

    def build() -> None:
        parent = ComponentResource("t:t:T", "t", opts=ResourceOptions(provider=assuming("outer")))
        job("m", ResourceOptions(parent=parent, provider=aws.Provider("inner", region="eu-north-1")))

    inputs = graph(build).of("TrainingJob")["m"]
    assert (inputs["region"], settings(inputs)) == ("eu-north-1", {})


def test_a_region_of_the_job_itself_goes_before_that_of_its_provider() -> None:
    """The account stays the provider's."""
    inputs = graph(lambda: job("m", ResourceOptions(provider=assuming()), region="eu-north-1")).of("TrainingJob")["m"]
    assert inputs["region"] == "eu-north-1"
    assert settings(inputs)["assumeRoles"]


def test_every_part_of_a_component_is_where_its_provider_is() -> None:
    """Job, fallback and result; the role and the network look their Region up by the same provider."""

    def build() -> None:
        other = spec(resource_config={"instance_type": "ml.c5.xlarge", "instance_count": 1, "volume_size_in_gb": 1})
        Training("m", spec(), fallbacks=[other], opts=ResourceOptions(provider=assuming()))

    placed = graph(build)
    (fallback,) = placed.of("TrainingFallback").values()
    for inputs in (placed.of("TrainingJob")["m"], fallback, placed.of("TrainingResult")["m"]):
        assert inputs["region"] == "us-east-1"
        assert settings(inputs) == {"assumeRoles": [{"roleArn": ROLE}]}


def test_a_result_is_where_its_job_is_whatever_its_own_options() -> None:
    """And its fallbacks with it."""

    def build() -> None:
        other = spec(resource_config={"instance_type": "ml.c5.xlarge", "instance_count": 1, "volume_size_in_gb": 1})
        made = job("m", ResourceOptions(provider=assuming()))
        made.result(fallbacks=[other], opts=ResourceOptions(provider=aws.Provider("elsewhere", region="eu-north-1")))

    placed = graph(build)
    for inputs in (*placed.of("TrainingFallback").values(), placed.of("TrainingResult")["m"]):
        assert (inputs["region"], "assumeRoles" in settings(inputs)) == ("us-east-1", True)


def test_a_result_by_name_follows_its_own_provider() -> None:
    """There is no job to take it from."""
    placed = graph(lambda: TrainingResult("r", "a-job", opts=ResourceOptions(provider=assuming())))
    inputs = placed.of("TrainingResult")["r"]
    assert (inputs["region"], "assumeRoles" in settings(inputs)) == ("us-east-1", True)


def test_two_accounts_and_two_regions_are_kept_apart_in_one_stack() -> None:
    """Each job has the settings of its own provider."""

    def build() -> None:
        for name, region, key in (("a", "us-east-1", "111111111111"), ("b", "eu-north-1", "222222222222")):
            provider = aws.Provider(name, region=region, access_key=key, secret_key="hidden")
            job(name, ResourceOptions(provider=provider))
        job("c")

    jobs = graph(build).of("TrainingJob")
    assert [(plain(jobs[name]["region"]), settings(jobs[name])["accessKey"]) for name in "ab"] == [
        ("us-east-1", "111111111111"),
        ("eu-north-1", "222222222222"),
    ]
    assert jobs["c"]["region"] == "eu-west-1"


def test_keys_are_a_secret_and_nothing_else_becomes_one() -> None:
    """The Region, the name of the awaited job and its planned model stay readable."""

    def build() -> None:
        keys: Any = {"access_key": "AKIA", "secret_key": "hidden", "token": "hidden"}
        made = job("m", ResourceOptions(provider=aws.Provider("p", region="us-east-1", **keys)))
        made.result()

    placed = graph(build)
    for inputs in (placed.of("TrainingJob")["m"], placed.of("TrainingResult")["m"]):
        assert [name for name, value in inputs.items() if name != "__provider" and is_secret(value)] == ["aws_settings"]
        assert settings(inputs) == {"accessKey": "AKIA", "secretKey": "hidden", "token": "hidden"}


def test_tags_are_those_of_the_provider() -> None:
    """Not those of the stack, which the provider's other resources do not have either."""
    pulumi.runtime.set_all_config({"aws:region": "eu-west-1", "aws:defaultTags": '{"tags": {"of": "the stack"}}'})
    tags: Any = {"default_tags": {"tags": {"of": "the provider"}}, "ignore_tags": {"key_prefixes": ["org:"]}}

    def build() -> None:
        job("m", ResourceOptions(provider=aws.Provider("p", region="us-east-1", **tags)))
        job("stack")

    jobs = graph(build).of("TrainingJob")
    assert jobs["m"]["default_tags"] == {"of": "the provider"}
    assert jobs["m"]["ignore_tags"] == {"keys": [], "key_prefixes": ["org:"]}
    assert jobs["stack"]["default_tags"] == {"of": "the stack"}


def test_what_a_provider_is_given_later_is_unknown_in_the_preview_and_nothing_else_is() -> None:
    """Such as a role that this very update creates."""

    def build() -> None:
        later: Any = pulumi.Output.from_input(pulumi.UNKNOWN)
        provider = aws.Provider("p", region="us-east-1", assume_roles=later, default_tags={"tags": {"a": "b"}})
        job("m", ResourceOptions(provider=provider)).result()

    placed = graph(build, preview=True)
    inputs = placed.of("TrainingJob")["m"]
    assert is_deferred(inputs["aws_settings"])
    assert (inputs["region"], inputs["default_tags"]) == ("us-east-1", {"a": "b"})


def test_a_setting_that_cannot_be_followed_is_refused_in_the_preview() -> None:
    """By the provider's name."""

    def build() -> None:
        job("m", ResourceOptions(provider=aws.Provider("p", region="us-east-1", no_proxy="localhost")))

    with pytest.raises(Exception, match=r"aws\.Provider 'p': noProxy: is not supported"):
        graph(build, preview=True)


def test_a_provider_without_a_region_is_refused() -> None:
    """The stack's own would be another one than that of the provider's other resources."""
    with pytest.raises(Exception, match=r"aws\.Provider 'p': region is required"):
        graph(lambda: job("m", ResourceOptions(provider=aws.Provider("p"))), preview=True)


def test_a_transformation_that_changes_the_provider_is_refused() -> None:
    """It comes after the settings were read."""

    def build() -> None:
        other = assuming()

        def give(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
            return pulumi.ResourceTransformationResult(
                args.props, ResourceOptions.merge(args.opts, ResourceOptions(provider=other))
            )

        job("m", ResourceOptions(transformations=[give]))

    with pytest.raises(DeclarationError, match=r"a transformation changes the aws\.Provider of the job"):
        graph(build)


def test_a_provider_for_dynamic_resources_does_not_drop_the_settings_of_the_stack() -> None:
    """It gets nothing of the stack's configuration; so the job takes it along, secrets as such."""
    pulumi.runtime.set_all_config(
        {
            "aws:region": "eu-west-1",
            "aws:assumeRoles": json.dumps([{"roleArn": ROLE}]),
            "aws:allowedAccountIds": '["123456789012"]',
            "aws:secretKey": "hidden",
        },
        ["aws:secretKey"],
    )

    def build() -> None:
        dynamic = ProviderResource("pulumi-python", "sm", {})
        job("explicit", ResourceOptions(provider=dynamic)).result()
        job("default")

    placed = graph(build)
    for inputs in (placed.of("TrainingJob")["explicit"], placed.of("TrainingResult")["explicit"]):
        assert is_secret(inputs["aws_settings"])
        assert settings(inputs) == {
            "allowedAccountIds": ["123456789012"],
            "assumeRoles": [{"roleArn": ROLE}],
            "secretKey": "hidden",
        }
    assert "aws_settings" not in placed.of("TrainingJob")["default"]
