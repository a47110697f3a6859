"""The language host, as the engine sees it."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from localaws.engine.program_process import outcome, program_environment
from localaws.processes import alive
from localaws.version import release
from tests.localaws.eventually import eventually

HOST = [sys.executable, "-m", "localaws.engine.language_host", "127.0.0.1:1"]


@pytest.fixture
def host() -> Generator[subprocess.Popen[str]]:
    """A language host whose engine this test is."""
    with subprocess.Popen(HOST, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.terminate()


@pytest.fixture
def engine(host: subprocess.Popen[str]) -> Generator[language_pb2_grpc.LanguageRuntimeStub]:
    """The engine's side of the connection; the port is the host's first line."""
    assert host.stdout
    with grpc.insecure_channel(f"127.0.0.1:{int(host.stdout.readline())}") as channel:
        yield language_pb2_grpc.LanguageRuntimeStub(channel)


def program(root: Path, **options: str) -> language_pb2.ProgramInfo:
    """A program in a project at `root`, with these runtime options."""
    return language_pb2.ProgramInfo(
        root_directory=str(root),
        program_directory=str(root),
        entry_point=".",
        options=json_format.ParseDict(options, struct_pb2.Struct()),
    )


def add_virtualenv(folder: Path) -> Path:
    """Something that looks like a virtualenv; the result is its interpreter."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch(0o755)
    (folder / "pyvenv.cfg").touch()
    return python


def test_it_says_what_it_is(engine: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path) -> None:
    """The engine asks for its version, for the interpreter, and for the plugins that the program will need."""
    about = engine.About(language_pb2.AboutRequest(info=program(tmp_path)))

    assert engine.GetPluginInfo(empty_pb2.Empty()).version == release()
    assert about.version == ".".join(map(str, sys.version_info[:3]))
    assert not engine.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest()).packages
    assert not engine.GetRequiredPlugins(language_pb2.GetRequiredPluginsRequest()).plugins
    assert engine.Handshake(language_pb2.LanguageHandshakeRequest(engine_address="127.0.0.1:2"))


def test_it_ends_when_the_engine_says_so(
    host: subprocess.Popen[str], engine: language_pb2_grpc.LanguageRuntimeStub
) -> None:
    """Quietly: the engine waits for it at the end of every command."""
    engine.Cancel(empty_pb2.Empty())
    host.send_signal(signal.SIGINT)

    assert host.wait(timeout=60) == 0


def test_it_ends_when_the_engine_was_killed() -> None:
    """Nobody else would end it."""
    script = f"{' '.join(HOST)} & echo $!; sleep 60"
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, text=True, process_group=0) as shell:
        assert shell.stdout
        host, _port = int(shell.stdout.readline()), shell.stdout.readline()
        shell.kill()
    eventually(lambda: not alive(host))


def test_a_missing_virtualenv_is_explained(tmp_path: Path, engine: language_pb2_grpc.LanguageRuntimeStub) -> None:
    """As the error of the run, with the command that makes one."""
    answer = engine.Run(language_pb2.RunRequest(info=program(tmp_path, virtualenv=".venv"), pwd=str(tmp_path)))

    assert answer.error.startswith(f"there is no Python in {tmp_path}/.venv, which Pulumi.yaml names")
    assert f"make one with `python3 -m venv {tmp_path}/.venv`" in answer.error


def test_the_virtualenv_is_activated_for_the_program(tmp_path: Path) -> None:
    """So that what the program starts is from the same virtualenv."""
    python = add_virtualenv(tmp_path)
    environment = program_environment({"PATH": "/bin", "PYTHONHOME": "/opt"}, python, language_pb2.RunRequest())

    assert environment["PATH"] == f"{tmp_path}/bin:/bin"
    assert environment["VIRTUAL_ENV"] == str(tmp_path)
    assert "PYTHONHOME" not in environment


def test_a_program_outside_a_virtualenv_keeps_its_path() -> None:
    """There is nothing to activate."""
    environment = program_environment({"PATH": "/bin"}, Path("/no/such/bin/python"), language_pb2.RunRequest())

    assert environment["PATH"] == "/bin"
    assert "VIRTUAL_ENV" not in environment


PLUGIN = """
import os, sys
print(*sys.argv[1:], os.environ["GREETING"], os.getcwd(), flush=True)
print("to standard error", file=sys.stderr)
sys.exit(3)
"""


def test_a_plugin_is_run_and_its_output_passed_on(
    engine: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path
) -> None:
    """With the environment and in the folder that the engine names; its exit code comes last."""
    (tmp_path / "plugin").mkdir()
    (tmp_path / "plugin" / "__main__.py").write_text(PLUGIN)
    request = language_pb2.RunPluginRequest(
        pwd=str(tmp_path),
        info=program(tmp_path / "plugin"),
        args=["127.0.0.1:1"],
        env=[f"PATH={os.defpath}", "GREETING=a=b"],
        kind="resource",
    )

    answers = list(engine.RunPlugin(request))

    assert b"".join(each.stdout for each in answers) == f"127.0.0.1:1 a=b {tmp_path}\n".encode()
    assert b"".join(each.stderr for each in answers) == b"to standard error\n"
    assert answers[-1].exitcode == 3


def test_a_plugin_without_its_virtualenv_is_refused(
    engine: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path
) -> None:
    """With the command that makes one."""
    request = language_pb2.RunPluginRequest(info=program(tmp_path, toolchain="uv"), pwd=str(tmp_path))

    with pytest.raises(grpc.RpcError, match="make it with `uv sync`"):
        list(engine.RunPlugin(request))


@pytest.mark.parametrize(
    ("exit_code", "expected"),
    [
        (0, language_pb2.RunResponse()),
        (32, language_pb2.RunResponse(bail=True)),
        (3, language_pb2.RunResponse(error="the program exited with code 3")),
        (-9, language_pb2.RunResponse(error="the program was ended by SIGKILL")),
    ],
)
def test_the_engine_is_told_how_the_program_ended(exit_code: int, expected: language_pb2.RunResponse) -> None:
    """After 32, it says nothing more: the user has seen the error."""
    assert outcome(exit_code) == expected
