"""What a network needs to know of the account: its zones, and what was given from outside.

Input: ids. Output: the same ids, when what they name was found to fit. An id that is known while the program runs is
looked up at once, so that a refusal comes before anything is made; an Output is looked up when it is known, and with
`depends_on` everything when that is there: in a preview, not at all while that is still to be made.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOptions, Output

from sagemaker_constructs.lookup import looking_up
from sagemaker_constructs.network import fitness
from sagemaker_constructs.network.addresses import NetworkRefusedError
from sagemaker_constructs.network.fitness import WAYS, Placement, Subnet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.network.resources import Parts


def zone_names(parts: Parts, count: int) -> list[str]:
    """The first zones of the Region that need no opt-in.

    Raises:
        NetworkRefusedError: there are fewer, or nobody may look.
    """
    with looking_up(NetworkRefusedError, f"zones: got {count}", "zones that can be looked up, or their names"):
        found = aws.get_availability_zones(
            state="available",
            filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
            opts=InvokeOptions(parent=parts.network),
        )
    names = sorted(found.names)
    if len(names) < count:
        raise NetworkRefusedError(f"zones: got {count}, expected at most {len(names)}: {', '.join(names)}")
    return names[:count]


def fitting_vpc(parts: Parts, vpc: Input[str], block: str) -> Output[str]:
    """A VPC in which subnets can be made out of `block`.

    Raises:
        NetworkRefusedError: it is not there, its tenancy is dedicated, or the block is not in its range.
    """

    def check(known: Sequence[str]) -> list[str]:
        with _looking_up("vpc", known[0]):
            found = aws.ec2.get_vpc(id=known[0], opts=InvokeOptions(parent=parts.network))
        ranges = [each.cidr_block for each in found.cidr_block_associations]
        wrong = list(fitness.wrong_tenancy({found.id: found.instance_tenancy}))
        if not any(IPv4Network(block).subnet_of(IPv4Network(each)) for each in ranges):
            wrong.append(f"cidr_block: got {block}, expected a part of {found.id}'s {' or '.join(ranges)}")
        _refuse(wrong)
        return [found.id]

    return _checked(parts, [vpc], check)[0]


def fitting_subnets(
    parts: Parts, subnets: Sequence[Input[str]], groups: Sequence[Input[str]], instances: int
) -> list[Output[str]]:
    """Subnets in which a job of so many machines can run with the security groups.

    Raises:
        NetworkRefusedError: no job could, or one of them is not there.
    """
    opts = InvokeOptions(parent=parts.network)

    def check(known: Sequence[str]) -> list[str]:
        ids, group_ids = known[: len(subnets)], known[len(subnets) :]
        found = tuple(_subnet(each, opts) for each in ids)
        placement = Placement(
            subnets=found,
            groups={each: _group_vpc(each, opts) for each in group_ids},
            tenancy={each: aws.ec2.get_vpc(id=each, opts=opts).instance_tenancy for each in {s.vpc for s in found}},
            instances=instances,
        )
        _refuse(fitness.refusals(placement))
        for sentence in fitness.warnings(placement):
            pulumi.log.warn(sentence, parts.network)
        return list(known)

    return _checked(parts, [*subnets, *groups], check)[: len(subnets)]


def vpc_of(parts: Parts, subnet: Input[str]) -> Output[str]:
    """The VPC of a subnet.

    Raises:
        NetworkRefusedError: the subnet is not there.
    """

    def look(known: Sequence[str]) -> list[str]:
        with _looking_up("subnets", known[0]):
            return [aws.ec2.get_subnet(id=known[0], opts=InvokeOptions(parent=parts.network)).vpc_id]

    return _checked(parts, [subnet], look)[0]


def _subnet(identifier: str, opts: InvokeOptions) -> Subnet:
    """A subnet and where its route table leads: the VPC's main one where it has none of its own."""
    with _looking_up("subnets", identifier):
        found = aws.ec2.get_subnet(id=identifier, opts=opts)

    def tables(**filters: str) -> Sequence[str]:
        named: list[Any] = [{"name": name, "values": [value]} for name, value in filters.items()]
        return aws.ec2.get_route_tables(vpc_id=found.vpc_id, filters=named, opts=opts).ids

    own = {"association.subnet-id": found.id}
    table = own if tables(**own) else {"association.main": "true"}
    ways = frozenset(way for way, (name, value) in WAYS.items() if tables(**table, **{name: value}))
    return Subnet(found.id, found.vpc_id, found.available_ip_address_count, ways)


def _group_vpc(identifier: str, opts: InvokeOptions) -> str:
    with _looking_up("security_groups", identifier):
        return aws.ec2.get_security_group(id=identifier, opts=opts).vpc_id


def _looking_up(argument: str, identifier: str) -> AbstractContextManager[None]:
    expected = "the id of one that is there, in the stack's account and Region"
    return looking_up(NetworkRefusedError, f"{argument}: got {identifier!r}", expected)


def _checked(parts: Parts, ids: list[Input[str]], check: Callable[[Sequence[str]], list[str]]) -> list[Output[str]]:
    """What comes of the ids, as soon as they are known and what they depend on is there."""
    known = [each for each in ids if isinstance(each, str)]
    if len(known) == len(ids) and parts.depends_on is None:
        fitting = Output.from_input(check(known))
    else:
        ready = aws.get_partition_output(opts=parts.asked_later).partition  # any look-up: the engine makes it wait
        fitting = Output.all(ready, *ids).apply(lambda each: check(each[1:]))
    return [fitting.apply(lambda found, number=number: found[number]) for number in range(len(ids))]


def _refuse(wrong: Sequence[str]) -> None:
    if wrong:
        raise NetworkRefusedError("\n".join(wrong))
