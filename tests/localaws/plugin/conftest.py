"""One moto server and one plugin for all tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from moto.server import ThreadedMotoServer
from plugin_samples import World
from plugin_support import REGION, Engine

from localaws.plugin.__main__ import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The address of an AWS in this process."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def start_plugin() -> Iterator[Callable[[], int]]:
    """Starts plugins, and ends them after the tests; each call returns a port."""
    servers: list[Any] = []

    def start() -> int:
        server, port = serve()
        servers.append(server)
        return port

    yield start
    for server in servers:
        server.stop(grace=None).wait()


@pytest.fixture(scope="session")
def engine(start_plugin: Callable[[], int], endpoint: str) -> Iterator[Engine]:
    """A plugin that is configured for the server."""
    engine = Engine(start_plugin(), endpoint)
    yield engine
    engine.channel.close()


@pytest.fixture(scope="session")
def aws(endpoint: str) -> Callable[[str], Any]:
    """Clients of the server, to look behind the plugin's back."""
    import boto3  # noqa: PLC0415  moto must be imported first

    def client(service: str) -> Any:
        return boto3.client(
            service,  # pyright: ignore[reportCallIssue, reportArgumentType]  any of them
            region_name=REGION,
            endpoint_url=endpoint,
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )

    return client


@pytest.fixture(scope="session")
def world(engine: Engine) -> World:
    """What the samples of types stand in."""
    return World(engine)
