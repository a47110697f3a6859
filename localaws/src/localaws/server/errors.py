"""Defines AWS's errors and how each protocol encodes them."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class ServiceError(Exception):
    """An AWS error for the caller.

    Attributes:
        code: AWS's error code.
        message: AWS's text.
        status: The HTTP status.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class ConnectionDropped(Exception):  # noqa: N818 - it is what happens to the connection
    """The connection ends without an answer; `reset` sends RST instead of FIN."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__("the connection is dropped on purpose")
        self.reset = reset


def validation(message: str) -> ServiceError:
    """SageMaker's answer to a request that breaks a rule."""
    return ServiceError("ValidationException", message)


def not_found() -> ServiceError:
    """SageMaker's answer for a job that does not exist: a ValidationException, not the modelled ResourceNotFound."""
    return validation("Requested resource not found.")


def in_use(message: str) -> ServiceError:
    """SageMaker's answer where a name or a job is in use."""
    return ServiceError("ResourceInUse", message)


def unknown_operation(name: str) -> ServiceError:
    """The answer to an operation or a service that this server lacks."""
    return ServiceError("UnknownOperationException", f"The AWS on this machine does not have {name}.")


def internal_failure() -> ServiceError:
    """The answer to an unexpected exception."""
    return ServiceError("InternalFailure", "The request processing has failed because of an unknown error.", 500)


def as_json(error: ServiceError, _request_id: str) -> str:
    """The body of AWS's JSON protocols."""
    return json.dumps({"__type": error.code, "message": error.message, "Message": error.message})


def as_query(error: ServiceError, request_id: str) -> str:
    """The body of AWS's query protocol."""
    return (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{escape(error.code)}</Code>"
        f"<Message>{escape(error.message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    )


def as_ec2(error: ServiceError, request_id: str) -> str:
    """The body of EC2's own protocol."""
    return (
        f"<Response><Errors><Error><Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
        f"</Error></Errors><RequestID>{request_id}</RequestID></Response>"
    )


def as_rest_xml(error: ServiceError, request_id: str) -> str:
    """The body of S3's protocol."""
    return (
        f"<Error><Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
        f"<RequestId>{request_id}</RequestId></Error>"
    )


BODIES: Mapping[str, tuple[str, Callable[[ServiceError, str], str]]] = {
    "json": ("application/x-amz-json-1.1", as_json),
    "rest-json": ("application/json", as_json),
    "query": ("text/xml", as_query),
    "ec2": ("text/xml", as_ec2),
    "rest-xml": ("application/xml", as_rest_xml),
}
"""The content type and the encoding of an error, by protocol."""
