"""Refuses what a web page sends: a request under another host's name, or from another origin.

Input: the headers of a request. Output: nothing, or AccessDenied with status 403.

A page that a browser shows can send requests to every port of this machine, but it does not choose these headers: Host
has the page's own name where that was made to resolve to this machine (DNS rebinding); Origin and Sec-Fetch-Site tell
that the page is from elsewhere. SDKs send neither of the latter.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from localaws.server.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = re.compile(r"(?:\[(?P<ipv6>[0-9a-f:]+)\]|(?P<name>[a-z0-9._-]+))(?::\d+)?", re.ASCII | re.IGNORECASE)
OWN_SITE = frozenset({"none", "same-origin"})
"""The values of Sec-Fetch-Site for an address that the user typed, and for what this server's own pages load."""


def check(environ: Mapping[str, Any]) -> None:
    """Accepts a request that no page of another origin can send.

    Raises:
        ServiceError: AccessDenied, which names the header.
    """
    host: str = environ.get("HTTP_HOST", "")
    if not is_local(host):
        raise _denied("Host", host, "127.0.0.1, localhost or a name below localhost")
    origin: str = environ.get("HTTP_ORIGIN", f"http://{host}")
    if origin.lower() != f"http://{host}".lower():
        raise _denied("Origin", origin, f"none, or http://{host}")
    site: str = environ.get("HTTP_SEC_FETCH_SITE", "none")
    if site not in OWN_SITE:
        raise _denied("Sec-Fetch-Site", site, " or ".join(sorted(OWN_SITE)))


def is_local(host: str) -> bool:
    """Whether a Host header names this machine: a loopback address, `localhost`, or `<bucket>.localhost`."""
    found = HOST.fullmatch(host)
    if found is None:
        return False
    name = (found["ipv6"] or found["name"]).lower()
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def _denied(header: str, value: str, expected: str) -> ServiceError:
    return ServiceError("AccessDenied", f"{header}: got {value!r}, expected {expected}", 403)
