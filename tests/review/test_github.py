"""Posting to a pull request, against a server on loopback that answers as GitHub does."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sagemaker_constructs.review.comment import MARKER
from sagemaker_constructs.review.files import ReviewError
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


def test_the_first_review_is_a_comment(github: tuple[GitHub, PullRequest]) -> None:
    """With its address."""
    state, pull_request = github
    assert pull_request.post(f"{MARKER}\none") == "https://example.com/new"
    assert state.asked == ["GET /repos/owner/name/issues/7/comments", "POST /repos/owner/name/issues/7/comments"]


def test_the_next_one_replaces_it_wherever_it_stands(github: tuple[GitHub, PullRequest]) -> None:
    """On the third page here; a comment that quotes the marker is another."""
    state, pull_request = github
    state.comments = [{"id": number, "body": f"> {MARKER}"} for number in range(250)]
    state.comments[230]["body"] = f"{MARKER}\none"
    assert pull_request.post(f"{MARKER}\ntwo") == "https://example.com/same"
    assert len(state.comments) == 250
    assert state.comments[230]["body"] == f"{MARKER}\ntwo"


def test_a_refusal_names_no_token(github: tuple[GitHub, PullRequest]) -> None:
    """And says what is needed."""
    state, pull_request = github
    state.status = 403
    with pytest.raises(ReviewError, match="GitHub answered 403") as caught:
        pull_request.post(MARKER)
    assert TOKEN not in str(caught.value)
