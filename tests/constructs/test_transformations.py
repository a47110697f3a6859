"""Transformations of the program, which run before a job is registered, and the tags that they find there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from graphs import graph
from policy_cases import SMALLEST
from pulumi import Output, ResourceOptions

from sagemaker_constructs import Tag, TrainingFallback, TrainingJob, TrainingJobSpec

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack's Region."""
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    pulumi.runtime.set_all_config({})


def tagger(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """The common tagger: it asks the resource, and adds to a mapping."""
    if not hasattr(args.resource, "tags"):
        return None
    props: Any = args.props
    return pulumi.ResourceTransformationResult({**props, "tags": {**(props["tags"] or {}), "by": "tagger"}}, args.opts)


def spec(**members: Any) -> TrainingJobSpec:
    """The smallest job."""
    given: Any = {**SMALLEST, "role_arn": "arn:aws:iam::123456789012:role/train", **members}
    return TrainingJobSpec(**given)


@pytest.mark.parametrize(
    ("declared", "tags"),
    [
        (lambda: None, {}),
        (lambda: {"a": "b"}, {"a": "b"}),
        (lambda: [Tag(key="a", value="b")], {"a": "b"}),
        (lambda: {"a": Output.from_input("b")}, {"a": "b"}),
    ],
)
def test_a_tagger_adds_to_the_tags_of_a_job(declared: Callable[[], Any], tags: dict[str, str]) -> None:
    """However they are declared."""
    found = graph(lambda: TrainingJob("m", spec(tags=declared()), opts=ResourceOptions(transformations=[tagger])))
    assert found.of("TrainingJob")["m"]["tags"] == {**tags, "by": "tagger"}


def test_a_tagger_adds_to_the_tags_of_a_fallback() -> None:
    """It is a job."""

    def program() -> None:
        opts = ResourceOptions(transformations=[tagger])
        TrainingFallback("f", spec(), after=TrainingJob("m", spec()), opts=opts)

    assert graph(program).of("TrainingFallback")["f"]["tags"] == {"by": "tagger"}


@pytest.mark.parametrize("preview", [True, False])
def test_what_a_transformation_adds_is_an_output_of_the_job(preview: bool) -> None:
    """And what nobody declared is None."""
    seen: list[Any] = []

    def program() -> Output[Any]:
        job = TrainingJob("m", spec(), opts=ResourceOptions(transformations=[tagger]))
        return Output.all(job.tags, job.environment).apply(seen.append)

    graph(program, preview=preview)
    assert seen == [[{"by": "tagger"}, None]]


@pytest.mark.parametrize(
    ("declared", "sent"),
    [
        (lambda: Output.from_input([{"key": "a", "value": "b"}]), {"a": "b"}),
        (lambda: Output.from_input({"a": "b"}), {"a": "b"}),
        (lambda: [Tag(key=Output.from_input("a"), value="b")], [{"key": "a", "value": "b"}]),
    ],
)
def test_tags_are_a_mapping_where_their_keys_are_known(declared: Callable[[], Any], sent: Any) -> None:
    """As those of pulumi-aws are. An Output cannot be a key."""
    assert graph(lambda: TrainingJob("m", spec(tags=declared()))).of("TrainingJob")["m"]["tags"] == sent
