"""Explicit providers under the real engine: two accounts and two Regions in one stack, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from localaws.trial import TRUST

if TYPE_CHECKING:
    from localaws.trial import Trial

pytestmark = pytest.mark.engine

PLACES = {"keys": ("222222222222", "us-east-1"), "assumed": ("333333333333", "eu-north-1")}
"""Account and Region of each provider."""
SPEC = """
import json
import pulumi
import pulumi_aws as aws
from pulumi import Output, ProviderResource, ResourceOptions
from sagemaker_constructs import (
    AlgorithmSpecification, OutputDataConfig, ResourceConfig, Training, TrainingBucket, TrainingJob, TrainingJobSpec,
    TrainingNetwork,
)
config = pulumi.Config()
def spec(bucket="trial-data", region="eu-west-1"):
    image = f"763104351884.dkr.ecr.{region}.amazonaws.com/pytorch-training:2.5.1"
    return TrainingJobSpec(
        algorithm_specification=AlgorithmSpecification(training_image=image, training_input_mode="File"),
        hyper_parameters={"depth": config.get("depth") or 4},
        output_data_config=OutputDataConfig(s3_output_path=Output.concat("s3://", bucket, "/models")),
        resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=1))
"""
TWO_ACCOUNTS = (
    SPEC
    + """
deploy = aws.iam.Role("deploy", name="deploy", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]}))
providers = {
    "keys": aws.Provider("keys", region="us-east-1", default_tags={"tags": {"team": "research"}},
        access_key=config.require("accessKeyId"), secret_key=config.require("secretAccessKey"),
        token=config.require("sessionToken")),
    "assumed": aws.Provider("assumed", region="eu-north-1", allowed_account_ids=["333333333333"],
        assume_roles=[{"role_arn": deploy.arn.apply(lambda _: "arn:aws:iam::333333333333:role/deploy")}]),
}
regions = {"keys": "us-east-1", "assumed": "eu-north-1"}
for name, provider in providers.items():
    opts = ResourceOptions(provider=provider)
    bucket = TrainingBucket(name, force_destroy=True, opts=opts)
    made = Training(name, spec(bucket.name, regions[name]), buckets=[bucket], on_delete="delete", opts=opts)
    pulumi.export(name, {"role": made.role.arn, "job": made.result.training_job_arn, "model": made.model_artifacts})
"""
)


def keys(trial: Trial, account: str) -> dict[str, str]:
    """Credentials of an account."""
    role = f"arn:aws:iam::{account}:role/any"
    return trial.aws("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]


def of(trial: Trial, account: str, region: str, service: str = "sagemaker") -> Any:
    """A service of an account and Region."""
    credentials = keys(trial, account)
    return boto3.client(  # pyright: ignore[reportCallIssue, reportUnknownMemberType]
        service,  # pyright: ignore[reportArgumentType]
        endpoint_url=trial.endpoint,
        region_name=region,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def names(trial: Trial, account: str, region: str) -> list[str]:
    """The training jobs of an account and Region."""
    found = of(trial, account, region).list_training_jobs()["TrainingJobSummaries"]
    return [job["TrainingJobName"] for job in found]


def test_two_accounts_and_two_regions_in_one_stack(cloud: Trial) -> None:
    """By keys and by an assumed role: role, job, result and model are in one place, come back quietly and go again."""
    credentials = keys(cloud, "222222222222")
    for name in ("accessKeyId", "secretAccessKey", "sessionToken"):
        cloud.run("config", "set", "--secret", name, credentials[name[0].upper() + name[1:]], "--stack", "trial")
    cloud.program(TWO_ACCOUNTS)
    cloud.preview()
    cloud.up()
    for name, (account, region) in PLACES.items():
        found = cloud.outputs()[name]
        assert f":iam::{account}:role/" in found["role"]
        assert found["job"].startswith(f"arn:aws:sagemaker:{region}:{account}:training-job/{name}-")
        (job,) = names(cloud, account, region)
        assert found["job"].endswith(job)
        assert job in found["model"]
    assert cloud.jobs().keys() == {*names(cloud, *PLACES["keys"]), *names(cloud, *PLACES["assumed"])}
    arn = cloud.outputs()["keys"]["job"]
    tags = of(cloud, *PLACES["keys"]).list_tags(ResourceArn=arn)["Tags"]
    assert {"Key": "team", "Value": "research"} in tags
    assert credentials["SecretAccessKey"] not in cloud.state()

    cloud.up("--refresh", "--expect-no-changes")
    cloud.config("depth", "8")
    assert credentials["SecretAccessKey"] not in cloud.preview("--diff").text
    cloud.up()
    cloud.destroy()
    assert [names(cloud, *place) for place in PLACES.values()] == [[], []]


def test_a_component_of_another_region_is_there_as_a_whole(cloud: Trial) -> None:
    """Also where the default providers are disabled, of which none is used: all have an explicit one."""
    cloud.config("pulumi:disable-default-providers", '["*"]')
    cloud.program(
        SPEC
        + """
