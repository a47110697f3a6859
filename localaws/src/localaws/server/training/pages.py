"""Cuts a list into pages, with a token for the next one."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any, TypeVar

from localaws.server.errors import validation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Item = TypeVar("Item")


def page(items: Sequence[Item], request: Mapping[str, Any], default: int) -> tuple[list[Item], dict[str, str]]:
    """The items that the request's NextToken and MaxResults ask for, and the NextToken of the answer.

    Raises:
        ServiceError: ValidationException, where the token is not one of ours.
    """
    start = offset(request["NextToken"]) if "NextToken" in request else 0
    end = start + request.get("MaxResults", default)
    following = {"NextToken": urlsafe_b64encode(str(end).encode()).decode()} if end < len(items) else {}
    return list(items[start:end]), following


def offset(token: str) -> int:
    """The position that a token stands for."""
    try:
        position = int(urlsafe_b64decode(token.encode()))
    except ValueError as error:
        raise validation("Invalid NextToken.") from error
    if position < 0:
        raise validation("Invalid NextToken.")
    return position
