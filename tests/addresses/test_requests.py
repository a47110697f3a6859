"""Addresses in a request: which of them SageMaker refuses, and which are probably mistaken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.model import ListShape, StructureShape

from sagemaker_constructs.addresses.requests import (
    ARN_MEMBERS,
    S3_MEMBERS,
    doubtful_address,
    doubtful_output,
    is_elsewhere,
    marketplace_algorithm,
    refused_bucket,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import Shape

NOT_OF_THE_REGION = frozenset(
    {
        "RoleArn",  # of no Region
        "InputDataConfig[].DataSource.FileSystemDataSource.FileSystemId",
    }
)


@pytest.mark.parametrize(
    ("address", "refused_in"),
    [
        ("s3://s3://bucket/models", {None, "eu-west-1", "us-east-1"}),
        ("s3://https://bucket/models", {None, "eu-west-1", "us-east-1"}),
        ("s3://{bucket}/models", {None, "eu-west-1", "us-east-1"}),
        ("s3://${bucket}/models", {None, "eu-west-1", "us-east-1"}),
        ("s3://<bucket>", {None, "eu-west-1", "us-east-1"}),
        ("s3://[bucket]/models", {None, "eu-west-1", "us-east-1"}),
        ("s3://my bucket/models", {None, "eu-west-1", "us-east-1"}),
        ("s3://My-Bucket/models", {"eu-west-1"}),
        ("s3://YOUR_BUCKET/models", {"eu-west-1"}),
        ("https://s3.eu-west-1.amazonaws.com/{bucket}/models", {None, "eu-west-1", "us-east-1"}),
        ("s3://bucket/{prefix}/Models", set[str | None]()),
        ("s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/train/models", set[str | None]()),
    ],
)
def test_a_bucket_that_no_region_or_not_this_one_has_is_refused(address: str, refused_in: set[str | None]) -> None:
    """Whatever the key may be; an old bucket of us-east-1 may have capitals."""
    regions = (None, "eu-west-1", "us-east-1")
    assert {region for region in regions if refused_bucket(address, region)} == refused_in


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("s3://bucket/a//b", "a key without //"),
        ("s3://bucket//a", "a key without //"),
        ("s3://bucket/a//", "a key without //"),
        ("https://bucket.s3.eu-west-1.amazonaws.com/a//b", "a key without //"),
        ("s3://My-Bucket/a", "only lower case letters"),
        ("s3://amzn-s3-demo-bucket/a", "the name of a bucket where this has an example's"),
        ("https://example.com/a", "s3://bucket/key"),
        ("s3://arn:aws:s3:::bucket/a", "a bucket is addressed by its name, not by its ARN"),
        ("s3://bucket/a/b/", None),
        ("s3://bucket", None),
        ("s3://bucket/", None),
    ],
)
def test_an_address_is_doubtful(address: str, expected: str | None) -> None:
    """With what is probably meant."""
    found = doubtful_address(address, None)
    assert found is None if expected is None else expected in (found or "")


def test_slashes_at_the_end_of_an_output_are_no_part_of_its_keys() -> None:
    """SageMaker joins them with the job's name; in the middle they are."""
    assert doubtful_output("s3://bucket/models//", None) is None
    assert doubtful_output("s3://bucket/a//models", None)


@pytest.mark.parametrize(
    ("arn", "region", "elsewhere"),
    [
        ("arn:aws:sagemaker:us-east-1:123456789012:training-plan/p", "us-west-2", True),
        ("arn:aws:sagemaker:us-west-2:123456789012:training-plan/p", "us-west-2", False),
        ("arn:aws:sagemaker:cn-north-1:123456789012:training-plan/p", "cn-north-1", True),
        ("arn:aws-cn:sagemaker:cn-north-1:123456789012:training-plan/p", "cn-north-1", False),
        ("arn:aws:sagemaker:us-east-1:123456789012:training-plan/p", None, False),
        ("alias/key", "us-west-2", False),
        ("trees", "us-west-2", False),
    ],
)
def test_an_arn_of_another_region_or_partition_is_elsewhere(arn: str, region: str | None, elsewhere: bool) -> None:
    """A name is always of the job's Region."""
    assert is_elsewhere(arn, region) is elsewhere


@pytest.mark.parametrize(("account", "of_marketplace"), [("111122223333", False), ("123456789012", True), (None, None)])
def test_an_algorithm_of_another_account_is_an_offer(account: str | None, of_marketplace: bool | None) -> None:
    """There is no other way to use one."""
    assert marketplace_algorithm("arn:aws:sagemaker:us-west-2:111122223333:algorithm/trees", account) is of_marketplace


def test_the_accounts_of_aws_marketplace_are_known() -> None:
    """Whatever the job's account is; a plain name is the job's own."""
    assert marketplace_algorithm("arn:aws:sagemaker:us-east-1:865070037744:algorithm/trees", None) is True
    assert marketplace_algorithm("trees", None) is False


def members(shape: Shape, path: str = "") -> Iterator[tuple[str, Any]]:
    """The texts of a structure with their paths; a list of texts by its own."""
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield from members(member, f"{path}.{name}".lstrip("."))
    elif isinstance(shape, ListShape):
        yield from members(shape.member, path if shape.member.type_name == "string" else f"{path}[]")
    elif shape.type_name == "string":
        yield path, shape


def test_every_address_of_the_api_is_in_a_table() -> None:
    """A location or an ARN that the API gets is checked, or named here."""
    model = botocore.session.get_session().get_service_model("sagemaker")
    request = model.operation_model("CreateTrainingJob").input_shape
    assert request is not None
    texts = dict(members(request))
    addresses = {path for path in texts if re.search(r"(Arn|Arns|S3Uri|S3OutputPath|KmsKeyId)\Z", path)}
    named = {"AlgorithmSpecification.AlgorithmName"}
    assert addresses - NOT_OF_THE_REGION | named == {*S3_MEMBERS, *ARN_MEMBERS}
