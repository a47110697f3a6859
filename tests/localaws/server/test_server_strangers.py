"""Web pages: what the pages of others send is refused, SDKs and the server's own pages are served."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from raw_requests import exchange, message, signed

from localaws.server.origins import is_local

if TYPE_CHECKING:
    from server_support import Server

FAULT = json.dumps({"kind": "throttle", "operation": "Nothing", "times": 1}).encode()


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:4566", True),
        ("127.0.0.2:80", True),
        ("localhost:4566", True),
        ("LOCALHOST", True),
        ("bucket.localhost:4566", True),
        ("my.bucket.localhost", True),
        ("123456789012.localhost:4566", True),
        ("[::1]:4566", True),
        ("", False),
        ("evil.example", False),
        ("evil.example:4566", False),
        ("localhost.evil.example", False),
        ("evillocalhost", False),
        ("192.168.0.1", False),
        ("0.0.0.0", False),
        ("127.0.0.1.evil.example", False),
        ("[::1", False),
        ("[2001:db8::1]", False),
        ("localhost:80,evil.example", False),
        ("user@localhost", False),
    ],
)
def test_a_host_is_this_machine_or_a_bucket_on_it(host: str, *, local: bool) -> None:
    """In the forms in which SDKs write it."""
    assert is_local(host) is local


REFUSED = {
    "a page whose name was made to resolve to this machine": ("evil.example", "Origin: http://evil.example"),
    "the same, in a GET, which has no Origin": ("evil.example", "Sec-Fetch-Site: same-origin"),
    "a page of another site": ("127.0.0.1", "Origin: https://evil.example"),
    "a page that was opened from a file": ("127.0.0.1", "Origin: null"),
    "a page of another port": ("127.0.0.1:4566", "Origin: http://127.0.0.1:3000"),
    "an image in a page of another site": ("127.0.0.1", "Sec-Fetch-Site: cross-site"),
    "an image in a page of another port": ("localhost", "Sec-Fetch-Site: same-site"),
    "a client that names no host": (None, "Accept: */*"),
}


@pytest.mark.parametrize(("host", "header"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("GET /private/key", b""),
        ("GET /_localaws/jobs", b""),
        ("POST /_localaws/faults", FAULT),
        ("OPTIONS /_localaws/faults", b""),
        ("POST /moto-api/reset", b""),
    ],
)
def test_a_stranger_is_refused(guarded: Server, line: str, body: bytes, host: str | None, header: str) -> None:
    """With 403, and nothing that lets a page read the answer; nothing is done."""
    answer = exchange(guarded, message(line, header, body=body, host=host))

    assert answer.status == 403
    assert "<Code>AccessDenied</Code>" in answer.body
    assert "access-control" not in answer.head.lower()
    assert guarded.control("GET", "faults") == []
    assert guarded.client("s3").get_object(Bucket="private", Key="key")["Body"].read() == b"content"


def test_the_host_of_an_absolute_address_counts(guarded: Server) -> None:
    """As HTTP has it."""
    assert exchange(guarded, message("GET http://evil.example/_localaws/health")).status == 403


@pytest.mark.parametrize(
    ("host", "line", "headers"),
    [
        ("127.0.0.1", "GET /private/key", (signed("s3"),)),
        ("private.localhost:4566", "GET /key", (signed("s3"),)),
        ("localhost", "GET /_localaws/health", ("Sec-Fetch-Site: none",)),
        ("localhost:4566", "GET /_localaws/health", ("Origin: http://localhost:4566", "Sec-Fetch-Site: same-origin")),
        ("[::1]:4566", "GET /_localaws/health", ("Origin: http://[::1]:4566",)),
    ],
)
def test_sdks_and_own_pages_are_served(guarded: Server, host: str, line: str, headers: tuple[str, ...]) -> None:
    """Also what is typed into a browser; no answer has a header for the pages of others."""
    answer = exchange(guarded, message(line, *headers, host=host))

    assert answer.status == 200
    assert "access-control" not in answer.head.lower()
