"""Requests that no SDK would send, over a socket."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server_support import REGION

if TYPE_CHECKING:
    from server_support import Server


@dataclass(frozen=True)
class Answer:
    """What a server sent before it closed the connection."""

    status: int
    head: str
    body: str


def exchange(server: Server, *sent: bytes) -> Answer:
    """Sends bytes, as far as the server takes them, and reads until it closes the connection."""
    with socket.create_connection(("127.0.0.1", server.state["port"]), timeout=20) as connection:
        for piece in sent:
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        return parsed(connection)


def parsed(connection: socket.socket) -> Answer:
    """The answer on a connection that the server closes."""
    received = b"".join(iter(lambda: connection.recv(65536), b"")).decode("latin-1")
    head, _, body = received.partition("\r\n\r\n")
    return Answer(int(head.split(" ")[1]) if head else 0, head, body)


def message(line: str, *headers: str, body: bytes = b"", host: str | None = "127.0.0.1") -> bytes:
    """A request after which the connection is closed."""
    own = (*([f"Host: {host}"] if host is not None else []), "Connection: close", f"Content-Length: {len(body)}")
    return "\r\n".join((f"{line} HTTP/1.1", *own, *headers, "", "")).encode("latin-1") + body


def signed(service: str) -> str:
    """The header of a request to a service, with a signature of nobody."""
    return f"Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/{service}/aws4_request, Signature=0"
