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

from sagemaker_constructs.network import existing_checks as fitness
from sagemaker_constructs.network.address_plan import NetworkRefusedError
from sagemaker_constructs.network.endpoints import service_name
from sagemaker_constructs.network.existing_checks import WAYS, Placement, Subnet
from sagemaker_constructs.program.invokes import looking_up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from sagemaker_constructs.api.deferred import Input
    from sagemaker_constructs.network.vpc import Parts


def zone_names(parts: Parts, zones: int | Sequence[str]) -> Sequence[str]:
    """The first zones of the Region that need no opt-in, or the given ones when the Region has them.

    Raises:
        NetworkRefusedError: there are fewer, the Region has none of a name, or nobody may look.
    """
    counted = isinstance(zones, int)
    with looking_up(NetworkRefusedError, f"zones: got {zones}", "zones that can be looked up, or their names"):
        found = aws.get_availability_zones(
            state="available",
            filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}] if counted else None,
            opts=InvokeOptions(parent=parts.network),
        )
    names = sorted(found.names)
    if counted:
        if len(names) < zones:
            raise NetworkRefusedError(f"zones: got {zones}, expected at most {len(names)}: {', '.join(names)}")
        return names[:zones]
    strange = [each for each in zones if each not in names]
    if strange:
        raise NetworkRefusedError(f"zones: got {', '.join(strange)}, expected some of {', '.join(names)}")
    return zones


def fitting_vpc(
    parts: Parts, vpc: Input[str], groups: Sequence[Input[str]], block: str, *, way_out: bool
) -> Output[str]:
    """A VPC in which subnets can be made out of `block`, and jobs run in the security groups.

    Raises:
        NetworkRefusedError: it is not there, its tenancy is dedicated, the block is not in its range, a group is of
            another VPC, or it has an internet gateway already and is to get a `way_out`.
    """
    opts = InvokeOptions(parent=parts.network)

    def check(known: Sequence[str]) -> list[str]:
        with _looking_up("vpc", known[0]):
            found = aws.ec2.get_vpc(id=known[0], opts=opts)
        ranges = [each.cidr_block for each in found.cidr_block_associations]
        wrong = list(fitness.wrong_tenancy({found.id: found.instance_tenancy}))
        wrong += fitness.wrong_groups({each: _group_vpc(each, opts) for each in known[1:]}, {found.id})
        if not any(IPv4Network(block).subnet_of(IPv4Network(each)) for each in ranges):
            wrong.append(f"cidr_block: got {block}, expected a part of {found.id}'s {' or '.join(ranges)}")
        public = dict([WAYS["internet gateway"]])
        own = {"tag:Name": f"{parts.name}-public"}  # the one that an earlier update has made
        if way_out and _tables(found.id, opts, **public) and not _tables(found.id, opts, **public, **own):
            wrong.append(
                f"nat_gateways: {found.id} has an internet gateway already and takes no other, expected 0: make "
                "the NAT gateways beside it, and give private subnets that lead to them"
            )
        _refuse(wrong)
        return list(known)

    return _checked(parts, [vpc, *groups], check)[0]


def fitting_subnets(
    parts: Parts, subnets: Sequence[Input[str]], groups: Sequence[Input[str]], instances: int, *, endpoints: bool
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
            endpoints=endpoints,
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
        return _tables(found.vpc_id, opts, **filters)

    own = {"association.subnet-id": found.id}
    table = own if tables(**own) else {"association.main": "true"}
    ways = {way for way, (name, value) in WAYS.items() if tables(**table, **{name: value})}
    if "endpoint" in ways and not _leads_to_s3(found.vpc_id, tables(**table), opts):
        ways.remove("endpoint")
    return Subnet(found.id, found.vpc_id, found.available_ip_address_count, frozenset(ways), found.availability_zone)


def _tables(vpc: str, opts: InvokeOptions, **filters: str) -> Sequence[str]:
    """The route tables of a VPC that DescribeRouteTables finds."""
    named: list[Any] = [{"name": name, "values": [value]} for name, value in filters.items()]
    return aws.ec2.get_route_tables(vpc_id=vpc, filters=named, opts=opts).ids


def _leads_to_s3(vpc: str, tables: Sequence[str], opts: InvokeOptions) -> bool:
    """Whether a gateway endpoint of the tables is S3's, for DynamoDB's has the same form; where nobody can tell, it is.

    The look-up of a route table leaves these routes out, and one of endpoints takes no table.
    """
    service = service_name("s3", aws.get_region(opts=opts).region)
    kind: list[Any] = [{"name": "vpc-endpoint-type", "values": ["Gateway"]}]
    try:
        found = aws.ec2.get_vpc_endpoint(vpc_id=vpc, service_name=service, filters=kind, opts=opts)
    except Exception as failure:  # noqa: BLE001  the SDK raises no class of its own
        pulumi.log.debug(f"S3's gateway endpoint in {vpc}: {failure}")
        return "no matching" not in str(failure)  # else there are several, or nobody may look
    return not set(tables).isdisjoint(found.route_table_ids)


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
