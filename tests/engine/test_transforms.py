"""Programs that change jobs from outside: taggers of the stack, transforms, `ignore_changes` of one tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

SPEC = """
import pulumi
from sagemaker_constructs import *
config = pulumi.Config()

def spec(**members):
    return TrainingJobSpec(
        role_arn="arn:aws:iam::123456789012:role/trial",
        algorithm_specification=AlgorithmSpecification(
            training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
        output_data_config=OutputDataConfig(s3_output_path="s3://trial-data/models"),
        resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1),
        **members)
"""
TAGGERS = """
AUTO = {"user:Stack": pulumi.get_stack()}

def if_it_has_tags(args):
    if hasattr(args.resource, "tags"):
        args.props["tags"] = {**(args.props["tags"] or {}), **AUTO}
        return pulumi.ResourceTransformationResult(args.props, args.opts)

def if_tags_are_declared(args):
    if args.props.get("tags"):
        props = {**args.props, "tags": {**args.props["tags"], "declared": "yes"}}
        return pulumi.ResourceTransformationResult(props, args.opts)

def in_the_engine(args):
    if "TrainingJob" in args.type_:
        tags = {**(args.props.get("tags") or {}), "engine": "yes", "hidden": pulumi.Output.secret("swordfish")}
        props = {**args.props, "tags": tags, "environment": {"ADDED": "later"}}
        return pulumi.ResourceTransformResult(props=props, opts=args.opts)

pulumi.runtime.register_stack_transformation(if_it_has_tags)
pulumi.runtime.register_stack_transformation(if_tags_are_declared)
pulumi.runtime.register_resource_transform(in_the_engine)
one = TrainingJob("one", spec(tags={"team": "x", "later": pulumi.Output.from_input("y")}))
two = TrainingJob("two", spec(hyper_parameters={"depth": 5}))
for job in (one, two):
    job.environment.apply(lambda found: print("environment", found))
    job.stopping_condition.apply(lambda found: print("stopping_condition", found))
    pulumi.export(job._name, job.tags)
"""


def _tags(cloud: Trial, prefix: str) -> dict[str, str]:
    """The tags on the job of a resource, without the library's own."""
    sagemaker = cloud.aws("sagemaker")
    (name,) = (name for name in cloud.jobs() if name.startswith(f"{prefix}-"))
    arn = sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobArn"]
    tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in tags if not tag["Key"].startswith("sagemaker-constructs:")}


def test_a_job_is_tagged_as_every_other_resource(cloud: Trial) -> None:
    """By the common taggers, old and new; what a transform adds is known in a preview, and a secret stays one."""
    auto = {"user:Stack": "trial", "engine": "yes", "hidden": "swordfish"}
    cloud.program(SPEC + TAGGERS)
    for seen in (cloud.preview().text, cloud.up().text):
        assert "environment {'ADDED': 'later'}" in seen
        assert "stopping_condition None" in seen
    assert _tags(cloud, "one") == {"team": "x", "later": "y", "declared": "yes", **auto}
    assert _tags(cloud, "two") == {"declared": "yes", **auto}
    assert cloud.outputs() == {"one": "[secret]", "two": "[secret]"}
    assert "swordfish" not in cloud.state()
    cloud.run("up", "--stack", "trial", "--yes", "--refresh", "--expect-no-changes")


def test_one_tag_can_be_left_to_others(cloud: Trial) -> None:
    """`ignore_changes` of a key keeps the recorded value, and the others are changed."""
    program = (
        SPEC
        + """
TrainingJob("one", spec(tags={"team": config.get("team"), "cost": config.get("cost")}),
    opts=pulumi.ResourceOptions(ignore_changes=["tags.cost"]))
"""
    )
    cloud.program(program)
    for key in ("team", "cost"):
        cloud.config(key, "1")
    cloud.up()
    for key in ("team", "cost"):
        cloud.config(key, "2")
    cloud.up()
    assert _tags(cloud, "one") == {"team": "2", "cost": "1"}


def test_a_secret_of_a_transform_is_not_shown_though_it_is_wrong(cloud: Trial) -> None:
    """Only the engine knows that it is a secret: neither the program nor the provider does."""
    cloud.program(
        SPEC
        + """
def encrypting(args):
    if "TrainingJob" in args.type_:
        output = {"s3_output_path": "s3://trial-data/models", "kms_key_id": pulumi.Output.secret("hunter2 secret!")}
        return pulumi.ResourceTransformResult(props={**args.props, "output_data_config": output}, opts=args.opts)

pulumi.runtime.register_resource_transform(encrypting)
TrainingJob("one", spec())
"""
    )
    said = cloud.preview("--diff", expect=1).text
    assert "output_data_config.kms_key_id: got a value that is not shown, for a transform has set it" in said
    assert "hunter2" not in said
