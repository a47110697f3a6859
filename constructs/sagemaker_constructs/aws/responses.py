"""Checks that a response comes from an AWS service, and takes members from it.

Input: a response before boto3 parses it, or a parsed answer. Output: the response or the member; otherwise an
`UnreadableResponseError`, which `clients.asking` turns into a `ServiceError`. boto3 by itself takes a sign-in page or
half an answer for one without members.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

_Kind = TypeVar("_Kind")

_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_FIRST_ERROR = 300
"""The lowest HTTP status of what is not a success."""


class UnreadableResponseError(Exception):
    """A response that no AWS service sends. The text tells what was received."""


class ServiceModel(Protocol):
    """botocore's model of a service."""

    resolved_protocol: str


class OperationModel(Protocol):
    """botocore's model of an operation."""

    service_model: ServiceModel


def check_response(operation_model: OperationModel, response_dict: dict[str, Any], **_: Any) -> None:
    """Refuse a response with a body that no AWS service sends: a handler of botocore's event `before-parse`.

    An error with such a body is left to its HTTP status, by which botocore decides whether to try again.
    """
    body, status = response_dict["body"], response_dict["status_code"]
    if not isinstance(body, bytes):
        return  # a stream
    in_json = "json" in operation_model.service_model.resolved_protocol
    if not (_HTML.match(body) or (in_json and body and not _is_json_object(body))):
        return
    if in_json and status >= _FIRST_ERROR:
        response_dict["body"] = b""
        return
    received = "an HTML page" if _HTML.match(body) else f"{len(body)} bytes that are not a JSON object"
    raise UnreadableResponseError(f"received {received} with HTTP status {status}")


def member(answer: Any, name: str, kind: type[_Kind]) -> _Kind:
    """A member that the answer must have.

    Raises:
        UnreadableResponseError: it is missing or not of this kind.
    """
    if not isinstance(answer, Mapping):
        raise UnreadableResponseError(f"received {type(answer).__name__} instead of a structure with {name}")
    value: Any = answer.get(name)  # pyright: ignore[reportUnknownMemberType]
    if isinstance(value, kind):
        return value
    got = "no" if value is None else f"{type(value).__name__} as"
    raise UnreadableResponseError(f"received an answer with {got} {name}")


def _is_json_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False
