"""Role, network, storage and preflight under the real engine, on an AWS that holds a job to its role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from localaws.trial import QUICK, Trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.engine

PRELUDE = """
import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions
from sagemaker_constructs import (
    TrainingBucket, TrainingJob, TrainingKey, TrainingNetwork, TrainingRole,
    AlgorithmSpecification, Channel, CheckpointConfig, OutputDataConfig, ResourceConfig, TrainingJobSpec,
)
from sagemaker_constructs.api.channels import DataSource, S3DataSource

def spec(bucket, **members):
    return TrainingJobSpec(**{
        "algorithm_specification": AlgorithmSpecification(
            training_image="123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", training_input_mode="File"),
        "input_data_config": [Channel(channel_name="train", data_source=DataSource(s3_data_source=S3DataSource(
            s3_data_type="S3Prefix", s3_uri=Output.concat("s3://", bucket, "/train/"))))],
        "output_data_config": OutputDataConfig(s3_output_path=Output.concat("s3://", bucket, "/models")),
        "resource_config": ResourceConfig(instance_type="ml.m5.large", instance_count=2, volume_size_in_gb=1),
        **members,
    })
"""

EVERYTHING = """
key = TrainingKey("key", deletion_window_in_days=7)
bucket = TrainingBucket("data", key=key, force_destroy=True)
table = aws.s3.BucketObjectv2("table", bucket=bucket.name, key="train/a.csv", content="1,2")
model = spec(
    bucket.name,
    output_data_config=OutputDataConfig(s3_output_path=bucket.uri("models"), kms_key_id=key.arn),
    checkpoint_config=CheckpointConfig(s3_uri=bucket.uri("checkpoints")),
    resource_config=ResourceConfig(
        instance_type="ml.m5.large", instance_count=2, volume_size_in_gb=1, volume_kms_key_id=key.arn),
)
network = TrainingNetwork("net", spec=model, interface_endpoints=["logs"], s3_buckets=[], flow_log_retention_in_days=7)
role = TrainingRole("role", model, network=network, buckets=[bucket], path="/training/")
job = TrainingJob("model", model, role=role, network=network, opts=ResourceOptions(depends_on=[table]))
pulumi.export("name", job.training_job_name)
"""


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Trial]:
    """A project on an AWS that enforces IAM."""
    made = Trial(tmp_path, {**QUICK, "LOCALAWS_ENFORCE_IAM": "1"}, prelude=PRELUDE)
    yield made
    made.end()


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Trial]:
    """A project whose jobs outlast the test, and whose network interfaces linger."""
    made = Trial(
        tmp_path,
        {**QUICK, "LOCALAWS_JOB_SECONDS": "120", "LOCALAWS_LINGER_SECONDS": "3"},
        prelude=PRELUDE,
    )
    yield made
    made.end()


def test_a_job_does_all_it_must_with_the_role_that_was_made_for_it(strict: Trial) -> None:
    """Data, model, checkpoints, keys, image, log and interfaces: nothing is refused; nothing changes the next time."""
    strict.program(EVERYTHING)
    assert "to create" in strict.preview().text
    strict.up()
    name = strict.outputs()["name"]

    strict.await_job(name, "Completed")

    logged = strict.aws("logs").describe_log_streams(logGroupName="/aws/sagemaker/TrainingJobs")["logStreams"]
    assert {each["logStreamName"].split("/")[0] for each in logged} == {name}
    strict.up("--expect-no-changes")
    strict.destroy()
    assert strict.resources() == []


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ("input_data_config=spec('elsewhere').input_data_config", 'has "s3:ListBucket" permissions on bucket'),
        ("output_data_config=OutputDataConfig(s3_output_path='s3://trial/other')", "Unable to upload file"),
        (
            (
                "algorithm_specification=AlgorithmSpecification(training_input_mode='File', "
                "training_image='123456789012.dkr.ecr.eu-west-1.amazonaws.com/other:1')"
            ),
            'has "ecr:BatchCheckLayerAvailability" permissions',
        ),
    ],
)
def test_a_job_outside_its_role_fails_as_on_aws(strict: Trial, members: str, reason: str) -> None:
    """It is started, and its FailureReason tells what the role lacks."""
    strict.program(
        f"""
        buckets = [aws.s3.Bucket(name, bucket=name, force_destroy=True) for name in ("trial", "elsewhere")]
        tables = [aws.s3.BucketObjectv2(name, bucket=name, key="train/a.csv", content="1,2",
                                        opts=ResourceOptions(depends_on=buckets)) for name in ("trial", "elsewhere")]
        role = TrainingRole("role", spec("trial"))
        job = TrainingJob("model", spec("trial", {members}), role=role, opts=ResourceOptions(depends_on=tables))
        pulumi.export("name", job.training_job_name)
        """
    )
    strict.up()
    name = strict.outputs()["name"]

    strict.await_job(name, "Failed")

    described = strict.aws("sagemaker").describe_training_job(TrainingJobName=name)
    assert reason in described["FailureReason"]


def test_destroy_takes_the_network_from_under_a_running_job(slow: Trial) -> None:
    """One command: the job is stopped, its interfaces leave, the VPC goes, and nothing is left."""
    slow.program(EVERYTHING)
    slow.up()
    name = slow.outputs()["name"]
    ec2 = slow.aws("ec2")
    held = [each for each in ec2.describe_network_interfaces()["NetworkInterfaces"] if name in each["Description"]]
    assert len(held) == 2

    slow.destroy()

    assert slow.resources() == []
    assert slow.jobs() == {name: "Stopped"}
    assert [vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]] == []
    assert not [each for each in ec2.describe_network_interfaces()["NetworkInterfaces"] if name in each["Description"]]
    assert slow.aws("iam").list_roles()["Roles"] == []
    assert slow.aws("s3").list_buckets()["Buckets"] == []


OUTSIDE = """
import pulumi
from sagemaker_constructs import TrainingNetwork
TrainingNetwork("net", subnets=["{subnet}"], instances=3)
"""


def test_a_subnet_in_which_no_job_could_run_is_refused_in_the_preview(cloud: Trial) -> None:
    """One sentence for each reason, and no traceback."""
    ec2 = cloud.aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.7.0.0/28")["Subnet"]["SubnetId"]
    cloud.program(OUTSIDE.format(subnet=subnet))

    refused = cloud.preview(expect=None)

    assert refused.code != 0
    assert f"{subnet}: its route table has neither an S3 gateway endpoint nor a default route" in refused.text
    assert "Traceback" not in refused.text


def test_a_mistake_that_is_found_late_is_told_without_a_traceback(cloud: Trial) -> None:
    """The SDK would wrap a ValueError that an Output raises while a resource waits for it."""
    cloud.program(
        """
        import pulumi
        from sagemaker_constructs import TrainingNetwork
        TrainingNetwork("net", s3_buckets=pulumi.Output.from_input("tables"))
        """
    )

    refused = cloud.preview(expect=None)

    assert refused.code != 0
    assert "s3_buckets: got 'tables', expected a list, each item the name of a bucket" in refused.text
    assert "Traceback" not in refused.text


def test_a_subnet_with_a_way_to_s3_is_taken(cloud: Trial) -> None:
    """The main route table's endpoint counts, and only a security group is made."""
    ec2 = cloud.aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.7.0.0/28")["Subnet"]["SubnetId"]
    (table,) = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.eu-west-1.s3", RouteTableIds=[table["RouteTableId"]])
    cloud.program(OUTSIDE.format(subnet=subnet))

    taken = cloud.up()

    assert "6 created" in taken.text  # the stack, the network, a group and its three rules
    cloud.destroy()


