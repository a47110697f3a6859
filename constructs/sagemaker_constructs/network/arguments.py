"""Reads the arguments of a TrainingNetwork.

Input: the arguments, as a program passed them. Output: `NetworkArguments`, or an error that lists every
argument of a wrong type. Whether the arguments can be combined is checked by `argument_rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.instances import most_instances
from sagemaker_constructs.api.mistakes import shown
from sagemaker_constructs.network.address_plan import AddressPlan, NetworkRefusedError, plan_addresses, slot_of
from sagemaker_constructs.program.arguments import (
    ListArgument,
    ValueArgument,
    late_list_mistakes,
    read_lists,
    read_specs,
    refuse,
    tag_mistakes,
    value_mistakes,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LISTS = {
    "subnets": ListArgument("a subnet id, or a subnet resource", "id"),
    "security_groups": ListArgument("a security group id, or a security group resource", "id"),
    "zones": ListArgument("the name of an Availability Zone"),
    "interface_endpoints": ListArgument("the name of a service"),
    "s3_buckets": ListArgument("the name of a bucket", deferred=True),
}
_VALUES = {"vpc": ValueArgument("a VPC id, or a VPC resource", "id")}
_PLAIN: Mapping[str, tuple[type, str]] = {
    "cidr_block": (str, "an IPv4 range"),
    "instances": (int, "a whole number"),
    "nat_gateways": (int, "a whole number"),
    "flow_log_retention_in_days": (int, "a whole number"),
}
"""Arguments that cannot be Outputs, because they decide which resources are created."""
_DEFAULT_RANGE = "10.0.0.0/16"


@dataclass(frozen=True, kw_only=True)
class NetworkArguments:
    """Arguments of a network, under their names."""

    network: str
    """The network as errors name it."""
    jobs: Sequence[Mapping[str, Any]]
    """Members of the jobs that run in the network."""
    vpc: Any
    subnets: Sequence[Any] | None
    security_groups: Sequence[Any] | None
    cidr_block: str | None
    zones: int | Sequence[Any]
    instances: int | None
    interface_endpoints: Sequence[Any] | None
    s3_buckets: Any
    nat_gateways: int
    flow_log_retention_in_days: int | None

    @property
    def ip_range(self) -> str:
        """The IPv4 range of the subnets."""
        return _DEFAULT_RANGE if self.cidr_block is None else self.cidr_block

    @property
    def instances_per_subnet(self) -> int:
        """The number of instances that a subnet must have addresses for."""
        return max(map(most_instances, self.jobs), default=1) if self.instances is None else self.instances

    @property
    def zone_count(self) -> int:
        """The number of Availability Zones."""
        return self.zones if isinstance(self.zones, int) else len(self.zones)

    @property
    def slots(self) -> list[int]:
        """The slot of each zone in the address plan: in order where zones are counted, by letter where named."""
        if isinstance(self.zones, int):
            return list(range(self.zones))
        return [slot for slot in map(slot_of, self.zones) if slot is not None]

    @cached_property
    def plan(self) -> AddressPlan:
        """The blocks of the subnets.

        Raises:
            NetworkRefusedError: the range cannot be planned.
        """
        return plan_addresses(self.ip_range, instances=self.instances_per_subnet, public=self.nat_gateways > 0)

    def checked_buckets(self, known: Any) -> Sequence[str]:
        """`s3_buckets` with the values of its Outputs.

        Raises:
            NetworkRefusedError: what was an Output has mistakes.
        """
        mistakes = late_list_mistakes(_LISTS, {"s3_buckets": self.s3_buckets}, {"s3_buckets": known})
        refuse(NetworkRefusedError, self.network, mistakes)
        return known


def read_network_arguments(name: str, spec: object, tags: object, given: Mapping[str, Any]) -> NetworkArguments:
    """The arguments of a network, their types validated.

    Args:
        name: the network's name.
        spec: the job, or the jobs, that run in it.
        tags: the network's tags.
        given: the other arguments by name. They may be of any type.

    Raises:
        NetworkRefusedError: an argument is of a wrong type.
    """
    specs, mistakes = read_specs(spec)
    lists, list_mistakes = read_lists(
        _LISTS, {name: given[name] for name in _LISTS if name != "zones" or type(given[name]) is not int}
    )
    mistakes = [
        *mistakes,
        *_plain_mistakes(given),
        *value_mistakes(_VALUES, {name: given[name] for name in _VALUES}),
        *tag_mistakes(tags),
        *list_mistakes,
    ]
    network = f"TrainingNetwork {name!r}"
    refuse(NetworkRefusedError, network, mistakes)
    jobs = [each.to_members() for each in specs]
    return NetworkArguments(network=network, jobs=jobs, **{**given, **lists})


def _plain_mistakes(given: Mapping[str, Any]) -> list[str]:
    return [
        f"{name}: got {shown(given[name], (name,))}, expected {what}, which cannot be an Output"
        for name, (kind, what) in _PLAIN.items()
        if not isinstance(given[name], kind | None) or isinstance(given[name], bool)
    ]
