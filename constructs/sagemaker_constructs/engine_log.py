"""Shows messages of the provider process in the row of the resource that they are about.

Input: a sentence. Output: a log message to the engine. The SDK has no way to send one (pulumi/pulumi#6065): its log
module finds no engine in a provider process. The engine's address is the process's last argument, and the resource's
URN stands in the request that the SDK is serving. Where either cannot be found, the message goes to stderr, which the
engine shows under the stack: nothing but the place of a message depends on the URN.
"""

from __future__ import annotations

import inspect
import sys
from functools import cache
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc


def report(message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
    """Show `message` in the row of the resource whose request this thread serves.

    Args:
        message: one sentence.
        warning: whether it is a warning.
        ephemeral: only in the status column while the operation runs, not among the diagnostics afterwards.
    """
    engine = _engine(sys.argv[-1])
    if engine is not None:
        severity = engine_pb2.WARNING if warning else engine_pb2.INFO
        request = engine_pb2.LogRequest(severity=severity, message=message, urn=_current_urn(), ephemeral=ephemeral)
        try:
            engine.Log(request, timeout=5)
        except grpc.RpcError:
            engine = None
    if engine is None and not ephemeral:
        sys.stderr.write(message + "\n")


def _current_urn() -> str:
    """The URN in the request that this thread serves; empty where there is none."""
    frame = inspect.currentframe()  # the SDK hands the request to nobody
    while frame is not None:
        urn = getattr(frame.f_locals.get("request"), "urn", None)
        if isinstance(urn, str):
            return urn
        frame = frame.f_back
    return ""


@cache
def _engine(address: str) -> Any:
    """A client of the engine at `address`; None where that is no address."""
    host, colon, port = address.rpartition(":")
    if not (host and colon and port.isdigit()):
        return None
    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))
