"""Serves the engine's requests: decodes each, carries it out by a row of the tables, and answers."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, NoReturn

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from . import VERSION, diff, inputs, lifecycle, sdk_version
from .aws import Aws, Configuration, Session
from .errors import RefusedError, sentence
from .functions import FUNCTIONS
from .resource import Resource
from .resources import RESOURCES
from .values import Properties, decoded, encoded


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The emulated aws provider. Methods have the names of the protocol."""

    def __init__(self) -> None:
        self._session = Session(Configuration())
        self._cancelled = threading.Event()

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:  # noqa: ARG002, N802  the protocol's
        """Which release of pulumi-aws this stands in for."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def Attach(self, request: Any, context: Any) -> Empty:  # noqa: ARG002, N802
        """The engine found the plugin by PULUMI_DEBUG_PROVIDERS."""
        return Empty()

    def Cancel(self, request: Any, context: Any) -> Empty:  # noqa: ARG002, N802
        """Cancel waiting deletions."""
        self._cancelled.set()
        return Empty()

    def CheckConfig(self, request: Any, context: Any) -> provider_pb2.CheckResponse:  # noqa: ARG002, N802
        """Every official setting is accepted."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> provider_pb2.DiffResponse:  # noqa: ARG002, N802
        """A changed setting updates the provider, as with the official one; otherwise the engine keeps the old ones."""
        olds, news = (Configuration.of(decoded(each)).settings for each in (request.old_inputs, request.news))
        changed = sorted(key for key in {*olds, *news} if olds.get(key) != news.get(key))
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE,
            diffs=changed,
        )

    def Configure(self, request: Any, context: Any) -> provider_pb2.ConfigureResponse:  # noqa: N802
        """Apply the settings, and refuse an account that they do not allow."""
        with _answering(context, "aws"):
            self._session = Session(Configuration.of(decoded(request.args)))
            self._session.check_account()
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Invoke(self, request: Any, context: Any) -> provider_pb2.InvokeResponse:  # noqa: N802
        """Call a function."""
        with _answering(context, request.tok):
            if request.tok not in FUNCTIONS:
                raise _unsupported()
            arguments = decoded(request.args)
            answer = FUNCTIONS[request.tok](self._session.region(arguments.get("region")), arguments)
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(encoded(answer))
        return response

    def Check(self, request: Any, context: Any) -> provider_pb2.CheckResponse:  # noqa: N802
        """Complete the declared inputs, or report what is wrong with them."""
        with _answering(context, request.urn):
            row, declared = _row(request.urn), decoded(request.news)
            filled = inputs.filled(
                row, self._session.configuration, declared, logical_name=_name(request.urn), seed=request.randomSeed
            )
            news = inputs.completed(row, self._session.configuration, decoded(request.olds), declared, filled)
            failures = inputs.refusals(row, news)
        return provider_pb2.CheckResponse(
            inputs=encoded(news),
            failures=[provider_pb2.CheckFailure(property=key, reason=reason) for key, reason in failures.items()],
        )

    def Diff(self, request: Any, context: Any) -> provider_pb2.DiffResponse:  # noqa: N802
        """Compare the recorded inputs with the new ones."""
        with _answering(context, request.urn):
            row, olds, news = _row(request.urn), decoded(request.old_inputs), decoded(request.news)
            changes = diff.changes(row, olds, news)
            replaces = sorted({change.property for change in changes if change.replaces})
            delete_first = row.delete_first or inputs.keeps_its_name(row, olds, news)
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE,
            diffs=sorted({change.property for change in changes}),
            replaces=replaces,
            deleteBeforeReplace=bool(replaces) and delete_first,
            detailedDiff={change.path: _property_diff(change) for change in changes},
            hasDetailedDiff=True,
        )

    def Create(self, request: Any, context: Any) -> provider_pb2.CreateResponse:  # noqa: N802
        """Create a resource, or return what a preview can know of it."""
        with _answering(context, request.urn):
            row, news = _row(request.urn), decoded(request.properties)
            if request.preview:
                return provider_pb2.CreateResponse(properties=encoded(lifecycle.planned(row, {}, news)))
            try:
                resource_id, state = lifecycle.create(row, self._aws(row, news), news)
            except lifecycle.IncompleteError as error:
                _abort_incomplete(context, error, news, sentence(_label(request.urn), error.cause))
        return provider_pb2.CreateResponse(id=resource_id, properties=encoded(state))

    def Read(self, request: Any, context: Any) -> provider_pb2.ReadResponse:  # noqa: N802
        """The live state of the resource; an empty answer if it does not exist."""
        with _answering(context, request.urn):
            row, state, recorded = _row(request.urn), decoded(request.properties), decoded(request.inputs)
            reading = lifecycle.read(row, self._aws(row, {**recorded, **state}), request.id, state, recorded)
        if reading is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=request.id, properties=encoded(reading.properties), inputs=encoded(reading.inputs)
        )

    def Update(self, request: Any, context: Any) -> provider_pb2.UpdateResponse:  # noqa: N802
        """Apply the inputs that changed."""
        with _answering(context, request.urn):
            row, state, news = _row(request.urn), decoded(request.olds), decoded(request.news)
            if request.preview:
                return provider_pb2.UpdateResponse(properties=encoded(lifecycle.planned(row, state, news)))
            olds = decoded(request.old_inputs)
            state = lifecycle.update(row, self._aws(row, news), request.id, olds=olds, news=news, state=state)
        return provider_pb2.UpdateResponse(properties=encoded(state))

    def Delete(self, request: Any, context: Any) -> Empty:  # noqa: N802
        """Delete the resource."""
        with _answering(context, request.urn):
            row, state = _row(request.urn), decoded(request.properties)
            patience = request.timeout or lifecycle.PATIENCE
            aws = self._aws(row, state)
            lifecycle.delete(row, aws, request.id, state, patience=patience, cancelled=self._cancelled)
        return Empty()

    def _aws(self, row: Resource, properties: Properties) -> Aws:
        return self._session.region(properties.get("region") if row.regional else None)


def _row(urn: str) -> Resource:
    type_name = _type(urn)
    if type_name not in RESOURCES:
        raise _unsupported()
    return RESOURCES[type_name]


def _unsupported() -> RefusedError:
    return RefusedError(
        "not supported by the emulated aws plugin (docs/local-aws.md lists what is); install the official plugin with "
        f"`pulumi plugin install resource aws {sdk_version()}`, and it is used instead"
    )


def _type(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _label(subject: str) -> str:
    return f"{_type(subject)} {_name(subject)!r}" if subject.startswith("urn:") else subject


@contextmanager
def _answering(context: Any, subject: str) -> Generator[None]:
    """Turn every exception into one sentence for the engine."""
    try:
        yield
    except Exception as error:
        if context.code() is not None:  # aborted already, with its own words
            raise
        context.abort(grpc.StatusCode.UNKNOWN, sentence(_label(subject), error))


def _property_diff(change: diff.Change) -> provider_pb2.PropertyDiff:
    kind = f"{change.kind}_REPLACE" if change.replaces else change.kind
    return provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.Kind.Value(kind), inputDiff=True)


def _abort_incomplete(context: Any, error: lifecycle.IncompleteError, news: Properties, reason: str) -> NoReturn:
    """Tell the engine that the resource exists but is not complete, so that it is recorded and completed later."""
    state = encoded({**news, "id": error.resource_id})
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.resource_id, properties=state, reasons=[reason], inputs=encoded(news)
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=reason)
    status.details.add().Pack(detail)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, reason)
    raise error  # abort has raised already
