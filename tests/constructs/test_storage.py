"""Buckets and keys: encrypted, versioned, never public."""

from __future__ import annotations

import json

import pulumi
import pytest
from graphs import ACCOUNT, graph
from pulumi.output import Unknown

from sagemaker_constructs import TrainingBucket, TrainingKey

SELF = "sagemaker-constructs:index:TrainingBucket"


def test_a_bucket_has_its_settings() -> None:
    """Each of them once, as the bucket's siblings below the component."""
    found = graph(lambda: TrainingBucket("b"))

    assert found.counts() == {
        "Bucket": 1,
        "BucketLifecycleConfiguration": 1,
        "BucketOwnershipControls": 1,
        "BucketPolicy": 1,
        "BucketPublicAccessBlock": 1,
        "BucketServerSideEncryptionConfiguration": 1,
        "BucketVersioning": 1,
        "TrainingBucket": 1,
    }
    assert {each.parent for each in found.placed if each.type != SELF} == {SELF}
    assert {each.name for each in found.placed} == {"b"}
    assert found.of("BucketVersioning")["b"]["versioningConfiguration"] == {"status": "Enabled"}
    assert found.of("BucketOwnershipControls")["b"]["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
    closed = found.of("BucketPublicAccessBlock")["b"]
    assert all(
        closed[name] for name in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    )


def test_only_tls_is_let_in() -> None:
    """Everything else is denied, on the bucket and on its objects."""
    policy = json.loads(graph(lambda: TrainingBucket("b")).of("BucketPolicy")["b"]["policy"])

    (statement,) = policy["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Resource"] == ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_encryption_is_s3s_own_or_by_a_key() -> None:
    """A key comes with a bucket key, which saves requests."""
    plain = graph(lambda: TrainingBucket("b")).of("BucketServerSideEncryptionConfiguration")["b"]["rules"]
    keyed = graph(lambda: TrainingBucket("b", key=TrainingKey("k")))

    assert plain == [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]
    assert keyed.of("BucketServerSideEncryptionConfiguration")["b"]["rules"] == [
        {
            "applyServerSideEncryptionByDefault": {
                "sseAlgorithm": "aws:kms",
                "kmsMasterKeyId": f"arn:aws:service:eu-west-1:{ACCOUNT}:k",
            },
            "bucketKeyEnabled": True,
        }
    ]


@pytest.mark.parametrize(
    ("checkpoints", "noncurrent", "rules"),
    [
        (30, 90, ["unfinished-uploads", "checkpoints", "noncurrent-versions"]),
        (None, 90, ["unfinished-uploads", "noncurrent-versions"]),
        (None, None, ["unfinished-uploads"]),
    ],
)
def test_what_is_no_longer_needed_goes(checkpoints: int | None, noncurrent: int | None, rules: list[str]) -> None:
    """Checkpoints and old versions by choice, unfinished uploads in any case."""
    found = graph(
        lambda: TrainingBucket("b", checkpoint_expiration_in_days=checkpoints, noncurrent_expiration_in_days=noncurrent)
    )

    assert [rule["id"] for rule in found.of("BucketLifecycleConfiguration")["b"]["rules"]] == rules


def test_addresses_are_made_from_the_bucket() -> None:
    """What a channel or an output takes."""
    seen: list[str] = []
    graph(lambda: TrainingBucket("b").uri("data/train/").apply(seen.append))

    assert seen == ["s3://b/data/train/"]


def test_a_given_name_is_known_in_a_preview() -> None:
    """So that the job's configuration is, too."""
    seen: list[str] = []
    graph(lambda: TrainingBucket("b", bucket="given").uri().apply(seen.append), preview=True)

    assert seen == ["s3://given/"]


def test_a_key_is_rotated_and_has_an_alias_of_the_stack() -> None:
    """Two stacks in an account do not fight over it."""
    found = graph(lambda: TrainingKey("k"))

    assert found.counts() == {"Alias": 1, "Key": 1, "TrainingKey": 1}
    assert found.of("Key")["k"]["enableKeyRotation"] is True
    assert found.of("Key")["k"]["deletionWindowInDays"] == 30
    assert found.of("Alias")["k"]["name"] == "alias/project/stack/k"
    assert not isinstance(found.of("Alias")["k"]["targetKeyId"], Unknown)


def test_keys_of_one_name_in_two_components_have_two_aliases() -> None:
    """As they have two URNs; neither has that of a key of the stack itself."""

    def within(component: str) -> str:
        def build() -> None:
            parent = pulumi.ComponentResource(f"my:index:{component}", "c")
            TrainingKey("k", opts=pulumi.ResourceOptions(parent=parent))

        return graph(build, preview=True).of("Alias")["k"]["name"]

    names = [within("One"), within("Other"), "alias/project/stack/k"]
    assert len(set(names)) == len(names)
    assert all(isinstance(each, str) and each.startswith("alias/project/stack/k") for each in names)
