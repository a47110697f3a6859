"""`pulumilocal` as a user runs it: the real local AWS, and a stand-in for Pulumi that tells how it was called."""

import os
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import nullcontext
from pathlib import Path

import pytest
import yaml

from localaws import __main__, commands
from localaws.engine.installation import built_engine, engine_version
from localaws.lock import locked

PULUMI = """#!/bin/sh
if [ "$1" = stack ]; then
    echo "pulumi $* in $PWD" >> "$PULUMI_HOME/calls"
    exit "${SELECTING:-0}"
fi
echo "pulumi $*" >> "$PULUMI_HOME/calls"
if [ "$1" = version ]; then touch "$PULUMI_HOME/log"; exec echo v3.0.0; fi
echo "$AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID"
cat
exit 7
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a `local` stack, and a folder `bin` with the stand-in."""
    root = tmp_path_factory.mktemp("project")
    (root / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (root / "Pulumi.local.yaml").write_text("config:\n  aws:region: eu-west-1\n")
    (root / "bin").mkdir()
    for name in ("pulumi", "pulumi-language-python"):
        (root / "bin" / name).write_text(PULUMI)
        (root / "bin" / name).chmod(0o755)
    return root


@pytest.fixture(scope="module")
def pulumilocal(folder: Path) -> Generator[Run]:
    """Runs a command in the project; the server ends with the module."""

    def run(*words: str, inside: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "localaws", *words],
            check=False,
            cwd=folder if inside is None else inside,
            env={**os.environ, "PATH": f"{folder / 'bin'}:{os.defpath}", "AWS_PROFILE": "prod", **variables},
            input="from standard input\n",
            capture_output=True,
            text=True,
        )

    yield run
    run("stop")


def calls(folder: Path) -> list[str]:
    """How the stand-in was called, oldest first."""
    return (folder / ".localaws" / "pulumi" / "calls").read_text().splitlines()


def test_a_pulumi_command_runs_against_the_local_aws(pulumilocal: Run, folder: Path) -> None:
    """Its words, standard input, standard output and exit code are Pulumi's; what localaws says is not among them."""
    command = pulumilocal("up", "--stack", "local", "--yes")

    assert command.returncode == 7
    assert command.stdout.startswith("http://localhost:")
    assert command.stdout.endswith(" localaws\nfrom standard input\n")
    assert calls(folder)[-3:] == [
        f"pulumi stack select --create local in {folder}/.localaws/stacks/p",
        f"pulumi stack select local in {folder}",
        f"pulumi up --stack local --yes --config-file={folder}/.localaws/stacks/p/Pulumi.local.yaml",
    ]


def test_a_stack_that_cannot_be_created_ends_the_command(pulumilocal: Run, folder: Path) -> None:
    """With Pulumi's own exit code and words."""
    command = pulumilocal("up", "--stack", "lo cal", SELECTING="4")

    assert command.returncode == 4
    assert calls(folder)[-1] == f"pulumi stack select --create lo cal in {folder}/.localaws/stacks/p"


@pytest.mark.parametrize(
    ("line", "called"),
    [
        ("preview --stack local", "preview --stack local {copy}"),
        ("--stack local up -- word", "--stack local up {copy} -- word"),
        ("up --stack local --config-file Pulumi.yaml", "up --stack local {copy}"),
        ("config --stack local set --secret a b", "config --stack local set --secret a b {copy}"),
        ("config --stack local set a b", "config --stack local set a b"),
        ("config --stack local rm a", "config --stack local rm a"),
        ("config --stack local", "config --stack local {copy}"),
        ("stack rm other", "stack rm other --preserve-config in {folder}"),
        ("stack init other", "stack select other in {folder}"),
        ("stack init other --no-select", "stack init other --no-select in {folder}/.localaws/stacks/p"),
        ("stack select --create other", "stack select --create other in {folder}"),
        ("stack output", "stack output in {folder}"),
    ],
)
def test_pulumi_writes_into_a_copy_of_the_stack_file(pulumilocal: Run, folder: Path, line: str, called: str) -> None:
    """Only plain settings are made in the file itself; no command creates a stack, or removes a file, beside it."""
    before = {file: file.read_text() for file in folder.glob("Pulumi.*")}

    pulumilocal(*line.split())

    copy = f"--config-file={folder}/.localaws/stacks/p/Pulumi.local.yaml"
    assert calls(folder)[-1] == f"pulumi {called.format(copy=copy, folder=folder)}"
    assert {file: file.read_text() for file in folder.glob("Pulumi.*")} == before


@pytest.mark.parametrize("command", ["set a 1", "rm a"])
def test_a_plain_setting_ends_the_local_value_of_its_key(pulumilocal: Run, folder: Path, command: str) -> None:
    """Which an earlier `up --config` has left in the copy."""
    pulumilocal("preview", "--stack", "local")
    copy = folder / ".localaws" / "stacks" / "p" / "Pulumi.local.yaml"
    content = yaml.safe_load(copy.read_text())
    copy.write_text(yaml.safe_dump({**content, "config": {**content["config"], "p:a": "2"}}, sort_keys=False))

    pulumilocal("config", "--stack", "local", *command.split())

    assert "p:a" not in yaml.safe_load(copy.read_text())["config"]


