"""Allows a job to use its KMS keys, each for what the job does with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sagemaker_constructs.addresses.arns import Arn, parse_arn
from sagemaker_constructs.permissions.statement_row import ROLE_PAGE, Condition, StatementRow, Target, Targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sagemaker_constructs.permissions.needs import Needs
    from sagemaker_constructs.permissions.scope import Scope


def _keys(used: Callable[[Needs], frozenset[str]], condition: Callable[[Scope], Condition]) -> Targets:
    """Keys by id or ARN as resources, and keys by alias by the condition `kms:ResourceAliases`.

    Source: KMS Developer Guide, "alias-authorization".
    """

    def targets(needs: Needs, scope: Scope) -> Iterator[Target]:
        also = condition(scope)
        arns = [_arn(key, scope) for key in sorted(used(needs))]
        yield Target((arn.text for arn in arns if not arn.resource.startswith("alias/")), also)
        aliases: dict[str, list[str]] = {}
        for arn in arns:
            if arn.resource.startswith("alias/"):
                aliases.setdefault(replace(arn, resource="key/*").text, []).append(arn.resource)
        for keys, names in aliases.items():
            yield Target((keys,), {**also, "ForAnyValue:StringEquals": {"kms:ResourceAliases": names}}, "ByAlias")

    return targets


def _arn(key: str, scope: Scope) -> Arn:
    """The ARN of a key by its ARN, its alias, or its id."""
    resource = key if key.startswith("alias/") else f"key/{key}"
    return parse_arn(key) or Arn(scope.partition, "kms", scope.region, scope.account, resource)


def _unconditional(_: Scope) -> Condition:
    return {}


def _through_s3(scope: Scope) -> Condition:
    """S3 calls KMS on the role's behalf (KMS Developer Guide, "conditions-kms"); `*` stands for any DNS suffix."""
    return {"StringLike": {"kms:ViaService": f"s3.{scope.region}.*"}}


def _for_aws(_: Scope) -> Condition:
    return {"Bool": {"kms:GrantIsForAWSResource": "true"}}


ROWS: tuple[StatementRow, ...] = (
    StatementRow(
        "OutputKey",
        ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"),
        _keys(lambda needs: needs.output_keys, _unconditional),
        f"{ROLE_PAGE}; S3 User Guide: UsingKMSEncryption",
    ),
    StatementRow(
        "ReadKey",
        ("kms:Decrypt",),
        _keys(lambda needs: needs.read_keys - needs.write_keys - needs.output_keys, _through_s3),
        ROLE_PAGE,
    ),
    StatementRow(
        "WriteKey",
        ("kms:Decrypt", "kms:GenerateDataKey"),
        _keys(lambda needs: needs.write_keys - needs.output_keys, _through_s3),
        "S3 User Guide: UsingKMSEncryption",
    ),
    StatementRow(
        "VolumeKey",
        ("kms:DescribeKey",),
        _keys(lambda needs: needs.volume_keys, _unconditional),
        "KMS Developer Guide: services-ebs",
    ),
    StatementRow(
        "VolumeKeyGrants",
        ("kms:CreateGrant",),
        _keys(lambda needs: needs.volume_keys, _for_aws),
        ROLE_PAGE,
    ),
)
