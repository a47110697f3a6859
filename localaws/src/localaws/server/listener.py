"""Serves a WSGI application over HTTP/1.1 with keep-alive, on a loopback address."""

from __future__ import annotations

import ipaddress
import socket
import struct
from http import HTTPStatus
from http.server import HTTPServer
from io import BytesIO
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.test import run_wsgi_app

from localaws.server.errors import ConnectionDropped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, without time: closing sends RST."""

BODILESS = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


class Handler(MotoRequestHandler):
    """Reads a request to its end, answers it in one piece, and keeps the connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def run_wsgi(self) -> None:
        """Answers one request."""
        environ = self.make_environ()
        length = -1 if environ.get("wsgi.input_terminated") else int(environ.get("CONTENT_LENGTH") or 0)
        body: bytes = environ["wsgi.input"].read(length)
        if len(body) < length:  # the client went away
            self.close_connection = True
            return
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), "wsgi.input_terminated": True}
        try:
            iterable, status, headers = run_wsgi_app(self.server.app, environ)
            content = b"".join(iterable)
        except ConnectionDropped as drop:
            self._drop(drop)
            return
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if "Content-Length" not in headers and int(code) not in BODILESS:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.wfile.flush()

    def _drop(self, drop: ConnectionDropped) -> None:
        self.close_connection = True
        if drop.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.connection.close()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Logs nothing: hundreds of jobs would fill the log."""


class Listener(ThreadingMixIn, HTTPServer):
    """Listens, with a thread for each connection."""

    daemon_threads = True
    request_queue_size = 256
    ssl_context = None
    multithread = True
    multiprocess = False
    passthrough_errors = False
    _server_version = "localaws"

    def __init__(self, host: str, port: int, app: Callable[[dict[str, Any], Any], Iterable[bytes]]) -> None:
        """Binds; port 0 takes a free one.

        Raises:
            ValueError: The host is not a loopback address.
            OSError: The port cannot be bound.
        """
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"localaws listens on loopback addresses only, and {host} is none; use 127.0.0.1")
        self.app = app
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), Handler)

    def server_bind(self) -> None:
        """Binds without the reverse DNS lookup of HTTPServer."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def log(self, kind: str, message: str, *arguments: Any) -> None:
        """Drops what werkzeug's handler reports: errors are answered and logged by the application."""
