"""Reads the body of a request piece by piece, up to a limit.

Input: a connection, after the headers of a request. Output: the body, or why it is refused: too large, or malformed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from localaws.server.errors import ConnectionDropped, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from io import BufferedIOBase

PIECE = 1 << 16
"""How many bytes are read at once, however long the body or a chunk says that it is."""
LONGEST_LINE = 8192
MOST_TRAILERS = 100
LENGTH = re.compile(r"\d{1,18}", re.ASCII)
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?\r?\n", re.DOTALL)
LINE_ENDS = (b"\r\n", b"\n")


class Body:
    """The body of one request, which can be read once.

    Args:
        stream: The connection, after the headers.
        environ: The request's WSGI environment.
        limit: The most bytes that are accepted.
        proceed: Called before anything is read: the client may wait for it.

    Attributes:
        complete: Whether it was read to its end, where the next request on the connection begins.
    """

    def __init__(
        self, stream: BufferedIOBase, environ: Mapping[str, Any], limit: int, proceed: Callable[[], None] = lambda: None
    ) -> None:
        self._stream = stream
        self._encoding: str = environ.get("HTTP_TRANSFER_ENCODING", "").strip().lower()
        self._length: str = environ.get("CONTENT_LENGTH", "").strip() or "0"
        self._limit = limit
        self._proceed = proceed
        self.complete = False

    def read(self) -> bytes:
        """The whole body.

        Raises:
            ServiceError: It is larger than the limit, or malformed.
            ConnectionDropped: The client closed the connection before the end.
        """
        size, pieces = 0, list[bytes]()
        for piece in self._pieces():
            size += len(piece)
            if size > self._limit:
                raise self._too_large()
            pieces.append(piece)
        self.complete = True
        return b"".join(pieces)

    def _pieces(self) -> Iterator[bytes]:
        if self._encoding not in {"", "chunked"}:
            raise ServiceError("NotImplemented", f"Transfer-Encoding: got {self._encoding!r}, expected chunked", 501)
        if self._encoding:
            self._proceed()
            return self._chunked()
        if LENGTH.fullmatch(self._length) is None:
            raise malformed(f"Content-Length: got {self._length!r}, expected a number of bytes")
        if int(self._length) > self._limit:
            raise self._too_large()
        self._proceed()
        return self._counted(int(self._length))

    def _counted(self, length: int) -> Iterator[bytes]:
        """The next bytes of the connection."""
        while length:
            piece = self._stream.read(min(length, PIECE))
            if not piece:
                raise ConnectionDropped(reset=False)
            length -= len(piece)
            yield piece

    def _chunked(self) -> Iterator[bytes]:
        """The content of the chunks (RFC 9112, section 7.1); extensions and trailers are skipped."""
        while size := self._chunk_size():
            yield from self._counted(size)
            if self._line() not in LINE_ENDS:
                raise malformed("a chunk is longer than its size says")
        for _ in range(MOST_TRAILERS):
            if self._line() in LINE_ENDS:
                return
        raise malformed("too many trailers")

    def _chunk_size(self) -> int:
        found = CHUNK_SIZE.fullmatch(self._line())
        if found is None:
            raise malformed("the size of a chunk must be a hexadecimal number")
        return int(found[1], 16)

    def _line(self) -> bytes:
        line = self._stream.readline(LONGEST_LINE)
        if not line:
            raise ConnectionDropped(reset=False)
        return line

    def _too_large(self) -> ServiceError:
        return ServiceError(
            "RequestEntityTooLarge",
            f"The body of a request must not be larger than {self._limit / 1e6:g} MB: send it in parts, or start the "
            "local AWS with a larger LOCALAWS_BODY_MEGABYTES.",
            413,
        )


def malformed(what: str) -> ServiceError:
    """The answer to a body that breaks the rules of HTTP."""
    return ServiceError("IncompleteBody", f"The body of the request is malformed: {what}.")
