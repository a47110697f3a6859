"""Looks up the partition, the Region and the account in which a program deploys.

Input: options of the lookups, whose provider decides. Output: their names, or a `Scope`. The mocks of a program's unit
test may answer nothing; then they are those of the configuration, in the account of AWS's own examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi_aws as aws
from pulumi import Output

from sagemaker_constructs.permissions.scope import Scope
from sagemaker_constructs.program.stack_settings import find_region

if TYPE_CHECKING:
    from pulumi import InvokeOutputOptions

    from sagemaker_constructs.api.deferred import Input

MOCKED = Scope(partition="aws", region="us-east-1", account="123456789012")
"""Where a unit test deploys whose mocks and configuration say nothing."""


def partition(opts: InvokeOutputOptions) -> Output[str]:
    """The partition."""
    return aws.get_partition_output(opts=opts).partition.apply(lambda known: known or MOCKED.partition)


def region(opts: InvokeOutputOptions) -> Output[str]:
    """The Region."""
    return aws.get_region_output(opts=opts).region.apply(lambda known: known or find_region() or MOCKED.region)


def account(opts: InvokeOutputOptions) -> Output[str]:
    """The account."""
    return aws.get_caller_identity_output(opts=opts).account_id.apply(lambda known: known or MOCKED.account)


def scope(opts: InvokeOutputOptions, in_region: Input[str] | None) -> Output[Scope]:
    """All three, on request with another Region."""
    found: Output[Any] = Output.all(partition(opts), in_region or region(opts), account(opts))
    return found.apply(lambda known: Scope(*known))
