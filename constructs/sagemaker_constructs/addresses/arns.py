"""Splits an ARN into its parts.

Input: a text. Output: an `Arn`, or None where the text is none. Parts may be patterns, as in policies.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arn:
    """An Amazon Resource Name: `arn:partition:service:region:account:resource`."""

    partition: str
    service: str
    region: str
    """Empty for what is in no Region, such as a role."""
    account: str
    """Empty for what is in no account's ARN, such as a bucket."""
    resource: str
    """The rest, colons included: `role/path/name`, `log-group:name:*`."""

    @property
    def resource_name(self) -> str:
        """What stands after the last slash: `name` of `role/path/name`."""
        return self.resource.rpartition("/")[2]

    @property
    def text(self) -> str:
        """The whole ARN."""
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


ROLE_FORM = r"arn:[\w-]+:iam::\d{12}:role/\S+"
"""The form of a role's ARN."""
POLICY_FORM = r"arn:[\w-]+:iam::(?:aws|\d{12}):policy/\S+"
"""The form of a managed policy's ARN, AWS's own among them."""


def parse_arn(text: str) -> Arn | None:
    """The parts of an ARN; None for another text, such as a plain name or an alias."""
    scheme, *parts = text.split(":", 5)
    if scheme != "arn" or len(parts) != _PARTS or not (parts[0] and parts[1] and parts[4]):
        return None
    return Arn(*parts)


def resource_name(arn: str) -> str:
    """The name of a resource by its ARN; another text, such as a name, as it is."""
    parsed = parse_arn(arn)
    return parsed.resource_name if parsed else arn


_PARTS = 5
