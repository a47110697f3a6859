"""Makes the name of a resource in the program fit for the name that AWS gets of it.

Input: the name in the program, which may be anything. Output: the arguments that name the resource. Where pulumi-aws
can make a name by itself (`<name>-<7 digits>`), there are none; otherwise it gets a prefix that fits, and completes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.addresses.bucket_names import broken_naming_rule
from sagemaker_constructs.reconcile.fingerprint import fit_name

if TYPE_CHECKING:
    from collections.abc import Callable

_RANDOM = "-1234567"
"""What pulumi-aws appends to a name."""
_PREFIX_RANDOM = 26
"""Digits that pulumi-aws appends to a prefix."""


@dataclass(frozen=True, slots=True)
class Naming:
    """How AWS names a type of resource."""

    longest: int
    """Characters in a name."""
    fits: Callable[[str], bool]
    """Whether a name has only what AWS accepts."""
    fallback: str
    """What a prefix begins with where the name alone cannot be one."""
    argument: str = "name_prefix"
    lower: bool = False


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda name: re.fullmatch(pattern, name, re.ASCII) is not None


IAM = r"[\w+=,.@-]+"
ROLE = Naming(64, _matches(IAM), "training")
ROLE_POLICY = Naming(128, _matches(IAM), "training")
LOG_GROUP = Naming(512, _matches(r"[\w./#-]+"), "training")
SECURITY_GROUP = Naming(255, _matches(r"(?!sg-)[\w .:/()#,@\[\]+=&;{}!$*-]+"), "training")


def _names_a_bucket(name: str) -> bool:
    """Whether it fits, and is no ARN, which an S3 address may have in the place of a bucket."""
    return ":" not in name and broken_naming_rule(name.lower()) is None


BUCKET = Naming(63, _names_a_bucket, "training", argument="bucket_prefix", lower=True)


def naming(name: str, kind: Naming) -> dict[str, Any]:
    """The arguments that name a resource: none, or a prefix.

    Args:
        name: its name in the program.
        kind: its type.
    """
    automatic = f"{name}{_RANDOM}"
    if len(automatic) <= kind.longest and kind.fits(automatic):
        return {}
    longest = kind.longest - _PREFIX_RANDOM - 1
    fit = fit_name(name.lower() if kind.lower else name, longest)
    if not fit or not kind.fits(f"{fit}-{'0' * _PREFIX_RANDOM}"):  # AWS reserves what some names begin with
        fit = fit_name(f"{kind.fallback}-{fit}", longest)
    return {kind.argument: f"{fit}-"}
