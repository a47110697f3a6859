"""Lists the kinds of wrong answers that a client of AWS may get, from whatever stands between it and the service.

Each may come in place of the service, which then never hears of the call, or after it, when the call has taken effect.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_JSON = "application/x-amz-json-1.1"
_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please<br>sign in</body></html>"


def _error(code: str) -> bytes:
    return json.dumps({"__type": code, "message": "what the service says"}).encode()


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """One kind of wrong answer."""

    status: int | None = None
    """The HTTP status; None for the service's own."""
    body: bytes | Callable[[bytes], bytes] | None = None
    """The body, or what becomes of the service's; None for the service's own."""
    content_type: str | None = _JSON
    location: str | None = None
    """The header of a redirect."""
    announced: int = 0
    """Bytes that the header announces and that never come."""
    reset: bool = False
    """Whether the connection is reset instead."""
    refused: bool = False
    """Whether the service has refused the call for certain, as its error code says."""

    @property
    def needs_service(self) -> bool:
        """Whether it is made of the service's own answer."""
        return not self.reset and (self.status is None or self.body is None or callable(self.body))


ANSWERS: Mapping[str, WrongAnswer] = {
    "reset": WrongAnswer(reset=True),
    "cut short": WrongAnswer(200, lambda body: body[: len(body) // 2], announced=64),
    "half of the JSON": WrongAnswer(200, lambda body: body[: len(body) // 2]),
    "no JSON": WrongAnswer(200, b'{"TrainingJob'),
    "bytes": WrongAnswer(200, b"\xff\xfe\x00\x80"),
    "a list": WrongAnswer(200, b"[]"),
    "null": WrongAnswer(200, b"null"),
    "a number": WrongAnswer(200, b"5"),
    "empty": WrongAnswer(200, b""),
    "no content": WrongAnswer(204, b""),
    "no members": WrongAnswer(200, b"{}"),
    "other members": WrongAnswer(200, b'{"Message": "hello"}'),
    "members of other kinds": WrongAnswer(
        200,
        b'{"TrainingJobArn": 5, "TrainingJobName": [], "CreationTime": "yesterday", "Results": 7, "Tags": {"Key": 1}}',
    ),
    "a sign-in page": WrongAnswer(200, _PAGE, "text/html"),
    "a sign-in page as JSON": WrongAnswer(200, _PAGE),
    "a redirect": WrongAnswer(302, b"", "text/html", location="http://127.0.0.1:1/"),
    "a redirect to nowhere": WrongAnswer(302, b"", "text/html"),
    "bad request": WrongAnswer(400, b""),
    "half of an error": WrongAnswer(400, b'{"__ty'),
    "a proxy forbids": WrongAnswer(403, _PAGE, "text/html"),
    "a proxy asks for a password": WrongAnswer(407, b""),
    "too many requests": WrongAnswer(429, b""),
    "server error": WrongAnswer(500, b""),
    "a list as an error": WrongAnswer(500, b"[]"),
    "an error of other kinds": WrongAnswer(500, b'{"__type": 5, "message": {}}'),
    "an unknown error": WrongAnswer(500, _error("SomethingNew")),
    "bad gateway": WrongAnswer(502, _PAGE, "text/html"),
    "unavailable": WrongAnswer(503, b""),
    "a page says unavailable": WrongAnswer(503, _PAGE, "text/html"),
    "the service says unavailable": WrongAnswer(503, _error("ServiceUnavailable")),
    "gateway timeout": WrongAnswer(504, b""),
    "throttled": WrongAnswer(400, _error("ThrottlingException")),
    "timed out": WrongAnswer(400, _error("RequestTimeout")),
    "expired": WrongAnswer(400, _error("ExpiredTokenException"), refused=True),
    "not allowed": WrongAnswer(400, _error("AccessDeniedException"), refused=True),
}
"""The wrong answers, by what they are."""


def trials() -> list[tuple[str, bool]]:
    """The name of every wrong answer, in place of the service's (False) and after the call has taken effect."""
    return [
        (name, done) for name, answer in ANSWERS.items() for done in (False, True) if done or not answer.needs_service
    ]
