"""Lets values pass that are not known yet: a `pulumi.Output` in the program, `Unknown` in the provider's preview.

Input: the type of a member. Output: the same type, through which a deferred value passes unvalidated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeGuard, TypeVar

from pulumi.output import UNKNOWN, Output, Unknown
from pydantic_core import core_schema

from sagemaker_constructs.api.alternatives import reported_first
from sagemaker_constructs.api.tree import leaf_values

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

T = TypeVar("T")

_DEFERRED = (Output, Unknown)


def is_deferred(value: object) -> TypeGuard[Output[Any] | Unknown]:
    """Whether `value` becomes known later, so that nothing can be said about it now."""
    return isinstance(value, _DEFERRED)


def has_deferred(tree: object) -> bool:
    """Whether a value, or any value at any depth of it, becomes known later."""
    return any(isinstance(leaf, _DEFERRED) for leaf in leaf_values(tree))


class Deferrable:
    """Marks a type whose values may be deferred; everything else is validated as before."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The type's own schema, and one that accepts deferred values."""
        return reported_first(handler(source), core_schema.is_instance_schema(_DEFERRED))


if TYPE_CHECKING:
    Input: TypeAlias = T | Output[T]
else:

    class Input:
        """`Input[T]`: a `T`, or a value that becomes a `T` later."""

        def __class_getitem__(cls, item: Any) -> Any:
            return Annotated[item, Deferrable()]


__all__ = ["UNKNOWN", "Deferrable", "Input", "has_deferred", "is_deferred"]
