"""What a network is asked for, judged before anything is made.

Input: the arguments, as far as they are known while the program runs. Output: what is wrong with them, a sentence each.
One rule is a function; the table is at the end.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.mistakes import shown
from sagemaker_constructs.network.address_plan import (
    MOST_ZONES,
    NetworkRefusedError,
    place_of,
    public_blocks,
    subnet_blocks,
)
from sagemaker_constructs.network.endpoints import short_name
from sagemaker_constructs.network.machines import most
from sagemaker_constructs.program.arguments import One, Several, several, wrong_ones, wrong_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

SEVERAL = {
    "subnets": Several("subnet ids, or subnets", "id"),
    "security_groups": Several("security group ids, or security groups", "id"),
    "zones": Several("names of Availability Zones"),
    "interface_endpoints": Several("names of services"),
    "s3_buckets": Several("names of buckets", deferred=True),
}
"""The arguments with several values."""
_PLAIN: Mapping[str, tuple[type, str]] = {
    "cidr_block": (str, "an IPv4 range"),
    "instances": (int, "a whole number"),
    "nat_gateways": (int, "a whole number"),
    "flow_log_retention_in_days": (int, "a whole number"),
}
"""The arguments that decide what is made, so that they can be no Output."""
_ONE = {"vpc": One("the id of a VPC, or a VPC", "id")}
_DEFAULT_RANGE = "10.0.0.0/16"
_MOST = {"subnets": 16, "security_groups": 5}
"""How many a job takes (API reference, VpcConfig)."""
_RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""Days that CloudWatch Logs can keep a log (API reference, PutRetentionPolicy)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The arguments of a network under their names, those with several values as lists."""

    vpc: object | None
    subnets: Sequence[Any] | None
    security_groups: Sequence[Any] | None
    cidr_block: str | None
    zones: int | Sequence[Any]
    instances: int | None
    largest: int
    """Machines of the largest job, as the specs say."""
    interface_endpoints: Sequence[Any] | None
    s3_buckets: object | None
    nat_gateways: int
    flow_log_retention_in_days: int | None

    @property
    def block(self) -> str:
        """The range that is given, or the default."""
        return _DEFAULT_RANGE if self.cidr_block is None else self.cidr_block

    @property
    def machines(self) -> int:
        """How many machines a subnet must have addresses for."""
        return self.largest if self.instances is None else self.instances

    @property
    def zone_count(self) -> int:
        """How many zones."""
        return self.zones if isinstance(self.zones, int) else len(self.zones)

    @property
    def places(self) -> list[int]:
        """Which sixteenth of the range each zone has: in turn where they are counted, by its letter where named."""
        if isinstance(self.zones, int):
            return list(range(self.zones))
        return [place for place in map(place_of, self.zones) if place is not None]


def asked_for(
    jobs: Iterable[Mapping[str, Any]], arguments: Mapping[str, Any], tags: object = None
) -> tuple[Asked, list[str]]:
    """The arguments as they are used, and what is wrong with them.

    Args:
        jobs: members of the jobs that are to run here.
        arguments: all that `Asked` has but `largest`. One may be what its annotation does not allow.
        tags: the network's, which decide nothing.
    """
    wrong = [
        f"{name}: got {shown(arguments[name], (name,))}, expected {what} that is known while the program runs"
        for name, (kind, what) in _PLAIN.items()
        if not isinstance(arguments[name], kind | None) or isinstance(arguments[name], bool)
    ]
    wrong += [*wrong_ones(_ONE, {name: arguments[name] for name in _ONE}), *wrong_tags(tags)]
    lists, wrong_lists = several(
        SEVERAL, {name: arguments[name] for name in SEVERAL if type(arguments[name]) is not int}
    )
    asked = Asked(**{**arguments, **lists}, largest=max(map(most, jobs), default=1))
    wrong += wrong_lists
    return asked, wrong or [sentence for rule in _RULES for sentence in rule(asked)]


def _beside_subnets(asked: Asked) -> Iterator[str]:
    beside = {
        "vpc": asked.vpc is not None,
        "cidr_block": asked.cidr_block is not None,
        "s3_buckets": asked.s3_buckets is not None,
        "nat_gateways": bool(asked.nat_gateways),
    }
    wrong = [name for name, is_given in beside.items() if is_given]
    if asked.subnets is not None and wrong:
        yield f"{', '.join(wrong)}: got them beside subnets, expected none: those decide it"


