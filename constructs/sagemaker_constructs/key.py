"""Creates a KMS key for training data, models and volumes: `TrainingKey`."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.api.deferred import Input


class TrainingKey(ComponentResource):
    """A KMS key with yearly rotation and an alias. IAM policies, such as that of a `TrainingRole`, allow its use.

    Pass it to a `TrainingBucket`, as `kms_key_id` of an output and as `volume_kms_key_id` of instances. A key costs 1
    USD a month, and 0.03 USD for 10,000 requests.

    Args:
        name: the resource's name. The alias is `alias/<project>/<stack>/<name>`, which no other stack uses. For a key
            within a component it ends with a hash of the component's type, since a key of another component may have
            the same name. Characters that KMS does not accept are replaced, and a long name is cut; then a hash of the
            whole name follows.
        deletion_window_in_days: 7 to 30 days from destroying the key until KMS deletes it, and with it access to
            everything that is encrypted with it. Default: 30.
        tags: tags of the key.
        opts: the usual resource options.
    """

    arn: Output[str]
    """The key's ARN."""
    key_id: Output[str]
    """The key's id."""
    key: aws.kms.Key
    alias: aws.kms.Alias

    def __init__(
        self,
        name: str,
        *,
        deletion_window_in_days: int = 30,
        tags: Mapping[str, Input[str]] | None = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("sagemaker-constructs:index:TrainingKey", name, {}, opts)
        child = ResourceOptions(parent=self)
        self.key = aws.kms.Key(
            name,
            description=f"Training data and models of {pulumi.get_project()}",
            enable_key_rotation=True,
            deletion_window_in_days=deletion_window_in_days,
            tags=tags,
            opts=child,
        )
        self.alias = aws.kms.Alias(
            name,
            name=self.key.urn.apply(lambda urn: _alias(name, urn)),
            target_key_id=self.key.key_id,
            opts=child,
        )
        self.arn = self.key.arn
        self.key_id = self.key.key_id
        self.register_outputs({"arn": self.arn, "key_id": self.key_id})


def _alias(name: str, key_urn: str) -> str:
    """The alias. Like a URN, it contains the types of the parents, here as a hash, but not their names."""
    types = key_urn.split("::")[2].split("$")
    parents = "$".join(types[:-2])  # without the TrainingKey and the key
    suffix = f"-{_digest(parents)}" if parents else ""
    full = f"{pulumi.get_project()}/{pulumi.get_stack()}/{name}{suffix}"
    fit = re.sub(r"[^a-zA-Z0-9/_-]+", "-", full)[:_LONGEST_ALIAS]
    return f"alias/{fit}" if fit == full else f"alias/{fit.rstrip('-')}-{_digest(full)}"


_LONGEST_ALIAS = 240
"""Characters of an alias that are not its prefix, and leave room for a digest (CreateAlias, AliasName)."""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
