"""Validates the arguments of a TrainingNetwork against each other and against AWS's limits.

Input: `NetworkArguments`. Output: an error that lists every mistake, before any resource is created. Each rule is a
function in `_RULES`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.addresses.bucket_names import broken_naming_rule
from sagemaker_constructs.network.address_plan import MOST_ZONES, NetworkRefusedError, slot_of
from sagemaker_constructs.network.endpoints import short_name
from sagemaker_constructs.program.arguments import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sagemaker_constructs.network.arguments import NetworkArguments

_MOST = {"subnets": 16, "security_groups": 5}
"""Items that a job accepts (API reference, VpcConfig)."""
_RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""Retention periods of CloudWatch Logs, in days (API reference, PutRetentionPolicy)."""


def check_rules(arguments: NetworkArguments) -> None:
    """Check the arguments against all rules.

    Raises:
        NetworkRefusedError: there are mistakes.
    """
    mistakes = [sentence for rule in _RULES for sentence in rule(arguments)]
    refuse(NetworkRefusedError, arguments.network, mistakes)


def _beside_subnets(arguments: NetworkArguments) -> Iterator[str]:
    beside = {
        "vpc": arguments.vpc is not None,
        "cidr_block": arguments.cidr_block is not None,
        "s3_buckets": arguments.s3_buckets is not None,
        "nat_gateways": bool(arguments.nat_gateways),
    }
    wrong = [name for name, is_given in beside.items() if is_given]
    if arguments.subnets is not None and wrong:
        yield f"{' and '.join(wrong)} cannot be combined with subnets"


def _range_in_the_vpc(arguments: NetworkArguments) -> Iterator[str]:
    if arguments.subnets is None and arguments.vpc is not None and arguments.cidr_block is None:
        yield "vpc requires cidr_block: an unused range in that VPC"


def _counts(arguments: NetworkArguments) -> Iterator[str]:
    for name, limit in _MOST.items():
        given = getattr(arguments, name)
        if given is not None and not 1 <= len(given) <= limit:
            yield f"{name}: got {len(given)}, expected 1 to {limit}"


def _zones(arguments: NetworkArguments) -> Iterator[str]:
    if not 1 <= arguments.zone_count <= MOST_ZONES:
        yield f"zones: got {arguments.zone_count}, expected 1 to {MOST_ZONES}"
    if not isinstance(arguments.zones, int):
        yield from _duplicates("zones", arguments.zones)
        yield from _slots(arguments.zones)


def _slots(zones: Sequence[Any]) -> Iterator[str]:
    taken: dict[int, str] = {}
    for zone in zones:
        slot = slot_of(zone) if isinstance(zone, str) else None
        if slot is None:
            got = repr(zone) if isinstance(zone, str) else "an Output"
            yield f"zones: got {got}, expected names, not Outputs, that end in a letter from a to o"
        elif taken.setdefault(slot, zone) != zone:
            both = f"{taken[slot]!r} and {zone!r}"
            yield f"zones: got {both}, expected different last letters, which decide the zones' parts of the range"


def _same(arguments: NetworkArguments) -> Iterator[str]:
    yield from _duplicates("subnets", arguments.subnets or ())
    yield from _duplicates("security_groups", arguments.security_groups or ())


def _duplicates(argument: str, items: Iterable[Any]) -> Iterator[str]:
    for item, count in Counter(each for each in items if isinstance(each, str)).items():
        if count > 1:
            yield f"{argument}: got {item!r} {count} times, expected it once"


def _groups_of_a_new_vpc(arguments: NetworkArguments) -> Iterator[str]:
    if arguments.security_groups and arguments.vpc is None and arguments.subnets is None:
        yield "security_groups requires vpc or subnets: a security group cannot be used in a new VPC"


def _instances(arguments: NetworkArguments) -> Iterator[str]:
    if arguments.instances is not None and arguments.instances < 1:
        yield f"instances: got {arguments.instances}, expected at least 1"


def _address_plan(arguments: NetworkArguments) -> Iterator[str]:
    if arguments.subnets is None:
        try:
            _ = arguments.plan
        except NetworkRefusedError as error:
            yield str(error)


def _nat_gateways(arguments: NetworkArguments) -> Iterator[str]:
    most = max(arguments.zone_count, 0)
    if arguments.subnets is None and not 0 <= arguments.nat_gateways <= most:
        yield f"nat_gateways: got {arguments.nat_gateways}, expected 0 to {most}, at most one for each zone"


def _services(arguments: NetworkArguments) -> Iterator[str]:
    for service in arguments.interface_endpoints or ():
        if not (isinstance(service, str) and re.fullmatch(r"[a-z0-9{][a-z0-9.{}-]*", service)):
            yield f"interface_endpoints: got {service!r}, expected the name of a service, such as ecr.dkr"
        elif short_name(service) == "s3":
            yield f"interface_endpoints: {service!r} must be left out: the gateway endpoint reaches S3 free of charge"


def _bucket_names(arguments: NetworkArguments) -> Iterator[str]:
    for bucket in arguments.s3_buckets if isinstance(arguments.s3_buckets, list) else ():
        if isinstance(bucket, str):
            rule = broken_naming_rule(bucket)
            if rule and rule.certain:
                yield f"s3_buckets: got {bucket!r} as the name of a bucket, expected {rule.says}"
            elif bucket.startswith("arn:"):
                yield f"s3_buckets: got {bucket!r}, expected the name of a bucket, not an ARN"


def _retention(arguments: NetworkArguments) -> Iterator[str]:
    days = arguments.flow_log_retention_in_days
    if days is not None and days not in _RETENTIONS:
        yield f"flow_log_retention_in_days: got {days}, expected one of {', '.join(map(str, _RETENTIONS))}"


_RULES: Iterable[Callable[[NetworkArguments], Iterator[str]]] = (
    _beside_subnets,
    _range_in_the_vpc,
    _counts,
    _zones,
    _same,
    _groups_of_a_new_vpc,
    _instances,
    _address_plan,
    _nat_gateways,
    _services,
    _bucket_names,
    _retention,
)
