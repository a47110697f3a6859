"""Shortcuts for locations, images and channels accept resources and Outputs."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from pulumi import Output

from sagemaker_constructs.api.channels import Channel, ShuffleConfig
from sagemaker_constructs.api.mistakes import InvalidRequest
from sagemaker_constructs.api.operation import StoppingCondition
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.uris import image_uri, s3_uri


def resource(**outputs: str) -> Any:
    """An object with the outputs of a resource of pulumi-aws."""
    return SimpleNamespace(**{name: Output.from_input(value) for name, value in outputs.items()})


@pytest.mark.parametrize(
    ("parts", "uri"),
    [
        (("bucket",), "s3://bucket"),
        (("bucket", "data", "train"), "s3://bucket/data/train"),
        (("bucket", "/data/", "train/"), "s3://bucket/data/train/"),
        (("s3://bucket/data/", "train"), "s3://bucket/data/train"),
        (("s3://bucket/data/",), "s3://bucket/data/"),
        (("bucket", ""), "s3://bucket/"),
    ],
)
def test_s3_uri(parts: tuple[str, ...], uri: str) -> None:
    """Parts are joined by single slashes."""
    assert uri == s3_uri(*parts)


@pulumi.runtime.test
def test_s3_uri_of_a_bucket_resource() -> Output[None]:
    """A bucket resource stands for its name; a part may be an Output."""

    def check(uri: str) -> None:
        assert uri == "s3://a-bucket/data/train"

    return Output.from_input(s3_uri(resource(bucket="a-bucket", id="id"), "data", Output.from_input("train"))).apply(
        check
    )


def test_image_of_a_lookup() -> None:
    """The prebuilt image's path has its tag."""
    found: Any = SimpleNamespace(registry_path="registry/repository:1", id="id")

    assert image_uri(found) == "registry/repository:1"
    assert image_uri("registry/repository:1") == "registry/repository:1"


@pulumi.runtime.test
def test_image_of_an_output_and_of_a_repository() -> Output[None]:
    """The lookup's Output form, an Output of a path, and a repository resource with a tag."""
    found = Output.from_input("registry/repository:1").apply(lambda path: SimpleNamespace(registry_path=path))
    repository = resource(repository_url="registry/mine", id="id")
    images = [
        image_uri(found),
        image_uri(Output.from_input("a:1")),
        image_uri(repository, tag="v2"),
        image_uri(repository),
    ]

    def check(known: list[str]) -> None:
        assert known == ["registry/repository:1", "a:1", "registry/mine:v2", "registry/mine:latest"]

    return Output.all(*images).apply(check)


def test_channel_from_s3() -> None:
    """The members that were given are set, and no others."""
    channel = Channel.s3(
        "train", "s3://bucket/train", content_type="text/csv", input_mode="Pipe", shuffle_config=ShuffleConfig(seed=1)
    )

    assert channel.to_wire() == {
        "ChannelName": "train",
        "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/train"}},
        "ContentType": "text/csv",
        "InputMode": "Pipe",
        "ShuffleConfig": {"Seed": 1},
    }


def test_channel_from_an_augmented_manifest() -> None:
    """The members of an S3 source other than the prefix."""
    channel = Channel.s3(
        "train",
        "s3://bucket/train.manifest",
        s3_data_type="AugmentedManifestFile",
        s3_data_distribution_type="ShardedByS3Key",
        attribute_names=["source-ref"],
        instance_group_names=["workers"],
    )

    assert channel.to_wire()["DataSource"]["S3DataSource"] == {
        "S3DataType": "AugmentedManifestFile",
        "S3Uri": "s3://bucket/train.manifest",
        "S3DataDistributionType": "ShardedByS3Key",
        "AttributeNames": ["source-ref"],
        "InstanceGroupNames": ["workers"],
    }


def test_channels_from_file_systems() -> None:
    """EFS and FSx for Lustre by their ids, read only unless said otherwise."""
    efs = Channel.efs("train", "fs-0123456789abcdef0", "/data", access_mode="rw").to_wire()["DataSource"]
    fsx = Channel.fsx("train", "fs-0123456789abcdef0", "/fsx/data").to_wire()["DataSource"]

    assert efs["FileSystemDataSource"] == {
        "FileSystemId": "fs-0123456789abcdef0",
        "FileSystemAccessMode": "rw",
        "FileSystemType": "EFS",
        "DirectoryPath": "/data",
    }
    assert fsx["FileSystemDataSource"] == {
        "FileSystemId": "fs-0123456789abcdef0",
        "FileSystemAccessMode": "ro",
        "FileSystemType": "FSxLustre",
        "DirectoryPath": "/fsx/data",
    }


def test_channel_from_a_dataset() -> None:
    """A dataset is given by its ARN."""
    assert Channel.dataset("train", "arn").to_wire()["DataSource"] == {"DatasetSource": {"DatasetArn": "arn"}}


