"""Formats errors for the engine: one sentence, with AWS's code and message."""

from typing import TYPE_CHECKING, Final, TypeGuard

if TYPE_CHECKING:
    from botocore.exceptions import ClientError


NO_ANSWER: Final = frozenset({"EndpointConnectionError", "ConnectTimeoutError", "ConnectionClosedError"})
"""botocore's errors for a server that does not answer."""
LONGEST: Final = 300
"""Characters of an unexpected error's text; a server that breaks may answer with a whole page."""


class RefusedError(Exception):
    """The plugin refuses or cannot carry out a request; the message is a sentence for the user."""


def is_client_error(error: BaseException) -> "TypeGuard[ClientError]":
    """Whether AWS answered with an error; without importing botocore before the first client does."""
    return hasattr(error, "response") and hasattr(error, "operation_name")


def code_of(error: BaseException) -> str:
    """AWS's error code, or an empty string if the error is not AWS's."""
    return str(error.response.get("Error", {}).get("Code", "")) if is_client_error(error) else ""


def is_missing(error: BaseException) -> bool:
    """Whether AWS answers that what was asked for does not exist, with the code of any of its services."""
    code = code_of(error)
    named = "NotFound" in code or "NonExistent" in code or code.startswith("NoSuch")
    return named or code == "404" or "Could not find" in str(error)


def sentence(what: str, error: BaseException) -> str:
    """One sentence for the user: what was attempted, and what AWS (or the plugin) said."""
    if is_client_error(error):
        answer = error.response.get("Error", {})
        text = " ".join(str(answer.get("Message", "no message")).split())
        return f"{what}: {error.operation_name} was refused with {answer.get('Code', 'no code')}: {text}"
    if isinstance(error, RefusedError):
        return f"{what}: {error}"
    text = " ".join(str(error).split())[:LONGEST]
    if type(error).__name__ in NO_ANSWER:
        return f"{what}: no AWS answers ({text}): is the local server running? `pulumilocal start` starts it"
    return f"{what}: {type(error).__name__}: {text}"
