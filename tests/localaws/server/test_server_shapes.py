"""Requests against botocore's model."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape

from localaws.server.errors import ServiceError
from localaws.server.training.shapes import JSON_TYPES, model, parse, pattern


def request(**members: Any) -> bytes:
    """A CreateTrainingJob that the model accepts; members override."""
    return json.dumps(
        {
            "TrainingJobName": "job",
            "RoleArn": "arn:aws:iam::123456789012:role/training",
            "OutputDataConfig": {"S3OutputPath": "s3://data/output"},
        }
        | members
    ).encode()


def refusal(body: bytes, operation: str = "CreateTrainingJob") -> str:
    """Code and message with which a body is refused."""
    with pytest.raises(ServiceError) as caught:
        parse(operation, body)
    return str(caught.value)


MAP_OF_512 = (
    "Map value must satisfy constraint: [Member must have length less than or equal to 512, "
    "Member must have length greater than or equal to 0, "
    r"Member must satisfy regular expression pattern: [\S\s]*]"
)
NAMES = "Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
AT_LEAST = "Member must have value greater than or equal to 0"


@pytest.mark.parametrize(
    ("members", "where", "constraint"),
    [
        ({"RoleArn": None}, "null at 'roleArn'", "Member must not be null"),
        ({"ResourceConfig": {"InstanceCount": -1}}, "'-1' at 'resourceConfig.instanceCount'", AT_LEAST),
        (
            {"VpcConfig": {"SecurityGroupIds": [], "Subnets": ["subnet-1"]}},
            "'[]' at 'vpcConfig.securityGroupIds'",
            "Member must have length greater than or equal to 1",
        ),
        (
            {"RetryStrategy": {"MaximumRetryAttempts": 31}},
            "'31' at 'retryStrategy.maximumRetryAttempts'",
            "Member must have value less than or equal to 30",
        ),
        ({"TrainingJobName": "under_score"}, "'under_score' at 'trainingJobName'", NAMES),
        (
            {"AlgorithmSpecification": {"TrainingInputMode": "Fast"}},
            "'Fast' at 'algorithmSpecification.trainingInputMode'",
            "Member must satisfy enum value set: [Pipe, File, FastFile]",
        ),
        (
            {"InputDataConfig": [{"ChannelName": "train"}]},
            "null at 'inputDataConfig.1.member.dataSource'",
            "Member must not be null",
        ),
        ({"Environment": {"A": "b" * 513}}, f"'{{A={'b' * 513}}}' at 'environment'", MAP_OF_512),
    ],
)
def test_a_broken_constraint_is_reported_in_awss_words(members: dict[str, Any], where: str, constraint: str) -> None:
    """Value, path and constraint, for each kind of constraint."""
    expected = f"1 validation error detected: Value {where} failed to satisfy constraint: {constraint}"

    assert refusal(request(**members)) == f"ValidationException: {expected}"


def test_every_broken_constraint_is_counted_and_listed() -> None:
    """Three mistakes are reported at once."""
    message = refusal(request(TrainingJobName="-", RoleArn="r", ResourceConfig={"InstanceType": "ml.none"}))

    assert message.startswith("ValidationException: 4 validation errors detected: ")
    assert [path in message for path in ("'trainingJobName'", "'roleArn'", "'resourceConfig.instanceType'")] == [
        True
    ] * 3


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"text"', request(HyperParameters={"depth": 5}), request(EnableNetworkIsolation="true")],
)
def test_what_is_not_of_the_right_type_can_not_be_serialized(body: bytes) -> None:
    """Neither broken JSON nor a number for a text passes."""
    assert refusal(body).startswith("SerializationException: ")


def test_an_operation_that_sagemaker_lacks_is_unknown() -> None:
    """The name is looked up in the model."""
    assert refusal(b"{}", "TrainHarder").startswith("UnknownOperationException: ")


def test_unknown_members_are_dropped() -> None:
    """AWS ignores what it does not know, and nulls."""
    known = parse("CreateTrainingJob", request(NoSuchMember=1, Tags=None))

    assert known.keys() == {"TrainingJobName", "RoleArn", "OutputDataConfig"}


def test_tags_may_have_letters_of_any_language() -> None:
    r"""Java's \p{L} is understood."""
    parse("CreateTrainingJob", request(Tags=[{"Key": "Zweck", "Value": "Prüfung 試験"}]))

    assert "'tags.1.member.value'" in refusal(request(Tags=[{"Key": "Zweck", "Value": "a;b"}]))


def shapes(shape: Shape, seen: set[str]) -> set[Shape]:
    """A shape and all below it."""
    if shape.name in seen:
        return set()
    seen.add(shape.name)
    below: list[Shape] = []
    if isinstance(shape, StructureShape):
        below = list(shape.members.values())
    elif isinstance(shape, ListShape):
        below = [shape.member]
    elif isinstance(shape, MapShape):
        below = [shape.key, shape.value]
    return {shape}.union(*(shapes(one, seen) for one in below))


def test_every_operation_of_the_model_can_be_checked() -> None:
    """No type is unknown anywhere in SageMaker, and every pattern compiles: moto's operations are checked too."""
    inputs = [model().operation_model(name).input_shape for name in model().operation_names]
    everything = {shape for one in inputs if one for shape in shapes(one, set())}

    assert {shape.type_name for shape in everything} <= JSON_TYPES.keys()
    assert all(pattern(str(shape.metadata["pattern"])) for shape in everything if "pattern" in shape.metadata)


def test_java_is_understood_where_python_says_otherwise() -> None:
    """Categories of characters, pairs of surrogates, and a `$` that is repeated: the model has them all."""
    describes = pattern(r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*")
    columns = pattern(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*")
    metadata = pattern(r"([\p{L}\p{Z}\p{N}_.:\/=+\-@]*)${1,256}")

    assert [bool(describes.fullmatch(text)) for text in ("5 € für क्ष, 試験!", "a\nb")] == [True, False]
    assert [bool(columns.fullmatch(text)) for text in ("table\t\U0001f600", "a\nb")] == [True, False]
    assert [bool(metadata.fullmatch(text)) for text in ("team=Bücher", "a;b")] == [True, False]