OF_THE_SAME_PROGRAM = """
import pulumi
import pulumi_aws as aws
from sagemaker_constructs import TrainingNetwork
vpc = aws.ec2.Vpc("vpc", cidr_block="10.7.0.0/16")
subnet = aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.7.0.0/28")
table = aws.ec2.RouteTable("table", vpc_id=vpc.id)
endpoint = aws.ec2.VpcEndpoint(
    "s3", vpc_id=vpc.id, service_name="com.amazonaws.eu-west-1.s3", route_table_ids=[table.id],
    opts=pulumi.ResourceOptions(depends_on=[subnet]))
route = aws.ec2.RouteTableAssociation(
    "route", subnet_id=subnet.id, route_table_id=table.id, opts=pulumi.ResourceOptions(depends_on=[endpoint]))
TrainingNetwork("net", subnets=[subnet], opts=pulumi.ResourceOptions(depends_on=[route]))
"""


def test_subnets_of_the_same_program_are_looked_up_when_their_routes_are_there(cloud: Trial) -> None:
    """What `depends_on` names comes first, though the subnet's id is known long before."""
    cloud.program(OF_THE_SAME_PROGRAM)
    assert "to create" in cloud.preview().text

    cloud.up()

    cloud.up("--expect-no-changes")
    cloud.destroy()


FROM_OUTSIDE = (
    PRELUDE
    + """
role = TrainingRole.from_existing("arn:aws:iam::123456789012:role/trial", check=True)
TrainingJob("model", spec("trial-data"), role=role)
"""
)


def test_a_preview_says_what_would_make_a_job_fail(cloud: Trial) -> None:
    """The role allows nothing and no data are there: a sentence each."""
    cloud.program(FROM_OUTSIDE)

    said = cloud.preview().text

    role = "arn:aws:iam::123456789012:role/trial"
    assert "no object is at s3://trial-data/train/" in said
    assert f"role {role} may not s3:GetObject on arn:aws:s3:::trial-data/train/*, which the job needs" in said
    assert "quotas cannot be looked at" not in said
    assert "does not let sagemaker" not in said


def test_what_cannot_be_looked_at_is_said_once(cloud: Trial) -> None:
    """For all jobs of the program, and the preview goes on."""
    cloud.program(FROM_OUTSIDE + FROM_OUTSIDE.splitlines()[-1].replace("model", "other"))
    cloud.fault("denied", "SimulatePrincipalPolicy", times=100)

    said = cloud.preview().text

    assert said.partition("Diagnostics:")[2].count("preflight: what the role allows cannot be looked at") == 1
    assert "no object is at" in said


def test_the_preflight_can_be_switched_off(cloud: Trial) -> None:
    """Then the preview asks nobody."""
    cloud.program(FROM_OUTSIDE.replace("role=role)", "role=role, preflight=False)"))
    cloud.forget_calls()

    said = cloud.preview().text

    assert "which the job needs" not in said
    assert "iam.SimulatePrincipalPolicy" not in cloud.calls()


def test_a_job_that_stays_as_it_is_is_not_looked_at_again(cloud: Trial) -> None:
    """The preflight is for jobs that will start."""
    cloud.aws("s3").put_object(Bucket="trial-data", Key="train/a.csv", Body=b"1,2")
    cloud.program(FROM_OUTSIDE)
    cloud.up()
    cloud.forget_calls()

    said = cloud.preview().text

    assert "which the job needs" not in said
    assert "iam.SimulatePrincipalPolicy" not in cloud.calls()
