"""Bodies of requests: the limit, `100 Continue`, and framing that breaks HTTP."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import psutil
import pytest
from raw_requests import exchange, message, parsed, signed

if TYPE_CHECKING:
    from server_support import Server

LIMIT = 2_000_000
PIECE = b"x" * 1_000_000


def put(*headers: str) -> bytes:
    """The headers of an upload to S3."""
    return "\r\n".join(("PUT /private/large HTTP/1.1", "Host: 127.0.0.1", signed("s3"), *headers, "", "")).encode()


def chunk(content: bytes) -> bytes:
    """A chunk of a body of unknown length."""
    return b"%x\r\n%b\r\n" % (len(content), content)


TOO_LARGE = {
    "a length that is declared": [put("Content-Length: 2000001"), PIECE, PIECE, b"x"],
    "a length that no machine has": [put("Content-Length: 10000000000"), b"hello"],
    "chunks": [put("Transfer-Encoding: chunked"), *[chunk(PIECE)] * 4],
    "one chunk that does not end": [put("Transfer-Encoding: chunked"), b"FFFFFFFFFFFFFFFF\r\n", *[PIECE] * 4],
}


@pytest.mark.parametrize("sent", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_body_above_the_limit_is_refused(guarded: Server, sent: list[bytes]) -> None:
    """With 413, the limit, and what to do, in S3's protocol; the client can read it although it went on sending."""
    answer = exchange(guarded, *sent)

    assert answer.status == 413
    assert "<Code>RequestEntityTooLarge</Code>" in answer.body
    assert "must not be larger than 2 MB" in answer.body
    assert "LOCALAWS_BODY_MEGABYTES" in answer.body


AT_THE_LIMIT = {
    "a length": [put(f"Content-Length: {LIMIT}"), PIECE, PIECE],
    "chunks": [put("Transfer-Encoding: chunked"), *[chunk(PIECE)] * 2, b"0\r\n\r\n"],
}


@pytest.mark.parametrize("sent", AT_THE_LIMIT.values(), ids=AT_THE_LIMIT)
def test_a_body_of_the_limit_arrives(guarded: Server, sent: list[bytes]) -> None:
    """Whole."""
    assert exchange(guarded, *sent).status == 200
    assert guarded.client("s3").get_object(Bucket="private", Key="large")["Body"].read() == PIECE * 2


def test_memory_does_not_grow_with_what_is_sent(guarded: Server) -> None:
    """Two hundred megabytes of chunks leave the server within fifty of what it had."""
    process = psutil.Process(guarded.process.pid)
    before = process.memory_info().rss
    with socket.create_connection(("127.0.0.1", guarded.state["port"]), timeout=20) as connection:
        connection.sendall(put("Transfer-Encoding: chunked"))
        for _ in range(200):
            try:
                connection.sendall(chunk(PIECE))
            except ConnectionError:
                break
        grown = process.memory_info().rss - before

    assert grown < 50_000_000


def test_a_refused_upload_is_never_asked_for(guarded: Server) -> None:
    """A client that waits for `100 Continue` gets the refusal instead, and sends nothing."""
    answer = exchange(guarded, put("Content-Length: 3000000", "Expect: 100-continue"))

    assert answer.status == 413


def test_a_client_that_waits_for_100_continue_is_told_at_once(guarded: Server) -> None:
    """Before it sends the body; SDKs upload to S3 in this way, and would wait for a second."""
    with socket.create_connection(("127.0.0.1", guarded.state["port"]), timeout=20) as connection:
        connection.sendall(put("Content-Length: 3", "Expect: 100-continue", "Connection: close"))
        told = connection.recv(65536)
        connection.sendall(b"abc")
        answer = parsed(connection)

    assert told == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert answer.status == 200


MALFORMED = {
    "a length that is no number": put("Content-Length: abc"),
    "a negative length": put("Content-Length: -5"),
    "a length of twenty digits": put("Content-Length: 99999999999999999999"),
    "a chunk without a size": put("Transfer-Encoding: chunked") + b"ZZ\r\nabc",
    "a negative chunk": put("Transfer-Encoding: chunked") + b"-1\r\nabc",
    "a chunk that is longer than its size": put("Transfer-Encoding: chunked") + b"1\r\nabc\r\n0\r\n\r\n",
    "a size of a chunk without an end": put("Transfer-Encoding: chunked") + b"1" * 20_000,
    "trailers without an end": put("Transfer-Encoding: chunked") + b"0\r\n" + b"a: b\r\n" * 1000,
    "an address that is none": message("GET http://[::1"),
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_a_request_that_breaks_http_is_refused(guarded: Server, sent: bytes) -> None:
    """With 400, and the connection is closed: where the next request begins is not known."""
    answer = exchange(guarded, sent)

    assert answer.status == 400
    assert "connection: close" in answer.head.lower()


def test_an_encoding_that_is_not_known_is_refused(guarded: Server) -> None:
    """The end of such a body is not known either."""
    assert exchange(guarded, put("Transfer-Encoding: gzip, chunked")).status == 501


@pytest.mark.parametrize(
    "sent",
    [put("Content-Length: 500") + b"hi", put("Transfer-Encoding: chunked") + b"5\r\nhi"],
    ids=["length", "chunk"],
)
def test_a_body_that_is_cut_off_is_not_stored(guarded: Server, sent: bytes) -> None:
    """There is nobody to answer."""
    guarded.client("s3").put_object(Bucket="private", Key="large", Body=b"whole")

    assert exchange(guarded, sent).status == 0
    assert guarded.client("s3").get_object(Bucket="private", Key="large")["Body"].read() == b"whole"
