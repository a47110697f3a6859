"""The KMS keys of a job, by what it does with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sagemaker_constructs.permissions.row import ROLE_PAGE, Condition, Place, Row, Target, Targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sagemaker_constructs.permissions.needs import Needs


def _keys(used: Callable[[Needs], frozenset[str]], condition: Callable[[Place], Condition]) -> Targets:
    """Keys by id or ARN are resources; the key behind an alias is known by the condition `kms:ResourceAliases`.

    Source: KMS Developer Guide, "alias-authorization".
    """

    def targets(needs: Needs, place: Place) -> Iterator[Target]:
        also = condition(place)
        keys = used(needs)
        aliases = {key for key in keys if re.search(r"(?:^|:)alias/", key)}
        yield Target(
            (key if key.startswith("arn:") else place.arn("kms", f"key/{key}") for key in keys - aliases), also
        )
        homes: dict[str, list[str]] = {}
        for alias in sorted(aliases):
            arn = alias if alias.startswith("arn:") else place.arn("kms", alias)
            home, _, name = arn.partition("alias/")
            homes.setdefault(f"{home}key/*", []).append(f"alias/{name}")
        for home, names in homes.items():
            yield Target((home,), {**also, "ForAnyValue:StringEquals": {"kms:ResourceAliases": names}}, "ByAlias")

    return targets


def _unconditional(_: Place) -> Condition:
    return {}


def _through_s3(place: Place) -> Condition:
    """S3 makes these calls in the role's name (KMS Developer Guide, "conditions-kms"); the ending is a partition's."""
    return {"StringLike": {"kms:ViaService": f"s3.{place.region}.*"}}


def _for_aws(_: Place) -> Condition:
    return {"Bool": {"kms:GrantIsForAWSResource": "true"}}


ROWS: tuple[Row, ...] = (
    Row(
        "OutputKey",
        ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"),
        _keys(lambda needs: needs.output_keys, _unconditional),
        f"{ROLE_PAGE}; S3 User Guide: UsingKMSEncryption",
    ),
    Row(
        "ReadKey",
        ("kms:Decrypt",),
        _keys(lambda needs: needs.read_keys - needs.write_keys - needs.output_keys, _through_s3),
        ROLE_PAGE,
    ),
    Row(
        "WriteKey",
        ("kms:Decrypt", "kms:GenerateDataKey"),
        _keys(lambda needs: needs.write_keys - needs.output_keys, _through_s3),
        "S3 User Guide: UsingKMSEncryption",
    ),
    Row(
        "VolumeKey",
        ("kms:DescribeKey",),
        _keys(lambda needs: needs.volume_keys, _unconditional),
        "KMS Developer Guide: services-ebs",
    ),
    Row(
        "VolumeKeyGrants",
        ("kms:CreateGrant",),
        _keys(lambda needs: needs.volume_keys, _for_aws),
        ROLE_PAGE,
    ),
)