providers = [aws.Provider("us", region="us-east-1"), ProviderResource("pulumi-python", "sm", {})]
opts = ResourceOptions(providers=providers)
bucket = TrainingBucket("m3", force_destroy=True, opts=opts)
made = Training("m3", spec(bucket.name, "us-east-1"), buckets=[bucket], opts=opts)
pulumi.export("job", made.job.arn)
pulumi.export("trust", made.role.role.assume_role_policy)
"""
    )
    cloud.preview()
    cloud.up()
    assert ":us-east-1:123456789012:training-job/m3-" in cloud.outputs()["job"]
    assert ":sagemaker:us-east-1:" in json.dumps(cloud.outputs()["trust"])


def test_a_provider_for_dynamic_resources_obeys_the_settings_of_the_stack(cloud: Trial) -> None:
    """It gets no configuration; the job has it. All default providers may be disabled then."""
    cloud.config("aws:assumeRoles", '[{"roleArn": "arn:aws:iam::222222222222:role/ci"}]')
    cloud.config("pulumi:disable-default-providers", '["*"]')
    cloud.program(
        SPEC
        + """
python = ProviderResource("pulumi-python", "sm", {})
job = TrainingJob("explicit", spec("theirs"), role="arn:aws:iam::222222222222:role/trial", preflight=False,
    opts=ResourceOptions(provider=python))
pulumi.export("job", job.arn)
"""
    )
    iam = of(cloud, "222222222222", "eu-west-1", "iam")
    iam.create_role(RoleName="trial", AssumeRolePolicyDocument=TRUST)
    s3 = of(cloud, "222222222222", "eu-west-1", "s3")
    s3.create_bucket(Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    cloud.up()
    assert names(cloud, "222222222222", "eu-west-1") == [cloud.outputs()["job"].rpartition("/")[2]]
    assert names(cloud, "123456789012", "eu-west-1") == []


@pytest.mark.parametrize(
    ("arguments", "role", "says"),
    [
        ('allowed_account_ids=["999999999999"]', "123456789012", "allowedAccountIds has only 999999999999"),
        ("", "999999999999", "is a role of account 999999999999, but the job would be started with credentials of"),
        ('no_proxy="localhost"', "123456789012", "aws.Provider 'p': noProxy: is not supported"),
    ],
)
def test_a_preview_refuses_a_wrong_account(cloud: Trial, arguments: str, role: str, says: str) -> None:
    """Before anything is created, in one sentence."""
    cloud.program(
        SPEC
        + f"""
provider = aws.Provider("p", region="eu-west-1", {arguments})
TrainingJob("m", spec(), role="arn:aws:iam::{role}:role/trial", preflight=False,
    opts=ResourceOptions(provider=provider))
"""
    )
    text = cloud.preview(expect=1).text
    assert says in text
    assert "Traceback" not in text
    assert cloud.jobs() == {}


def test_the_account_of_the_stack_is_verified_too(cloud: Trial) -> None:
    """Without an explicit provider."""
    cloud.config("aws:allowedAccountIds", '["999999999999"]')
    cloud.program(SPEC + 'TrainingJob("m", spec(), role="arn:aws:iam::123456789012:role/trial")\n')
    assert "allowedAccountIds has only 999999999999" in cloud.preview(expect=1).text


def test_tags_of_others_are_left_where_the_stack_says_so(cloud: Trial) -> None:
    """A refresh shows no drift, and `up` leaves them."""
    cloud.config("aws:ignoreTags", '{"keyPrefixes": ["org:"], "keys": ["CreatedBy"]}')
    cloud.program(
        SPEC
        + """
job = TrainingJob("m", spec(), role="arn:aws:iam::123456789012:role/trial")
pulumi.export("arn", job.arn)
"""
    )
    cloud.up()
    theirs = [{"Key": "org:cost", "Value": "9"}, {"Key": "CreatedBy", "Value": "auto"}]
    sagemaker, arn = cloud.aws("sagemaker"), cloud.outputs()["arn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=theirs)
    cloud.refresh("--expect-no-changes")
    cloud.up("--expect-no-changes")
    tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    assert all(tag in tags for tag in theirs)
