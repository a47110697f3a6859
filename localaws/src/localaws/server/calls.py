"""Identifies the operation that a request calls from its headers and body, and counts the calls."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from localaws.server.accounts import account_of

if TYPE_CHECKING:
    from collections.abc import Mapping

CREDENTIAL = re.compile(r"Credential=([^/\s]+)/\d{8}/([^/\s]+)/([^/\s,&]+)/aws4_request")
"""Access key, Region and service of a signature, version 4, in a header or (unquoted) in a query."""

PROTOCOLS: Mapping[str, str] = {"ec2": "ec2", "s3": "rest-xml", "route53": "rest-xml", "cloudfront": "rest-xml"}
"""The services whose protocol cannot be told from the request."""

SAGEMAKER = "SageMaker"


@dataclass(frozen=True)
class Call:
    """The parts of a request that this server uses."""

    service: str
    operation: str
    region: str
    account: str
    protocol: str
    parameters: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    body: bytes = b""
    signed: bool = True
    ports: tuple[int, int] = (0, 0)
    """The client's port and the server's."""

    @property
    def name(self) -> str:
        """Service and operation: `SageMaker.DescribeTrainingJob`, `ec2.DescribeVpcs`, `s3.GET`."""
        return f"{self.service}.{self.operation}"


def identify(environ: Mapping[str, Any], body: bytes) -> Call:
    """The call in a WSGI environment with a body."""
    query: str = environ.get("QUERY_STRING", "")
    credential = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", "") or query.replace("%2F", "/"))
    access_key, region, service = credential.groups() if credential else ("", "us-east-1", "s3")
    target: str = environ.get("HTTP_X_AMZ_TARGET", "")
    form = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    parameters = parse_qs(body.decode("utf-8", "replace") if form else query, keep_blank_values=True)
    if target:
        prefix, _, operation = target.rpartition(".")
        service = SAGEMAKER if prefix == SAGEMAKER or service == "sagemaker" else service
        protocol = "json"
    elif "Action" in parameters:
        operation = parameters["Action"][0]
        protocol = PROTOCOLS.get(service, "query")
    else:
        operation = environ["REQUEST_METHOD"]
        protocol = PROTOCOLS.get(service, "rest-json")
    return Call(
        service=service,
        operation=operation,
        region=region,
        account=account_of(access_key),
        protocol=protocol,
        parameters=parameters,
        body=body,
        signed=credential is not None,
        ports=(int(environ.get("REMOTE_PORT") or 0), int(environ.get("SERVER_PORT") or 0)),
    )


class Counts:
    """How often each operation was called since the start or the last reset."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[str] = Counter()

    def add(self, name: str) -> None:
        """Counts one call."""
        with self._lock:
            self._counts[name] += 1

    def read(self) -> dict[str, int]:
        """The counts, by name."""
        with self._lock:
            return dict(sorted(self._counts.items()))

    def reset(self) -> None:
        """Resets the counts."""
        with self._lock:
            self._counts.clear()