@pulumi.runtime.test
def test_channels_from_resources() -> Output[None]:
    """Resources stand for their ids; a Lustre file system brings its mount name."""
    channels = [
        Channel.s3("train", resource(bucket="a-bucket")),
        Channel.efs("efs", resource(id="fs-0123456789abcdef0")),
        Channel.fsx("fsx", resource(id="fs-0123456789abcdef0", mount_name="abcdefgh"), "data"),
        Channel.fsx("whole", resource(id="fs-0123456789abcdef0", mount_name="abcdefgh")),
    ]

    def check(known: list[Any]) -> None:
        s3, efs, fsx, whole = (channel["data_source"] for channel in known)
        assert s3["s3_data_source"]["s3_uri"] == "s3://a-bucket"
        assert efs["file_system_data_source"]["directory_path"] == "/"
        assert fsx["file_system_data_source"]["directory_path"] == "/abcdefgh/data"
        assert whole["file_system_data_source"]["directory_path"] == "/abcdefgh"
        assert whole["file_system_data_source"]["file_system_id"] == "fs-0123456789abcdef0"

    return Output.all(*(channel.to_members() for channel in channels)).apply(check)


def test_shortcuts_are_checked_like_the_long_form() -> None:
    """A channel is only recorded; the spec finds what is wrong with it."""
    too_long = Channel.s3("train", f"s3://bucket/{'x' * 1024}")

    with pytest.raises(ValueError, match=r"input_data_config\[0\]\.data_source\.s3_data_source\.s3_uri"):
        TrainingJobSpec.from_members({"input_data_config": [too_long.to_members()]})


@pytest.mark.parametrize("wrong", ["file:///x", "s3a://bucket/x", "S3://bucket", "arn:aws:s3:::bucket", "", "s3://"])
def test_what_is_neither_a_bucket_nor_an_address_is_refused(wrong: str) -> None:
    """It would otherwise become a plausible address in S3."""
    with pytest.raises(InvalidRequest, match="bucket must be a bucket's name or an S3 URI"):
        s3_uri(wrong, "train")


@pytest.mark.parametrize(
    "wrong", ["/data/train", "./data", "data/train", "s3:/My_Bucket/x", "s3://<bucket>/data", "my bucket"]
)
def test_what_no_bucket_can_be_called_is_refused(wrong: str) -> None:
    """By the rules of S3 that leave no doubt."""
    with pytest.raises(InvalidRequest, match=r"(bucket|location): got '.*', expected "):
        s3_uri(wrong, "train")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("s3:/My_Bucket/x", "location: got 's3:/My_Bucket/x', expected s3://bucket/prefix"),
        ("data/train", "location: got 'data/train', expected s3://bucket/prefix"),
        ("data", "location: got 'data', expected s3://bucket/prefix"),
        ("s3://<bucket>/x", "bucket: got '<bucket>', expected"),
    ],
)
def test_a_channel_without_an_address_is_refused_by_its_name(wrong: str, says: str) -> None:
    """A folder of this machine would become an address of somebody's bucket."""
    with pytest.raises(InvalidRequest, match=re.escape(says)) as caught:
        Channel.s3("train", wrong)
    assert str(caught.value).startswith("channel 'train': 1 mistake")


@pytest.mark.parametrize("wrong", ["http://swordfish", "my swordfish"])
def test_a_secret_that_is_no_bucket_is_refused_without_being_shown(wrong: str) -> None:
    """The program prints the error."""

    @pulumi.runtime.test
    def program() -> Output[str]:
        return Output.from_input(s3_uri(Output.secret(wrong), "train"))

    with pytest.raises(InvalidRequest, match="bucket") as caught:
        program()

    assert "swordfish" not in str(caught.value)


def test_an_access_point_is_addressed_by_its_arn() -> None:
    """As the API takes it."""
    arn = "arn:aws:s3:eu-west-1:123456789012:accesspoint/data"

    assert s3_uri(arn, "train") == f"s3://{arn}/train"


def test_an_https_address_stays_one() -> None:
    """The API takes that form too."""
    assert s3_uri("https://data.s3.amazonaws.com", "train") == "https://data.s3.amazonaws.com/train"


def test_a_bucket_within_a_component_is_found() -> None:
    """Such as a `TrainingBucket`, whose `bucket` is the resource."""
    component = SimpleNamespace(bucket=SimpleNamespace(bucket="data"))
    assert s3_uri(component, "train") == "s3://data/train"  # pyright: ignore[reportArgumentType]


@pulumi.runtime.test
def test_a_duration_in_an_output_becomes_its_seconds() -> Any:
    """As it does when it is known at once."""
    limit = StoppingCondition(max_runtime_in_seconds=Output.from_input(timedelta(hours=1)))

    def check(seconds: int) -> None:
        assert seconds == 3600

    return limit.to_members()["max_runtime_in_seconds"].apply(check)
