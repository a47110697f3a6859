"""Tells the values that a program declares from those that a transform has put in their place.

A transform may put in a secret, and a provider receives it as a plain value. So the program sends a digest of each
value that may be shown, and `check` shows no other one.

Input: the properties of a job, in the program and in the provider. Output: digests, and the paths that have none.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sagemaker_constructs.api.tree import SCALARS, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DECLARED_VALUES = "declared_values"
"""The property with the digests. `check` takes it out, so that it is in no state and makes no difference."""


def digests_of(properties: Mapping[str, Any]) -> Iterator[str]:
    """A digest of each value that is known, with its path; the positions in lists do not count."""
    for leaf in leaves(properties):
        if type(leaf.value) in SCALARS and leaf.value is not None:
            yield _digest(leaf.plain, leaf.value)


def foreign_paths(properties: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths, without list positions, of the known values that the program did not declare, or declared as secret.

    None where the program sent no digests.
    """
    declared = properties.get(DECLARED_VALUES)
    if not isinstance(declared, list | tuple):
        return ()
    digests = frozenset(declared)
    others = {name: value for name, value in properties.items() if name != DECLARED_VALUES}
    known = [leaf for leaf in leaves(others) if type(leaf.value) in SCALARS and leaf.value is not None]
    return tuple(sorted({leaf.plain for leaf in known if _digest(leaf.plain, leaf.value) not in digests}))


def _digest(plain: str, value: str | float) -> str:
    form = value if isinstance(value, str | bool) else float(value)  # the engine makes floats of integers
    return blake2b(f"{plain}={form!r}".encode(), digest_size=6).hexdigest()
