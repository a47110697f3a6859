"""Looks up what a network uses and does not create: a VPC, subnets, security groups.

Input: ids. Output: the same ids, once the resources are found and checked. Ids that are known when the program runs are
looked up at once, so that an error comes before any resource is created. Ids that are Outputs, and all ids of a network
with `depends_on`, are looked up when those are known; a preview in which they are unknown does not look them up. What
the mocks of a unit test leave unanswered is not checked.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
from pulumi import Output

from sagemaker_constructs.network.address_plan import NetworkRefusedError
from sagemaker_constructs.network.existing_checks import (
    ROUTES,
    ExistingNetwork,
    errors,
    group_errors,
    tenancy_errors,
    warnings,
)
from sagemaker_constructs.network.existing_subnet import existing_subnet, matching_route_tables
from sagemaker_constructs.program.invokes import lookup_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from pulumi import InvokeOptions

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.network.existing_checks import Subnet
    from sagemaker_constructs.network.parent import Parent


MOCKED_VPC = "vpc-mocked"
"""The VPC of a subnet of which the mocks of a unit test do not answer it."""


def checked_vpc(
    parent: Parent, vpc: Input[str], groups: Sequence[Input[str]], block: str, *, nat_gateways: bool
) -> Output[str]:
    """The id of a VPC in which subnets can be created, and jobs can run with the security groups.

    Args:
        parent: the network.
        vpc: the VPC's id.
        groups: ids of the security groups.
        block: range of the subnets.
        nat_gateways: whether NAT gateways will be created.

    Raises:
        NetworkRefusedError: the VPC does not exist, its tenancy is dedicated, the range is not part of its ranges, a
            security group belongs to another VPC, or NAT gateways require a second internet gateway.
    """

    def check(known: Sequence[str]) -> list[str]:
        with _lookup_errors("vpc", known[0]):
            found = aws.ec2.get_vpc(id=known[0], opts=parent.invoke)
        if found.cidr_block_associations is None:  # pyright: ignore[reportUnnecessaryComparison]  by mocks
            return [known[0]]
        ranges = [each.cidr_block for each in found.cidr_block_associations]
        wrong = [
            *tenancy_errors({found.id: found.instance_tenancy}),
            *group_errors(_answered({each: _group_vpc(each, parent.invoke) for each in known[1:]}), {found.id}),
        ]
        if not any(IPv4Network(block).subnet_of(IPv4Network(each)) for each in ranges):
            wrong.append(f"cidr_block: got {block}, expected a part of {' or '.join(ranges)}, the range of {found.id}")
        public = dict([ROUTES["internet gateway"]])
        own = {"tag:Name": f"{parent.name}-public"}  # the one that an earlier update has created
        if (
            nat_gateways
            and matching_route_tables(found.id, parent.invoke, **public)
            and not matching_route_tables(found.id, parent.invoke, **public, **own)
        ):
            wrong.append(
                f"nat_gateways must be 0: {found.id} already has an internet gateway, and a VPC can have only one; "
                "create NAT gateways yourself, and pass private subnets that route to them"
            )
        _refuse(wrong)
        return [found.id]

    return _when_known(parent, [vpc, *groups], check)[0]


def checked_subnets(
    parent: Parent, subnets: Sequence[Input[str]], groups: Sequence[Input[str]], instances: int, *, endpoints: bool
) -> tuple[list[Output[str]], Output[str]]:
    """The ids of subnets in which jobs can run with the security groups, and the id of their VPC.

    Args:
        parent: the network.
        subnets: ids of the subnets.
        groups: ids of the security groups.
        instances: instances of the largest job.
        endpoints: whether interface endpoints will be created in the subnets.

    Raises:
        NetworkRefusedError: a subnet or security group does not exist, or no job could run in the subnets.
    """

    def check(known: Sequence[str]) -> list[str]:
        given = known[: len(subnets)]
        found = [each for each in (_subnet(each, parent.invoke) for each in given) if each is not None]
        if len(found) < len(given):
            return [MOCKED_VPC, *given]
        groups = {each: _group_vpc(each, parent.invoke) for each in known[len(subnets) :]}
        vpcs = {each.vpc for each in found}
        tenancy = {each: aws.ec2.get_vpc(id=each, opts=parent.invoke).instance_tenancy for each in vpcs}
        existing = ExistingNetwork(
            subnets=tuple(found),
            groups=_answered(groups),
            tenancy=_answered(tenancy),
            instances=instances,
            endpoints=endpoints,
        )
        _refuse(errors(existing))
        for sentence in warnings(existing):
            pulumi.log.warn(sentence, parent.component)
        return [found[0].vpc, *(each.identifier for each in found)]

    vpc, *ids = _when_known(parent, [*subnets, *groups], check, 1 + len(subnets))
    return ids, vpc


def vpc_of(parent: Parent, subnet: Input[str]) -> Output[str]:
    """The id of a subnet's VPC.

    Raises:
        NetworkRefusedError: the subnet does not exist.
    """

    def look_up(known: Sequence[str]) -> list[str]:
        with _lookup_errors("subnets", known[0]):
            return [aws.ec2.get_subnet(id=known[0], opts=parent.invoke).vpc_id or MOCKED_VPC]

    return _when_known(parent, [subnet], look_up)[0]


def _answered(found: Mapping[str, str | None]) -> dict[str, str]:
    """What was found but for what mocks do not answer."""
    return {key: value for key, value in found.items() if value is not None}


def _subnet(identifier: str, opts: InvokeOptions) -> Subnet | None:
    with _lookup_errors("subnets", identifier):
        return existing_subnet(identifier, opts)


def _group_vpc(identifier: str, opts: InvokeOptions) -> str:
    with _lookup_errors("security_groups", identifier):
        return aws.ec2.get_security_group(id=identifier, opts=opts).vpc_id


def _lookup_errors(argument: str, identifier: str) -> AbstractContextManager[None]:
    expected = "the id of an existing one in the stack's account and Region"
    return lookup_errors(NetworkRefusedError, f"{argument}: got {identifier!r}", expected)


def _when_known(
    parent: Parent, ids: list[Input[str]], look_up: Callable[[Sequence[str]], list[str]], count: int = 1
) -> list[Output[str]]:
    """The ids that a lookup returns, `count` of them, once the ids that it takes and `depends_on` are known."""
    known = [each for each in ids if isinstance(each, str)]
    if len(known) == len(ids) and parent.depends_on is None:
        found = Output.from_input(look_up(known))
    else:
        ready = aws.get_partition_output(opts=parent.dependent_invoke).partition  # any invoke: it waits for depends_on
        found = Output.all(ready, *ids).apply(lambda each: look_up(each[1:]))
    return [found.apply(lambda each, number=number: each[number]) for number in range(count)]


def _refuse(sentences: Sequence[str]) -> None:
    if sentences:
        raise NetworkRefusedError("\n".join(sentences))
