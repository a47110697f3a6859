"""A server on loopback that answers as GitHub does."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sagemaker_constructs.review.github import PullRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "a-token-of-nobody"


class GitHub:
    """Comments of one pull request."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.status = 200


@pytest.fixture
def github() -> Iterator[tuple[GitHub, PullRequest]]:
    """A server, and a pull request on it."""
    state = GitHub()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as its base has it
            """Say nothing."""

        def _answer(self, body: Any) -> None:
            text = json.dumps(body).encode()
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def _body(self) -> Any:
            assert self.headers["Authorization"] == f"Bearer {TOKEN}"
            return json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            state.asked.append(f"GET {url.path}")
            query = parse_qs(url.query)
            size, page = int(query["per_page"][0]), int(query["page"][0])
            self._answer(state.comments[(page - 1) * size : page * size])

        def do_POST(self) -> None:
            state.asked.append(f"POST {self.path}")
            state.comments.append({"id": len(state.comments), "body": self._body()})
            self._answer({"html_url": "https://example.com/new"})

        def do_PATCH(self) -> None:
            state.asked.append(f"PATCH {self.path}")
            state.comments[int(self.path.rpartition("/")[2])]["body"] = self._body()
            self._answer({"html_url": "https://example.com/same"})

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state, PullRequest("owner/name", 7, TOKEN, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()
