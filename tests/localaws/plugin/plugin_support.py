"""The engine's side of the protocol, in plain dictionaries, so that a test reads like what the engine does."""

from __future__ import annotations

import importlib
import inspect
import itertools
import warnings
from dataclasses import dataclass, field
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from localaws.plugin.values import UNKNOWN, Properties, decoded, encoded

REGION = "eu-west-1"
SERVICES = ("dynamodb", "ec2", "ecr", "iam", "kms", "logs", "s3", "sagemaker", "sns", "sqs", "ssm", "sts")
SEED = b"a seed of the engine"


@dataclass
class Difference:
    """What a diff said.

    Attributes:
        changed: The inputs that differ.
        replaces: Those of them that make another resource.
        detail: Each difference's place and kind.
        delete_first: Whether the old resource is to be deleted first.
    """

    changed: list[str]
    replaces: list[str]
    detail: dict[str, str]
    delete_first: bool


@dataclass
class Placed:
    """A resource as the engine records it."""

    urn: str
    id: str
    inputs: Properties
    outputs: Properties


class Engine:
    """Talks to a plugin as the engine does."""

    def __init__(self, port: int, endpoint: str | None = None) -> None:
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._seeds = itertools.count()
        self.stub = provider_pb2_grpc.ResourceProviderStub(self.channel)
        if endpoint:
            self.configure(endpoint)

    def configure(self, endpoint: str, **settings: Any) -> None:
        """Configure the plugin for a server."""
        values = {
            "region": REGION,
            "accessKey": "key",
            "secretKey": "secret",
            "endpoints": [dict.fromkeys(SERVICES, endpoint)],
            **settings,
        }
        self.stub.Configure(provider_pb2.ConfigureRequest(args=encoded(values), acceptSecrets=True))

    def invoke(self, token: str, **arguments: Any) -> Properties:
        """Call a function."""
        answer = self.stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=encoded(arguments)))
        return decoded(getattr(answer, "return"))

    def check(self, urn: str, declared: Properties, olds: Properties | None = None, seed: bytes = SEED) -> Properties:
        """Check inputs, which must be accepted."""
        answer = self._check(urn, declared, olds or {}, seed)
        assert not answer.failures, answer.failures
        return decoded(answer.inputs)

    def refusals(self, urn: str, declared: Properties) -> dict[str, str]:
        """Check inputs; returns the reason for each that is refused."""
        return {failure.property: failure.reason for failure in self._check(urn, declared, {}, SEED).failures}

    def _check(self, urn: str, declared: Properties, olds: Properties, seed: bytes) -> provider_pb2.CheckResponse:
        return self.stub.Check(
            provider_pb2.CheckRequest(urn=urn, olds=encoded(olds), news=encoded(declared), randomSeed=seed)
        )

    def preview(self, urn: str, declared: Properties) -> Properties:
        """The properties that a preview shows for a new resource."""
        inputs = self.check(urn, declared)
        answer = self.stub.Create(provider_pb2.CreateRequest(urn=urn, properties=encoded(inputs), preview=True))
        return decoded(answer.properties)

    def create(self, urn: str, declared: Properties) -> Placed:
        """Check and create."""
        inputs = self.check(urn, declared, seed=str(next(self._seeds)).encode())
        answer = self.stub.Create(provider_pb2.CreateRequest(urn=urn, properties=encoded(inputs)))
        return Placed(urn, answer.id, inputs, decoded(answer.properties))

    def diff(self, placed: Placed, declared: Properties) -> Difference:
        """Check and compare with what is recorded."""
        news = self.check(placed.urn, declared, placed.inputs)
        answer = self.stub.Diff(
            provider_pb2.DiffRequest(
                urn=placed.urn,
                id=placed.id,
                olds=encoded(placed.outputs),
                old_inputs=encoded(placed.inputs),
                news=encoded(news),
            )
        )
        kinds = provider_pb2.PropertyDiff.Kind
        detail = {path: kinds.Name(change.kind) for path, change in answer.detailedDiff.items()}
        return Difference(list(answer.diffs), list(answer.replaces), detail, answer.deleteBeforeReplace)

    def update(self, placed: Placed, declared: Properties, *, preview: bool = False) -> Placed:
        """Check and update."""
        news = self.check(placed.urn, declared, placed.inputs)
        answer = self.stub.Update(
            provider_pb2.UpdateRequest(
                urn=placed.urn,
                id=placed.id,
                olds=encoded(placed.outputs),
                old_inputs=encoded(placed.inputs),
                news=encoded(news),
                preview=preview,
            )
        )
        return Placed(placed.urn, placed.id, news, decoded(answer.properties))

    def read(self, placed: Placed) -> Placed | None:
        """Refresh; None if the resource is gone."""
        answer = self.stub.Read(
            provider_pb2.ReadRequest(
                urn=placed.urn, id=placed.id, properties=encoded(placed.outputs), inputs=encoded(placed.inputs)
            )
        )
        if not answer.id:
            return None
        return Placed(placed.urn, answer.id, decoded(answer.inputs), decoded(answer.properties))

    def delete(self, placed: Placed) -> None:
        """Delete."""
        self.stub.Delete(provider_pb2.DeleteRequest(urn=placed.urn, id=placed.id, properties=encoded(placed.outputs)))


@dataclass
class Sample:
    """Inputs with which a type can be tried.

    Attributes:
        type_name: The type's token.
        declared: What the program declares.
        updated: Other values of inputs that change in place.
        replaced: Other values of inputs that make another resource.
    """

    type_name: str
    declared: Properties
    updated: Properties = field(default_factory=dict[str, Any])
    replaced: Properties = field(default_factory=dict[str, Any])


def urn(type_name: str, name: str = "sample") -> str:
    """The URN of a resource below a component."""
    return f"urn:pulumi:dev::project::construct:Network${type_name}::{name}"


def sdk_class(type_name: str) -> Any:
    """The class of pulumi-aws for a type."""
    module, name = type_name.split(":")[1].split("/", maxsplit=1)[0], type_name.rsplit(":", 1)[-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # modules of pulumi-aws warn of their own old names
        return getattr(importlib.import_module(f"pulumi_aws.{module}"), name)


def result_names(token: str) -> set[str]:
    """The names of the members that pulumi-aws promises in a function's result, without the optional ones."""
    module, name = token.split(":")[1].split("/", maxsplit=1)[0], token.rsplit(":", 1)[-1]
    place = "pulumi_aws" if module == "index" else f"pulumi_aws.{module}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        result = getattr(importlib.import_module(place), f"{name[0].upper()}{name[1:]}Result")
    members = inspect.getmembers(result, lambda member: isinstance(member, property))
    hints = {name: str(member.fget.__annotations__["return"]) for name, member in members}
    return {_camel(name) for name, hint in hints.items() if "Optional" not in hint}


def official_inputs(type_name: str) -> set[str]:
    """The names of the inputs that pulumi-aws has for a type, apart from the resource's options."""
    names = inspect.signature(sdk_class(type_name)._internal_init).parameters
    return {_camel(name) for name in names} - {"Self", "resourceName", "opts", "Props"}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


__all__ = [
    "REGION",
    "UNKNOWN",
    "Difference",
    "Engine",
    "Placed",
    "Sample",
    "official_inputs",
    "result_names",
    "sdk_class",
    "urn",
]