def _range_in_the_vpc(asked: Asked) -> Iterator[str]:
    if asked.subnets is None and asked.vpc is not None and asked.cidr_block is None:
        yield "cidr_block: got vpc and no cidr_block, expected a free range in it"


def _counts(asked: Asked) -> Iterator[str]:
    for name, limit in _MOST.items():
        given = getattr(asked, name)
        if given is not None and not 1 <= len(given) <= limit:
            yield f"{name}: got {len(given)}, expected 1 to {limit}"


def _zones(asked: Asked) -> Iterator[str]:
    if not 1 <= asked.zone_count <= MOST_ZONES:
        yield f"zones: got {asked.zone_count}, expected 1 to {MOST_ZONES}"
    if not isinstance(asked.zones, int):
        yield from _twice("zones", asked.zones, "zone")
        yield from _places(asked.zones)


def _places(zones: Sequence[Any]) -> Iterator[str]:
    places: dict[int, str] = {}
    for zone in zones:
        place = place_of(zone) if isinstance(zone, str) else None
        if place is None:
            got = "one Output" if not isinstance(zone, str) else repr(zone)
            yield f"zones: got {got}, expected names that are known while the program runs and end in a letter, a to o"
        elif places.setdefault(place, zone) != zone:
            both = f"{places[place]!r} and {zone!r}"
            yield f"zones: got {both}, expected different last letters, which are the zones' places in the range"


def _same(asked: Asked) -> Iterator[str]:
    yield from _twice("subnets", asked.subnets or (), "subnet")
    yield from _twice("security_groups", asked.security_groups or (), "security group")


def _twice(argument: str, items: Iterable[Any], what: str) -> Iterator[str]:
    for item, count in Counter(each for each in items if isinstance(each, str)).items():
        if count > 1:
            yield f"{argument}: got {item!r} {count} times, expected each {what} once"


def _groups_of_a_new_vpc(asked: Asked) -> Iterator[str]:
    if asked.security_groups and asked.vpc is None and asked.subnets is None:
        yield "security_groups: got them for a VPC that is made, expected them beside the vpc or subnets that have them"


def _instances(asked: Asked) -> Iterator[str]:
    if asked.instances is not None and asked.instances < 1:
        yield f"instances: got {asked.instances}, expected at least 1"


def _blocks(asked: Asked) -> Iterator[str]:
    """The range by itself, whatever the zones are, and the public part of it only where the rest is right."""
    if asked.subnets is None:
        try:
            subnet_blocks(asked.block, 1, instances=asked.machines)
            if asked.nat_gateways > 0:
                public_blocks(asked.block, 1)
        except NetworkRefusedError as error:
            yield str(error)


def _gateways(asked: Asked) -> Iterator[str]:
    if asked.subnets is None and not 0 <= asked.nat_gateways <= max(asked.zone_count, 0):
        yield f"nat_gateways: got {asked.nat_gateways}, expected at most one for each of {asked.zone_count} zones"


def _services(asked: Asked) -> Iterator[str]:
    for service in asked.interface_endpoints or ():
        if not (isinstance(service, str) and re.fullmatch(r"[a-z0-9{][a-z0-9.{}-]*", service)):
            yield f"interface_endpoints: got {service!r}, expected a service's name such as ecr.dkr"
        elif short_name(service) == "s3":
            yield f"interface_endpoints: got {service!r}, expected none: the gateway endpoint leads to S3, for nothing"


def _bucket_names(asked: Asked) -> Iterator[str]:
    for bucket in asked.s3_buckets if isinstance(asked.s3_buckets, list) else ():
        if isinstance(bucket, str) and not re.fullmatch(r"[\w.-]+", bucket):
            yield f"s3_buckets: got {bucket!r}, expected a bucket's name alone"


def _retention(asked: Asked) -> Iterator[str]:
    days = asked.flow_log_retention_in_days
    if days is not None and days not in _RETENTIONS:
        yield f"flow_log_retention_in_days: got {days}, expected one of {', '.join(map(str, _RETENTIONS))}"


_RULES: Iterable[Callable[[Asked], Iterator[str]]] = (
    _beside_subnets,
    _range_in_the_vpc,
    _counts,
    _zones,
    _same,
    _groups_of_a_new_vpc,
    _instances,
    _blocks,
    _gateways,
    _services,
    _bucket_names,
    _retention,
)
