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
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2
from typing_extensions import override

from localaws import __version__

PROGRAM_RUNNER = Path(__file__).with_name("program.py")

ALREADY_REPORTED = 32
"""The exit code of a program that has reported its error: the engine then reports nothing more."""

SECONDS_TO_STOP = 5.0
"""How long a cancelled program may take after its interrupt before it is killed."""

SECONDS_BETWEEN_LOOKS = 1.0
"""How often the host checks whether its engine still runs."""

CONCURRENT_CALLS = 8


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
        return plugin_pb2.PluginInfo(version=__version__)

    @override
    def About(self, request: language_pb2.AboutRequest, context: grpc.ServicerContext) -> language_pb2.AboutResponse:
        python = interpreter(request.info)
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
            python = interpreter(request.info)
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


def interpreter(info: language_pb2.ProgramInfo) -> Path:
    """The Python that runs the program: that of the runtime option `virtualenv`, else PULUMI_PYTHON_CMD, else this one.

    A relative `virtualenv` counts from the project's root.

    Raises:
        FileNotFoundError: There is no Python in that virtualenv. The message says how to make one.
    """
    virtualenv = json_format.MessageToDict(info.options).get("virtualenv")
    if not virtualenv:
        return Path(os.environ.get("PULUMI_PYTHON_CMD") or sys.executable)
    folder = Path(info.root_directory, virtualenv)
    python = folder / "bin" / "python"
    if not python.is_file():
        raise FileNotFoundError(
            f"Pulumi.yaml names the virtualenv {virtualenv!r}, but there is no Python in {folder}:"
            f" make one with `python3 -m venv {folder}` and install the program's requirements into it"
        )
    return python


def program_environment(base: Mapping[str, str], python: Path, request: language_pb2.RunRequest) -> dict[str, str]:
    """The program's environment: `base`, the stack's configuration, and the virtualenv of `python` activated.

    The configuration holds decrypted secrets, which is why it is not among the arguments that every process can see.
    """
    environment = {
        **base,
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }
    folder = python.parent.parent
    if (folder / "pyvenv.cfg").is_file():
        environment |= {
            "VIRTUAL_ENV": str(folder),
            "PATH": os.pathsep.join((str(python.parent), base.get("PATH", os.defpath))),
        }
        environment.pop("PYTHONHOME", None)
    return environment


def outcome(exit_code: int) -> language_pb2.RunResponse:
    """What the engine is told about a program that ended with `exit_code` (negative: the signal that ended it)."""
    if exit_code == 0:
        return language_pb2.RunResponse()
    if exit_code == ALREADY_REPORTED:
        return language_pb2.RunResponse(bail=True)
    if exit_code < 0:
        return language_pb2.RunResponse(error=f"the program was ended by {signal.Signals(-exit_code).name}")
    return language_pb2.RunResponse(error=f"the program exited with code {exit_code}")


def interrupt(program: subprocess.Popen[bytes]) -> None:
    """Interrupt `program` as Ctrl-C would, and kill it if it does not end."""
    if program.poll() is not None:
        return
    program.send_signal(signal.SIGINT)
    try:
        program.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        program.kill()


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