def test_replaced_secrets_are_reported(pulumilocal: Run, folder: Path) -> None:
    """By their keys, with the command that sets one."""
    foreign = "encryptionsalt: v1:AAAA:v1:AAAA:AAAA\nenvironment: [team]\nconfig:\n  p:token: {secure: v1:AAAA:AAAA}\n"
    (folder / "Pulumi.foreign.yaml").write_text(foreign)

    said = pulumilocal("up", "--stack", "foreign").stderr

    (folder / "Pulumi.foreign.yaml").unlink()
    assert (
        "localaws: stack foreign: another key encrypts p:token: replaced by 'replaced-by-pulumilocal'; set a value for "
        "local use with `pulumilocal config set --secret KEY VALUE --stack foreign`\n"
    ) in said
    assert "localaws: stack foreign: `environment` is left out: it needs Pulumi Cloud\n" in said


def test_a_build_of_the_engine_in_progress_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """`status` says that another command builds it, so that nobody starts a second one or waits in vain."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("LOCALAWS_CACHE", str(tmp_path / "cache"))
    shown: list[str] = []
    lock = built_engine().parent.with_name(f"{built_engine().parent.name}.lock")
    for holding in (nullcontext(), locked(lock, "")):
        with holding:
            commands.status(Path())
        shown += [line for line in capsys.readouterr().out.splitlines() if line.startswith("engine: ")]

    assert shown == [
        f"engine: {engine_version()}, not built yet",
        f"engine: {engine_version()}, being built by another command: a few minutes",
    ]


def test_the_server_runs_until_it_is_stopped(pulumilocal: Run) -> None:
    """`status` says so by its exit code."""
    assert pulumilocal("start").returncode == 0
    running = pulumilocal("status")
    assert pulumilocal("stop").returncode == 0
    stopped = pulumilocal("status")

    assert (running.returncode, stopped.returncode) == (0, 3)
    assert "server: http://localhost:" in running.stdout
    assert "bin/pulumi (v3.0.0)" in running.stdout
    assert "server: not running" in stopped.stdout
    assert "plugin: the emulated aws plugin" in running.stdout


@pytest.mark.parametrize("words", [("-C", "{}", "status"), ("status", "--cwd={}")])
def test_a_command_of_ones_own_runs_in_the_folder_that_is_named(
    pulumilocal: Run, folder: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """As a Pulumi command does: otherwise `-C` would make it one."""
    status = pulumilocal(*(word.format(folder) for word in words), inside=tmp_path)
    assert f"folder: {folder}/.localaws" in status.stdout


def test_to_ask_for_the_status_leaves_no_trace(pulumilocal: Run, tmp_path: Path) -> None:
    """Neither in the project nor in the user's home."""
    status = pulumilocal("status", inside=tmp_path, HOME=str(tmp_path))

    assert "(v3.0.0)" in status.stdout
    assert not list(tmp_path.iterdir())


def test_the_environment_can_be_had_in_a_shell(pulumilocal: Run, folder: Path) -> None:
    """What leads to an account is unset, what leads to the local AWS is set, the Region of the stack too."""
    lines = pulumilocal("env").stdout
    script = f'{lines}\necho "$PULUMI_HOME ${{AWS_PROFILE-unset}} $AWS_REGION $AWS_DEFAULT_REGION $AWS_ENDPOINT_URL"'
    shell = subprocess.run(
        ["sh", "-c", script], check=True, env={"AWS_PROFILE": "prod"}, capture_output=True, text=True
    )

    assert shell.stdout.startswith(f"{folder}/.localaws/pulumi unset eu-west-1 eu-west-1 http://localhost:")


def test_nobody_else_can_read_the_local_files(pulumilocal: Run, folder: Path) -> None:
    """Neither what localaws and the server write, nor what Pulumi does; a folder of an earlier version is closed."""
    (folder / ".localaws").chmod(0o755)
    pulumilocal("up", "--stack", "local", "--yes")

    local = [folder / ".localaws", *(folder / ".localaws").rglob("*")]
    names = {path.relative_to(folder).as_posix() for path in local}
    assert names >= {".localaws/server.json", ".localaws/server.log", ".localaws/lock", ".localaws/pulumi/calls"}
    assert [path for path in local if path.stat().st_mode & 0o077] == []


def test_a_stack_command_outside_a_project_starts_nothing(pulumilocal: Run, tmp_path: Path) -> None:
    """It says at once what is missing, and leaves no trace."""
    command = pulumilocal("up", "--stack", "local", inside=tmp_path)

    assert command.returncode == 1
    assert command.stderr == (
        f"localaws: there is no Pulumi.yaml in {tmp_path} or above: go to a project, or make one with `pulumi new`\n"
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [("upp",), ("new", "python"), ("up", "--help")])
def test_what_needs_no_aws_does_not_start_it(pulumilocal: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Pulumi runs, with a place for its stacks and no way to any AWS."""
    command = pulumilocal(*words, inside=tmp_path)

    assert command.stdout == " localaws\nfrom standard input\n"
    assert (tmp_path / ".localaws" / "state").is_dir()
    assert not (tmp_path / ".localaws" / "server.json").exists()


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_it_explains_itself(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without starting anything."""
    monkeypatch.setattr(sys, "argv", ["pulumilocal", *words])

    assert __main__.main() == 0
    assert "pulumilocal <pulumi command>" in capsys.readouterr().out


def test_a_refusal_is_one_sentence(pulumilocal: Run) -> None:
    """No traceback."""
    command = pulumilocal("up", LOCALAWS_AWS_PLUGIN="/nowhere")

    assert command.returncode == 1
    assert command.stderr.splitlines()[-1] == (
        "localaws: LOCALAWS_AWS_PLUGIN=/nowhere: there is no pulumi-resource-aws there; give its path, or `emulated`"
    )
    assert "Traceback" not in command.stderr
