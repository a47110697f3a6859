"""Reads the stacks in the project's file backend, and decides which one a command needs first."""

import json
import os
import shutil
import socket
from argparse import ArgumentError, ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from localaws.console import LocalawsError, say
from localaws.environment import PROJECT_FILES, Project
from localaws.processes import alive

DEFAULT_STACK = "local"
"""The stack that is created when none is selected, in a project with a `Pulumi.local.yaml`."""

CREATING_COMMANDS = frozenset({"up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "config"})
"""Commands for which the stack of `--stack` is created: after every start of the local AWS there are no stacks."""

STACK_COMMANDS = CREATING_COMMANDS | {"cancel", "console", "import", "logs", "stack", "state", "watch"}
"""Commands on a stack of the project: the one of `--stack`, else the selected one."""

AWS_COMMANDS = STACK_COMMANDS | {"do"}
"""Commands for which the local AWS is started; any other command, such as a misspelt one, starts nothing."""

VALUE_OPTIONS = ("--color", "--memprofilerate", "--profiling", "--tracing", "-v/--verbose")
"""Pulumi's global options with a value, which may stand before the command."""


REGION = "aws:region"
"""The stack's setting that names its Region."""


@dataclass(frozen=True, slots=True)
class Words:
    """The parts of a Pulumi command line that are used here. The command is "" if it only asks for help."""

    command: str
    stack: str | None
    folder: Path


def read_words(words: Sequence[str], environment: Mapping[str, str] = os.environ) -> Words:
    """The command, the stack that it names (`--stack`, or PULUMI_STACK), and the folder that it runs in (`--cwd`)."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("-s", "--stack", default=environment.get("PULUMI_STACK"))
    parser.add_argument("-C", "--cwd", type=Path, default=Path())
    parser.add_argument("-h", "--help", action="store_true")
    for option in VALUE_OPTIONS:
        parser.add_argument(*option.split("/"), dest="ignored")
    try:
        known, others = parser.parse_known_args(words)
    except ArgumentError as error:
        raise LocalawsError(str(error)) from None
    command = "" if known.help else next((word for word in others if not word.startswith("-")), "")
    return Words(command, known.stack, known.cwd)


def stack_to_create(words: Words, project: Project) -> str | None:
    """The stack that must be created and selected before the command runs, or None."""
    if words.command in CREATING_COMMANDS and words.stack:
        return None if _exists(project, words.stack) else words.stack
    if words.command in STACK_COMMANDS and not words.stack and not _selected(project):
        return DEFAULT_STACK if _config_file(project, DEFAULT_STACK).is_file() else None
    return None


def known_stacks(project: Project) -> dict[str, int]:
    """Each stack of the file backend with the number of resources in its state."""
    return {file.stem: len(_resources(file)) for file in sorted(_state_files(project))}


def configured_region(project: Project, environment: Mapping[str, str] = os.environ) -> str | None:
    """The `aws:region` of the stack that Pulumi would choose, else that of the project; None where neither says it."""
    stack = environment.get("PULUMI_STACK") or _selected(project) or DEFAULT_STACK
    for file in (_config_file(project, stack), *_project_files(project)):
        setting = _read_yaml(file).get("config", {}).get(REGION)
        value = setting.get("value") if isinstance(setting, dict) else setting
        if isinstance(value, str):
            return value
    return None


def set_vanished_stacks_aside(project: Project) -> None:
    """Move the state away if it has resources: they were in the memory of a local AWS that has ended.

    It is kept as `state.previous` until this happens again.
    """
    vanished = [name for name, resources in known_stacks(project).items() if resources]
    if not vanished:
        return
    previous = project.state.with_name("state.previous")
    shutil.rmtree(previous, ignore_errors=True)
    project.state.rename(previous)
    shutil.rmtree(project.pulumi_home / "workspaces", ignore_errors=True)
    say(f"the new local AWS is empty: the resources of {', '.join(vanished)} are gone; the state is kept in {previous}")


def release_dead_locks(project: Project) -> None:
    """Remove the stack locks of engines on this machine that were killed, and report those of running ones."""
    for file in _backend(project).glob("locks/**/*.json"):
        try:
            lock = json.loads(file.read_text())
        except FileNotFoundError:
            continue  # Its holder has just finished.
        if lock["hostname"] != socket.gethostname():
            continue  # Only `pulumi cancel` can release it.
        stack, process = file.parent.name, lock["pid"]
        if alive(process):
            say(
                f"stack {stack} is locked by a command since {lock['timestamp']}: wait, or end it with `kill {process}`"
            )
        else:
            file.unlink(missing_ok=True)
            say(f"released the lock on {stack} of a command that was killed (process {process})")


def _backend(project: Project) -> Path:
    return project.state / ".pulumi"


def _state_files(project: Project) -> Iterator[Path]:
    return _backend(project).glob("stacks/*/*.json")


def _exists(project: Project, stack: str) -> bool:
    return any(file.stem == stack.rpartition("/")[2] for file in _state_files(project))


def _resources(state_file: Path) -> list[object]:
    latest = json.loads(state_file.read_text())["checkpoint"].get("latest") or {}
    return latest.get("resources", [])


def _selected(project: Project) -> str | None:
    """The stack that `pulumi stack select` chose, whose name may have those of organization and project before it."""
    workspaces = (project.pulumi_home / "workspaces").glob("*-workspace.json")
    names = (json.loads(file.read_text()).get("stack") for file in workspaces)
    return next(filter(None, names), None)


def _config_file(project: Project, stack: str) -> Path:
    folders = [_read_yaml(file).get("stackConfigDir", "") for file in _project_files(project)]
    return project.root.joinpath(*folders[-1:]) / f"Pulumi.{stack.rpartition('/')[2]}.yaml"


def _project_files(project: Project) -> list[Path]:
    return [file for file in (project.root / name for name in PROJECT_FILES) if file.is_file()]


def _read_yaml(file: Path) -> dict[str, Any]:
    return (yaml.safe_load(file.read_text()) if file.is_file() else None) or {}
