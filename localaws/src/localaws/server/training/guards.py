"""Refuses the EC2 calls that a job's network interfaces forbid; moto would carry them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localaws.server import backends
from localaws.server.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.ec2.models.elastic_network_interfaces import NetworkInterface

    from localaws.server.calls import Call

Guard = tuple[str, "Callable[[NetworkInterface, str], bool]", str, str]

GUARDS: Mapping[str, Guard] = {
    "DeleteSubnet": (
        "SubnetId",
        lambda interface, subnet: interface.subnet.id == subnet,
        "DependencyViolation",
        "The subnet '{}' has dependencies and cannot be deleted.",
    ),
    "DeleteSecurityGroup": (
        "GroupId",
        lambda interface, group: any(one.id == group for one in interface.group_set),
        "DependencyViolation",
        "resource {} has a dependent object",
    ),
    "DeleteNetworkInterface": (
        "NetworkInterfaceId",
        lambda interface, identifier: interface.id == identifier,
        "InvalidParameterValue",
        "Network interface '{}' is currently in use.",
    ),
}
"""By operation: the parameter, whether an interface uses what it names, and the error."""


def check(call: Call) -> None:
    """Refuses a call that would remove the network of a running job.

    Raises:
        ServiceError: DependencyViolation or InvalidParameterValue.
    """
    if call.service != "ec2" or call.operation not in GUARDS:
        return
    parameter, holds, code, message = GUARDS[call.operation]
    target = call.parameters.get(parameter, [""])[0]
    interfaces = list(backends.ec2(call.account, call.region).enis.values())
    if any(interface.requester_managed and holds(interface, target) for interface in interfaces):
        raise ServiceError(code, message.format(target))
