"""The AWS settings of the stack, in every form in which they come."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.aws.settings import AwsSettings, aws_settings


def read(**values: Any) -> AwsSettings:
    """The settings of a stack that has these keys under `aws:`."""
    return aws_settings({f"aws:{name}": value for name, value in values.items()}.get)


def test_a_stack_without_settings_leaves_all_to_boto3() -> None:
    """No key of ours has a value that boto3 would have found."""
    assert read() == AwsSettings()


def test_plain_values_are_text() -> None:
    """Numbers and booleans too: Pulumi keeps text."""
    settings = read(
        region="eu-west-1",
        profile="815",
        maxRetries="3",
        retryMode="standard",
        useFipsEndpoint="true",
        useDualstackEndpoint="false",
    )
    assert (settings.region, settings.profile, settings.max_retries) == ("eu-west-1", "815", 3)
    assert (settings.retry_mode, settings.use_fips_endpoint, settings.use_dualstack_endpoint) == (
        "standard",
        True,
        False,
    )


def test_keys_are_never_shown() -> None:
    """Not in a repr, so not in a log."""
    settings = read(accessKey="AKIA", secretKey="hidden", token="hidden")
    assert settings.secret_key
    assert settings.secret_key.get_secret_value() == "hidden"
    assert "hidden" not in repr(settings)
    assert "AKIA" not in repr(settings)


@pytest.mark.parametrize(
    "value",
    [
        '[{"sagemaker": "http://127.0.0.1:1", "s3": "http://127.0.0.1:2", "ec2": ""}]',
        '[{"sagemaker": "http://127.0.0.1:1"}, {"s3": "http://127.0.0.1:2"}]',
        '{"sagemaker": "http://127.0.0.1:1", "s3": "http://127.0.0.1:2", "ec2": ""}',
        [{"sagemaker": "http://127.0.0.1:1", "s3": "http://127.0.0.1:2"}],
    ],
)
def test_endpoints_are_a_list_of_mappings_or_one(value: Any) -> None:
    """As pulumi-aws takes them; an empty one is none."""
    assert read(endpoints=value).endpoints == {"sagemaker": "http://127.0.0.1:1", "s3": "http://127.0.0.1:2"}


@pytest.mark.parametrize("value", ['["012345678901", "123456789012"]', ["012345678901", "123456789012"]])
def test_account_ids_keep_their_leading_zeros(value: Any) -> None:
    """They are names, not numbers."""
    assert read(allowedAccountIds=value).allowed_account_ids == ("012345678901", "123456789012")
    assert read(forbiddenAccountIds=value).forbidden_account_ids == ("012345678901", "123456789012")


def test_roles_are_assumed_one_after_the_other() -> None:
    """With all that AssumeRole takes; more than we know is left to pulumi-aws."""
    first = {"roleArn": "arn:aws:iam::1:role/a"}
    second = {
        "roleArn": "arn:aws:iam::2:role/b",
        "sessionName": "deploy",
        "externalId": "x",
        "duration": "1h30m",
        "policyArns": ["arn:p"],
        "tags": {"a": "b"},
        "transitiveTagKeys": ["a"],
        "sourceIdentity": "me",
        "later": "invention",
    }
    roles = read(assumeRoles=json.dumps([first, second])).assume_roles
    assert [role.role_arn for role in roles] == ["arn:aws:iam::1:role/a", "arn:aws:iam::2:role/b"]
    assert roles[0].session_name == "pulumi"
    assert (roles[1].external_id, roles[1].duration, roles[1].policy_arns) == ("x", "1h30m", ("arn:p",))


def test_default_tags_come_as_json() -> None:
    """In the form that pulumi-aws reads."""
    assert read(defaultTags='{"tags": {"team": "research"}}').default_tags.tags == {"team": "research"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("assumeRoles", '[{"roleArn": '),
        ("assumeRoles", '[{"externalId": "hidden"}]'),
        ("endpoints", '["hidden"]'),
        ("maxRetries", "hidden"),
        ("retryMode", "hidden"),
        ("allowedAccountIds", "hidden"),
        ("defaultTags", '{"tags": "hidden"}'),
        ("useFipsEndpoint", "hidden"),
    ],
)
def test_a_value_that_is_not_of_its_form_is_named_in_one_sentence(name: str, value: str) -> None:
    """By its key, without the value, which may be a secret."""
    with pytest.raises(ReconcileError) as caught:
        read(**{name: value})
    text = str(caught.value)
    assert text.startswith(f"aws:{name}")
    assert "hidden" not in text
    assert "\n" not in text


def test_every_wrong_value_is_named_at_once() -> None:
    """Not the first alone."""
    with pytest.raises(ReconcileError, match=r"aws:maxRetries.*; aws:retryMode"):
        read(maxRetries="many", retryMode="hasty")
