"""ARNs: split once, joined again without loss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_constructs.addresses.arns import Arn, parse_arn, resource_name

WORD = st.from_regex(r"[a-z0-9*-]+", fullmatch=True)
MAYBE = st.from_regex(r"[a-z0-9*-]*", fullmatch=True)
ARNS = st.builds(Arn, WORD, WORD, MAYBE, MAYBE, st.text(min_size=1))


@pytest.mark.parametrize(
    ("text", "arn", "name"),
    [
        (
            "arn:aws:iam::123456789012:role/service-role/training",
            Arn("aws", "iam", "", "123456789012", "role/service-role/training"),
            "training",
        ),
        (
            "arn:aws-cn:sagemaker:cn-north-1:123456789012:training-job/birds",
            Arn("aws-cn", "sagemaker", "cn-north-1", "123456789012", "training-job/birds"),
            "birds",
        ),
        (
            "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/TrainingJobs:*",
            Arn("aws", "logs", "eu-west-1", "123456789012", "log-group:/aws/sagemaker/TrainingJobs:*"),
            "TrainingJobs:*",
        ),
        ("arn:aws:s3:::birds", Arn("aws", "s3", "", "", "birds"), "birds"),
        ("arn:*:sagemaker:*:*:*", Arn("*", "sagemaker", "*", "*", "*"), "*"),
    ],
)
def test_an_arn_has_five_parts(text: str, arn: Arn, name: str) -> None:
    """Of which the last keeps its colons and slashes."""
    assert (parse_arn(text), arn.resource_name) == (arn, name)


def test_a_resource_is_named_by_its_arn_or_by_its_name() -> None:
    """A name is one already."""
    assert resource_name("arn:aws:iam::123456789012:role/service-role/training") == "training"
    assert resource_name("training") == "training"


@pytest.mark.parametrize(
    "text", ["", "birds", "alias/key", "arn:aws:s3", "arn:aws:s3:::", "arn::s3:::b", "arn:aws::::b", "urn:a:b:c:d:e"]
)
def test_another_text_is_no_arn(text: str) -> None:
    """Such as a key's alias or an algorithm's name, which members take beside ARNs."""
    assert parse_arn(text) is None


@given(ARNS)
def test_parts_come_back_from_text(arn: Arn) -> None:
    """Whatever the resource is called."""
    assert parse_arn(arn.text) == arn


@given(st.text() | st.text(alphabet=":/arn*"))
def test_any_text_is_an_arn_or_none(text: str) -> None:
    """And an ARN is the text that it was split from."""
    found = parse_arn(text)

    assert found is None or found.text == text
