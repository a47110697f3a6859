"""Looks up the Availability Zones of a network.

Input: the number of zones, or their names. Output: their names. Where the mocks of a unit test answer nothing, the
zones that are asked for exist.
"""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

import pulumi_aws as aws

from sagemaker_constructs.network.address_plan import NetworkRefusedError
from sagemaker_constructs.program import current_scope
from sagemaker_constructs.program.invokes import lookup_errors
from sagemaker_constructs.program.stack_settings import find_region

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sagemaker_constructs.network.parent import Parent


def zone_names(parent: Parent, zones: int | Sequence[str], *, check: bool) -> Sequence[str]:
    """The first zones of the Region that require no opt-in, or the named zones, on request checked.

    Raises:
        NetworkRefusedError: the Region has fewer zones, or none of a name, or the lookup is denied.
    """
    counted = isinstance(zones, int)
    if not (counted or check):
        return zones
    expected = "zones that can be looked up; to skip the lookup, pass their names with check=False"
    with lookup_errors(NetworkRefusedError, f"zones: got {zones}", expected):
        found = aws.get_availability_zones(
            state="available",
            filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}] if counted else None,
            opts=parent.invoke,
        )
    if found.names is None:  # pyright: ignore[reportUnnecessaryComparison]  by mocks
        where = find_region() or current_scope.MOCKED.region
        return [f"{where}{letter}" for letter in ascii_lowercase[:zones]] if counted else zones
    names = sorted(found.names)
    if counted:
        if len(names) < zones:
            raise NetworkRefusedError(
                f"zones: got {zones}, expected at most {len(names)}, which are in the Region: {', '.join(names)}"
            )
        return names[:zones]
    unknown = [each for each in zones if each not in names]
    if unknown:
        raise NetworkRefusedError(f"zones: got {', '.join(unknown)}, expected zones of the Region: {', '.join(names)}")
    return zones
