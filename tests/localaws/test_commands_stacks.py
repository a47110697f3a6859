"""Which stacks there are, and which a command needs first."""

import json
import os
import socket
import subprocess
import sys
from hashlib import sha1
from pathlib import Path

import pytest

from localaws.console import LocalawsError
from localaws.environment import Project
from localaws.stacks import (
    Words,
    configured_region,
    known_stacks,
    read_words,
    release_dead_locks,
    set_vanished_stacks_aside,
    stack_to_create,
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose stack files are in `stacks`."""
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\nstackConfigDir: stacks\n")
    (tmp_path / "stacks").mkdir()
    return Project(tmp_path)


def add_stack(project: Project, name: str, resources: int = 0) -> None:
    """Put a stack into the file backend, as Pulumi writes it."""
    latest = {"resources": [{}] * resources} if resources else {}
    file = project.state / ".pulumi" / "stacks" / "p" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"version": 3, "checkpoint": {"latest": latest}}))


def add_lock(project: Project, process: int, host: str) -> Path:
    """Lock the stack `local`, as an engine with that process and host does."""
    lock = project.state / ".pulumi" / "locks" / "organization" / "p" / "local" / f"{process}.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(json.dumps({"pid": process, "hostname": host, "timestamp": "2026-01-02T03:04:05Z"}))
    return lock


def select(project: Project, stack: str) -> None:
    """Select a stack, as Pulumi writes it."""
    workspaces = project.pulumi_home / "workspaces"
    workspaces.mkdir(parents=True, exist_ok=True)
    digest = sha1(str(project.root / "Pulumi.yaml").encode(), usedforsecurity=False).hexdigest()
    noted = {"stacks": {project.state.as_uri(): f"organization/p/{stack}", "https://elsewhere": "other"}}
    (workspaces / f"p-{digest}-workspace.json").write_text(json.dumps(noted))


def dead_process() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("up", Words("up", None, Path())),
        ("config set --path a.b c", Words("config", None, Path(), ("set", "a.b", "c"))),
        ("up --config-file there.yaml", Words("up", None, Path(), config_file=Path("there.yaml"))),
        ("stack select -c dev", Words("stack", None, Path(), ("select", "dev"), creates=True)),
        ("up --stack dev --yes", Words("up", "dev", Path())),
        ("up -s dev -fy", Words("up", "dev", Path())),
        ("--stack=dev preview --diff", Words("preview", "dev", Path())),
        ("-C there --color never -v 9 up", Words("up", None, Path("there"))),
        ("stack output --json", Words("stack", None, Path(), ("output",))),
        ("--version", Words("", None, Path())),
        ("up --help", Words("", None, Path())),
    ],
)
def test_a_command_line_is_read(line: str, expected: Words) -> None:
    """Options may stand before the command, as Pulumi allows."""
    assert read_words(line.split(), {}) == expected


def test_the_environment_can_name_the_stack() -> None:
    """As Pulumi does; the command line comes first."""
    assert read_words(["up"], {"PULUMI_STACK": "dev"}).stack == "dev"
    assert read_words(["up", "-s", "prod"], {"PULUMI_STACK": "dev"}).stack == "prod"


def test_an_option_without_its_value_is_refused() -> None:
    """In one sentence."""
    with pytest.raises(LocalawsError, match="expected one argument"):
        read_words(["up", "--stack"], {})


@pytest.mark.parametrize("command", ["up", "preview", "refresh", "destroy", "config"])
def test_a_named_stack_is_created_when_it_is_not_there(project: Project, command: str) -> None:
    """So that `up --stack local` works on a fresh clone, and `destroy --stack local` after a restart."""
    add_stack(project, "there")

    assert stack_to_create(Words(command, "local", Path()), project) == "local"
    assert stack_to_create(Words(command, "there", Path()), project) is None
    assert stack_to_create(Words(command, "organization/p/there", Path()), project) is None


def test_other_commands_do_not_create_a_named_stack(project: Project) -> None:
    """A misspelt name is Pulumi's to refuse."""
    assert stack_to_create(Words("stack", "lcoal", Path()), project) is None


def test_without_a_selection_the_local_stack_is_created(project: Project) -> None:
    """When the project has values for it."""
    assert stack_to_create(Words("up", None, Path()), project) is None

    (project.root / "stacks" / "Pulumi.local.yaml").touch()

    assert stack_to_create(Words("up", None, Path()), project) == "local"
    assert stack_to_create(Words("version", None, Path()), project) is None


def test_a_selected_stack_stays_selected(project: Project) -> None:
    """Pulumi keeps the selection in its own folder."""
    (project.root / "stacks" / "Pulumi.local.yaml").touch()
    select(project, "there")

    assert stack_to_create(Words("up", None, Path()), project) is None


def configure(project: Project, stack: str, setting: str) -> None:
    """Write the configuration file of a stack, with a value for `aws:region`."""
    (project.root / "stacks" / f"Pulumi.{stack}.yaml").write_text(f"config:\n  aws:region: {setting}\n")


def test_the_region_is_that_of_the_stack_that_pulumi_would_choose(project: Project) -> None:
    """PULUMI_STACK comes first, then the selected one, then `local`."""
    configure(project, "local", "eu-west-1")
    configure(project, "there", "eu-west-2")
    configure(project, "dev", "eu-west-3")

    assert configured_region(project, {}) == "eu-west-1"
    select(project, "there")
    assert configured_region(project, {}) == "eu-west-2"
    assert configured_region(project, {"PULUMI_STACK": "organization/p/dev"}) == "eu-west-3"


def test_the_region_of_the_project_is_that_of_its_stacks(project: Project) -> None:
    """Unless a stack has one of its own, or one that cannot be read without its secret."""
    with (project.root / "Pulumi.yaml").open("a") as file:
        file.write("config:\n  aws:region: {value: eu-central-1}\n")

    assert configured_region(project, {}) == "eu-central-1"
    configure(project, "local", "{secure: v1:abc}")
    assert configured_region(project, {}) == "eu-central-1"
    configure(project, "local", "eu-west-1")
    assert configured_region(project, {}) == "eu-west-1"


def test_a_region_that_is_not_configured_is_not_known(project: Project) -> None:
    """The user's own environment then counts."""
    configure(project, "other", "eu-west-1")

    assert configured_region(project, {}) is None


def test_a_new_server_sets_the_state_of_vanished_objects_aside(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """The stacks that described objects are named, the state is kept, and no stack is selected any more."""
    add_stack(project, "local", resources=3)
    add_stack(project, "empty")
    workspaces = project.pulumi_home / "workspaces"
    workspaces.mkdir(parents=True)

    set_vanished_stacks_aside(project)

    assert known_stacks(project) == {}
    assert (project.folder / "state.previous" / ".pulumi" / "stacks" / "p" / "local.json").is_file()
    assert not workspaces.exists()
    assert "the resources of local are gone" in capsys.readouterr().err


def test_a_new_server_leaves_destroyed_stacks_alone(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Their state describes nothing, so nothing in it is stale."""
    add_stack(project, "local")

    set_vanished_stacks_aside(project)

    assert known_stacks(project) == {"local": 0}
    assert not capsys.readouterr().err


def test_the_lock_of_a_killed_engine_is_released(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """The locks of a living engine, and of one on another machine, stay; of the living one the user is told."""
    dead = dead_process()
    killed = add_lock(project, dead, socket.gethostname())
    living = add_lock(project, os.getpid(), socket.gethostname())
    elsewhere = add_lock(project, dead + 1, "another-machine")

    release_dead_locks(project)

    assert [lock.exists() for lock in (killed, living, elsewhere)] == [False, True, True]
    released, held = sorted(capsys.readouterr().err.splitlines(), key=lambda line: "is locked" in line)
    assert f"process {dead}" in released
    assert held == (
        "localaws: stack local is locked by a command since 2026-01-02T03:04:05Z: "
        f"wait, or end it with `kill {os.getpid()}`"
    )
