"""What a program places, without an engine: every resource that it registers, with its parent and its inputs."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import grpc
import pulumi
import pulumi_aws as aws
from pulumi.runtime import mocks, settings
from pulumi.runtime.proto import engine_pb2

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # pulumi_aws warns of names of its own when it is loaded
    _LOADED = (aws.ec2.Vpc, aws.s3.Bucket)

ACCOUNT = "123456789012"
ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "aws:index/getRegion:getRegion": {"region": "eu-west-1"},
    "aws:index/getPartition:getPartition": {"partition": "aws"},
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
    "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": ["eu-west-1b", "eu-west-1a", "eu-west-1c"]},
}
"""What AWS answers to look-ups, by their token."""


_ARNS = {"aws:iam/role:Role": f"arn:aws:iam::{ACCOUNT}:role/{{}}", "aws:s3/bucket:Bucket": "arn:aws:s3:::{}"}


@dataclass(frozen=True)
class Placed:
    """A registered resource."""

    type: str
    name: str
    parent: str
    """Type of the parent; empty below the stack."""
    inputs: Mapping[str, Any]
    protected: bool = False


@dataclass
class Graph(mocks.Mocks):
    """Registers what a program places, and answers its look-ups."""

    answers: Mapping[str, Any] = field(default_factory=dict[str, Any])
    preview: bool = False
    placed: list[Placed] = field(default_factory=list[Placed])
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list[tuple[str, Mapping[str, Any]]])
    logged: list[str] = field(default_factory=list[str])

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """A resource's id, and its outputs: the inputs, and in an update what AWS adds."""
        if self.preview:
            return "", args.inputs
        arn = _ARNS.get(args.typ, f"arn:aws:service:eu-west-1:{ACCOUNT}:{{}}").format(args.name)
        added = {"arn": arn, "name": args.name, "bucket": args.name, "keyId": args.name, "prefixListId": "pl-s3"}
        return f"{args.name}-id", {**added, **args.inputs}

    def call(self, args: mocks.MockCallArgs) -> Any:
        """The answer to a look-up: a mapping, or what a function makes of the arguments."""
        self.asked.append((args.token, args.args))
        answer = {**ANSWERS, **self.answers}[args.token]
        return answer(args.args) if callable(answer) else answer

    def of(self, type_: str) -> dict[str, Mapping[str, Any]]:
        """The inputs of the resources of a type (its last part), by name."""
        return {each.name: each.inputs for each in self.placed if each.type.rpartition(":")[2] == type_}

    def counts(self) -> dict[str, int]:
        """How many resources of each type (its last part) there are."""
        names = [each.type.rpartition(":")[2] for each in self.placed]
        return {name: names.count(name) for name in sorted(set(names))}


class _Monitor(mocks.MockMonitor):
    """Notes the parents, which the mocks do not get to see."""

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """As the engine does: with the types of all parents but the stack."""
        above = parent.split("::")[2] if parent else ""
        types = type_ if above in {"", "pulumi:pulumi:Stack"} else f"{above}${type_}"
        return f"urn:pulumi:stack::project::{types}::{name}"

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  the SDK's name
        answer = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            parent = request.parent.split("::")[2].split("$")[-1] if request.parent else ""
            inputs = pulumi.runtime.rpc.deserialize_properties(request.object, keep_unknowns=True)
            graph = self.mocks
            assert isinstance(graph, Graph)
            above = "" if parent == "pulumi:pulumi:Stack" else parent
            graph.placed.append(Placed(request.type, request.name, above, inputs, request.protect))
        return answer


class _Engine(mocks.MockEngine):
    """Notes what is logged for the user."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(None)
        self._graph = graph

    def Log(self, request: Any) -> Any:  # noqa: N802  the SDK's name
        if request.severity != engine_pb2.DEBUG:
            self._graph.logged.append(request.message)


def with_mocks(made: mocks.Mocks, program: Callable[[], Any], *, preview: bool = False) -> None:
    """Run a program with any mocks, and await what it returns."""
    with _loops():
        mocks.set_mocks(made, "project", "stack", preview=preview)
        try:
            pulumi.runtime.test(program)()
        finally:
            settings.reset_options()


@contextmanager
def _loops() -> Generator[None]:
    """The SDK gives each of its threads an event loop that it never closes; here all are closed in the end."""
    loops: list[asyncio.AbstractEventLoop] = []

    def new_event_loop() -> asyncio.AbstractEventLoop:
        loops.append(original())
        return loops[-1]

    original, asyncio.new_event_loop = asyncio.new_event_loop, new_event_loop
    asyncio.set_event_loop(asyncio.new_event_loop())
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        asyncio.new_event_loop = original
        for loop in loops:
            loop.close()


@contextmanager
def _engine(graph: Graph) -> Generator[None]:
    with _loops():
        mocks.set_mocks(graph, "project", "stack", preview=graph.preview, monitor=_Monitor(graph))
        cast("Any", settings.SETTINGS).engine = _Engine(graph)
        try:
            yield
        finally:
            settings.reset_options()


class _Nothing(grpc.RpcError):
    """How the engine tells that a look-up failed."""

    def __init__(self, token: str, words: str) -> None:
        self._details = f"invocation of {token} returned an error: invoking {token}: {words}"

    def code(self) -> grpc.StatusCode:
        """That of a plugin's own error."""
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        """The plugin's words behind the engine's."""
        return self._details


def nothing(token: str, words: str = "1 error:\n\t* not found") -> dict[str, Callable[[Any], Any]]:
    """The answer to a look-up that finds nothing."""

    def answer(_: Any) -> Any:
        raise _Nothing(token, words)

    return {token: answer}


def graph(
    build: Callable[[], Any],
    answers: Mapping[str, Any] | None = None,
    *,
    preview: bool = False,
    mocks: Graph | None = None,
) -> Graph:
    """Run a program and return what it placed, with these mocks or others. Errors of the program are raised."""
    found = mocks or Graph(answers or {}, preview)

    def program() -> pulumi.Output[Any]:
        return pulumi.Output.from_input(build())

    with _engine(found):
        pulumi.runtime.test(program)()
    return found
