"""The faulty proxy: what it passes on, answers wrongly and holds, and what it says of the calls."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from typing_extensions import override

from localaws.faulty_proxy import Effect, FaultyProxy, Hold
from localaws.wrong_answers import ANSWERS, trials
from tests.docs.blocks import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Service(BaseHTTPRequestHandler):
    """Answers every call with the operation that it has heard, and refuses `Refused`."""

    heard: list[str]

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append(self.headers["X-Amz-Target"])
        body = json.dumps(self.heard[-1]).encode()
        self.send_response(400 if self.heard[-1].endswith("Refused") else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def heard() -> list[str]:
    """The operations that the service has heard of."""
    return []


@pytest.fixture
def service(heard: list[str]) -> Iterator[str]:
    """Where the service is."""
    handler = type("Handler", (_Service,), {"heard": heard})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def proxy(service: str) -> Iterator[FaultyProxy]:
    """A proxy before the service."""
    with FaultyProxy(service).listening() as listening:
        yield listening


def ask(proxy: FaultyProxy | str, operation: str, **request: Any) -> str:
    """The answer to a call."""
    headers = {"X-Amz-Target": f"SageMaker.{operation}"}
    url = proxy if isinstance(proxy, str) else proxy.url
    with urlopen(Request(url, json.dumps(request).encode(), headers), timeout=20) as answer:
        return answer.read().decode()


def test_what_is_not_to_go_wrong_is_passed_on(proxy: FaultyProxy) -> None:
    """With the service's own answer; a refusal is no effect."""
    assert ask(proxy, "Stop", TrainingJobName="a") == '"SageMaker.Stop"'
    with pytest.raises(HTTPError) as refused:
        ask(proxy, "Refused")
    refused.value.close()
    assert proxy.calls == ["Stop", "Refused"]
    assert proxy.effects == [Effect("Stop", {"TrainingJobName": "a"})]


@pytest.mark.parametrize("done", [False, True])
def test_a_wrong_answer_comes_in_place_of_the_service_or_after_it(
    proxy: FaultyProxy, heard: list[str], *, done: bool
) -> None:
    """As often as it is asked for, and then rightly."""
    proxy.wrong("Create", ANSWERS["a list"], done=done, times=1)
    assert ask(proxy, "Create") == "[]"
    assert len(heard) == len(proxy.effects) == done
    assert ask(proxy, "Create") == '"SageMaker.Create"'


def test_only_calls_about_the_job_go_wrong(proxy: FaultyProxy) -> None:
    """By what its name begins with, in the request or in an ARN; each job has its own answer."""
    proxy.wrong("Tags", ANSWERS["null"], job="model-")
    proxy.wrong("Tags", ANSWERS["a number"], job="other-")
    assert ask(proxy, "Tags", ResourceArn="arn:aws:sagemaker:eu-west-1:1:training-job/model-1") == "null"
    assert ask(proxy, "Tags", TrainingJobName="other-1") == "5"
    assert ask(proxy, "Tags", TrainingJobName="models") == '"SageMaker.Tags"'


@pytest.mark.parametrize("done", [False, True])
def test_a_call_is_held_before_or_after_the_service(proxy: FaultyProxy, heard: list[str], *, done: bool) -> None:
    """Until it is released."""
    answers: list[str] = []
    held = proxy.hold("Create", done=done)
    client = Thread(target=lambda: answers.append(ask(proxy, "Create")))
    client.start()
    assert held.reached.wait(20)
    assert (len(heard), answers) == (done, [])
    held.released.set()
    client.join()
    assert answers == ['"SageMaker.Create"']
    assert len(heard) == 1


def test_right_releases_what_is_held_and_forgets(proxy: FaultyProxy) -> None:
    """So that no test waits for what another one held."""
    held = proxy.hold("Create")
    proxy.wrong("Stop", ANSWERS["a list"])
    proxy.right()
    assert held.released.is_set()
    assert ask(proxy, "Stop") == '"SageMaker.Stop"'
    assert proxy.calls == ["Stop"]


def test_every_kind_is_tried_before_and_after_the_effect() -> None:
    """But for those that are made of the service's own answer."""
    assert {name for name, _ in trials()} == set(ANSWERS)
    before = {name for name, done in trials() if not done}
    assert set(ANSWERS) - before == {"cut short", "half of the JSON"}


def test_the_example_of_the_document_runs(service: str) -> None:
    """As it stands there."""
    (block,) = (each for each in blocks() if "import FaultyProxy" in each.text)
    names: dict[str, Any] = {}
    exec(block.text, names)

    def update(url: str, held: Hold) -> None:
        assert ask(url, "CreateTrainingJob", TrainingJobName="penguins-1").startswith("<!DOCTYPE html>")
        stop = Thread(target=ask, args=(url, "StopTrainingJob"))
        stop.start()
        assert held.reached.wait(20)
        held.released.set()
        stop.join()

    assert [each.operation for each in names["effects_of"](update, service)] == ["CreateTrainingJob", "StopTrainingJob"]
