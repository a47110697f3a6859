"""Names of buckets: what no bucket can be called, and what only an old one can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sagemaker_constructs.addresses.bucket_names import NAMING, broken_naming_rule

CERTAIN = {
    "": "3 to 63 characters",
    "ab": "3 to 63 characters",
    "a" * 256: "3 to 63 characters",
    "s3:": "the name of a bucket, without another s3:// before it",
    "https:": "the name of a bucket, without another s3:// before it",
    "<my-bucket>": "the name of a bucket where this has a placeholder",
    "{bucket}": "the name of a bucket where this has a placeholder",
    "${bucket}": "the name of a bucket where this has a placeholder",
    "my bucket": "only lower case letters, digits, dots and hyphens",
    "birds\n": "only lower case letters, digits, dots and hyphens",
    "vögel": "only lower case letters, digits, dots and hyphens",
    "fast--x-s3": "<base name>--<zone id>--x-s3, as in data--use1-az4--x-s3",
    "--use1-az4--x-s3": "<base name>--<zone id>--x-s3, as in data--use1-az4--x-s3",
}
OLD = {
    "My-Bucket": "only lower case letters, digits, dots and hyphens",
    "my_bucket": "only lower case letters, digits, dots and hyphens",
    "a" * 64: "3 to 63 characters",
    "-birds": "a letter or digit at both ends",
    "birds.": "a letter or digit at both ends",
    "my..birds": "no two adjacent dots",
    "192.168.5.4": "a name that is no IP address",
    "amzn-s3-demo-bucket": "the name of a bucket where this has an example's",
    "xn--birds": "a name without a prefix that S3 reserves",
    "sthree-birds": "a name without a prefix that S3 reserves",
    "birds.mrap": "a name without a suffix that S3 reserves",
    "birds--table-s3": "a name without a suffix that S3 reserves",
}


@pytest.mark.parametrize(
    ("bucket", "says", "certain"),
    [*((name, says, True) for name, says in CERTAIN.items()), *((name, says, False) for name, says in OLD.items())],
)
def test_a_name_breaks_a_rule(bucket: str, says: str, certain: bool) -> None:
    """With certainty where no bucket was ever called that."""
    rule = broken_naming_rule(bucket)

    assert rule is not None
    assert (rule.says, rule.certain) == (says, certain)


@pytest.mark.parametrize(
    "bucket",
    [
        "abc",
        "http",
        "a" * 63,
        "my.birds",
        "birds-123456789012-eu-west-1-an",
        f"train-{'a1' * 17}-s3alias",
        "fast--use1-az4--x-s3",
        "fast--usw2-lax1-az1--x-s3",
        "train--use1-az4--xa-s3",
        "arn:aws:s3:eu-west-1:123456789012:accesspoint/train",
    ],
)
def test_a_good_name_breaks_none(bucket: str) -> None:
    """Nor do the names, aliases and ARNs of access points."""
    assert broken_naming_rule(bucket) is None


@pytest.mark.parametrize(
    ("bucket", "certain"),
    [
        ("<my-bucket>", {None, "us-east-1", "eu-west-1"}),
        ("My-Bucket", {"eu-west-1"}),
        ("my_bucket", {"eu-west-1"}),
        ("amzn-s3-demo-bucket", set[str | None]()),
    ],
)
def test_an_old_name_is_certainly_wrong_where_there_are_no_old_buckets(bucket: str, certain: set[str | None]) -> None:
    """Only us-east-1 has had buckets with capitals and underscores."""
    rule = broken_naming_rule(bucket)

    assert rule is not None
    assert {region for region in (None, "us-east-1", "eu-west-1") if rule.is_certain_in(region)} == certain


def test_certain_rules_come_first() -> None:
    """So that an old bucket's possible name never hides an impossible one."""
    assert [rule.certain for rule in NAMING] == sorted((rule.certain for rule in NAMING), reverse=True)


@given(st.from_regex(r"[a-z0-9]([a-z0-9]|-(?!-)){1,40}[a-z0-9]", fullmatch=True))
def test_plain_names_break_none(bucket: str) -> None:
    """Letters, digits and single hyphens, unless S3 reserves the prefix."""
    assert broken_naming_rule(bucket) is None or bucket.startswith(("sthree-", "amzn-s3-demo-"))
