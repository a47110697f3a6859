"""Serves the language host of `runtime: python`: runs programs for the engine and reports how they ended.

The engine starts `pulumi-language-python`, which starts this module; the engine's address is the last argument, and
the port of the answering service is the first line on standard output. What the program prints follows there.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

from localaws.protocol import import_messages_alone

if __name__ == "__main__":
    import_messages_alone()

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2
from typing_extensions import override

from localaws.engine.interpreter import interpreter
from localaws.engine.program_process import activated, interrupt, outcome, output, program_environment
from localaws.version import release

PROGRAM_RUNNER = Path(__file__).with_name("program.py")

SECONDS_BETWEEN_LOOKS = 1.0
"""How often the host checks whether its engine still runs."""

CONCURRENT_CALLS = 32
"""Each plugin that runs takes one for as long as it runs."""

ANALYZER = "analyzer"
"""The kind of plugin that a policy pack is."""


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs programs for the engine at `engine_address`, each in a process of its own."""

    def __init__(self, engine_address: str) -> None:
        self._engine_address = engine_address
        self._programs: set[subprocess.Popen[bytes]] = set()

    @override
    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        self._engine_address = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    @override
    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=release())

    @override
    def About(self, request: language_pb2.AboutRequest, context: grpc.ServicerContext) -> language_pb2.AboutResponse:
        python = python_of(request.info)
        version = subprocess.run([python, "--version"], capture_output=True, check=True, text=True).stdout
        return language_pb2.AboutResponse(executable=str(python), version=version.removeprefix("Python ").strip())

    @override
    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        # None are foretold: the engine loads a plugin when the first resource of its package is registered.
        return language_pb2.GetRequiredPackagesResponse()

    @override
    def GetRequiredPlugins(
        self, request: language_pb2.GetRequiredPluginsRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPluginsResponse:
        return language_pb2.GetRequiredPluginsResponse()

    @override
    def Run(self, request: language_pb2.RunRequest, context: grpc.ServicerContext) -> language_pb2.RunResponse:
        try:
            python = python_of(request.info)
        except FileNotFoundError as missing:
            return language_pb2.RunResponse(error=str(missing))
        program = subprocess.Popen(
            [python, "-u", PROGRAM_RUNNER, self._settings(request), request.info.entry_point, *request.args],
            cwd=request.pwd,
            env=program_environment(os.environ, python, request),
        )
        self._programs.add(program)
        context.add_callback(lambda: interrupt(program))
        code = program.wait()
        self._programs.discard(program)
        return outcome(code)

    @override
    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        try:
            python = python_of(request.info)
        except FileNotFoundError as missing:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(missing))
        program = request.info.program_directory
        # The SDK has a runner for policy packs. Any other plugin is a program that serves by itself.
        command = (
            ["-m", "pulumi.policy", *request.args, program] if request.kind == ANALYZER else [program, *request.args]
        )
        plugin = subprocess.Popen(
            [python, "-u", *command],
            cwd=request.pwd,
            env=activated(dict(each.split("=", 1) for each in request.env) or os.environ, python),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._programs.add(plugin)
        context.add_callback(lambda: interrupt(plugin))
        yield from output(plugin)
        self._programs.discard(plugin)
        yield language_pb2.RunPluginResponse(exitcode=plugin.wait())

    @override
    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self.interrupt_programs()
        return empty_pb2.Empty()

    def interrupt_programs(self) -> None:
        """End every program that still runs."""
        for program in tuple(self._programs):
            interrupt(program)

    def _settings(self, request: language_pb2.RunRequest) -> str:
        """The arguments of `pulumi.runtime.Settings`, as JSON."""
        return json.dumps(
            {
                "project": request.project,
                "stack": request.stack,
                "organization": request.organization,
                "root_directory": request.info.root_directory,
                "monitor": request.monitor_address,
                "engine": self._engine_address,
                "parallel": request.parallel,
                "dry_run": request.dryRun,
            }
        )


def python_of(info: language_pb2.ProgramInfo) -> Path:
    """The Python of a program's own environment.

    Raises:
        FileNotFoundError: It is missing. The message says how to make it.
    """
    return interpreter(json_format.MessageToDict(info.options), Path(info.root_directory))


def main() -> None:
    """Serve the engine until it sends a signal or has ended."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, stop)
    engine = os.getppid()
    host = LanguageHost(sys.argv[-1])
    server = grpc.server(
        ThreadPoolExecutor(CONCURRENT_CALLS),
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)],
    )
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    while not stopping.wait(SECONDS_BETWEEN_LOOKS) and os.getppid() == engine:
        pass
    host.interrupt_programs()
    server.stop(grace=None)


if __name__ == "__main__":
    main()
