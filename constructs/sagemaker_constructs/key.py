"""`TrainingKey`: a KMS key of one's own for training data, models and volumes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.api.deferred import Input


class TrainingKey(ComponentResource):
    """A KMS key that is rotated each year, with an alias. Who may use it is said in IAM, as `TrainingRole` does.

    Give it to a `TrainingBucket`, to `kms_key_id` of the output and to `volume_kms_key_id` of the machines. A key costs
    1 USD a month, and 0.03 USD for 10,000 requests.

    Args:
        name: the resource's name. The alias is `alias/<project>/<stack>/<name>`, which no other stack has; a key
            within a component has the hash of what it is within behind its name, for another component's may be alike.
        deletion_window_in_days: 7 to 30 days from the key's destruction until it is gone for good, with everything that
            was encrypted with it. Default 30.
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
    """The alias, which is told from others of its name as the key's URN is: by the types of what it is within."""
    types = key_urn.split("::")[2].split("$")
    within = "$".join(types[:-2])  # without those of the TrainingKey and the key
    suffix = f"-{hashlib.sha256(within.encode()).hexdigest()[:8]}" if within else ""
    return f"alias/{pulumi.get_project()}/{pulumi.get_stack()}/{name}{suffix}"
