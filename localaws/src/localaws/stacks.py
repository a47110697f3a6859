"""Reads the stacks in the project's file backend, and decides which one a command needs first."""

import json
import os
import shutil
import socket
from argparse import ArgumentError, ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

from localaws.console import LocalawsError, say
from localaws.environment import Project
from localaws.processes import alive
from localaws.stack_files import project_files, project_name, read, stack_file

DEFAULT_STACK = "local"
"""The stack that is created when none is selected, in a project with a `Pulumi.local.yaml`."""

CREATING_COMMANDS = frozenset({"up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "config"})
"""Commands for which the stack of `--stack` is created: after every start of the local AWS there are no stacks."""

STACK_COMMANDS = CREATING_COMMANDS | {"cancel", "console", "import", "logs", "stack", "state", "watch"}
"""Commands on a stack of the project: the one of `--stack`, else the selected one."""

FILE_COMMANDS = CREATING_COMMANDS | {"import", "logs", "watch"}
"""Commands that read the stack's file, or another that `--config-file` names."""

AWS_COMMANDS = STACK_COMMANDS | {"do"}
"""Commands for which the local AWS is started; any other command, such as a misspelt one, starts nothing."""

VALUE_OPTIONS = ("--color", "--memprofilerate", "--profiling", "--tracing", "-v/--verbose")
"""Pulumi's global options with a value, which may stand before the command."""


REGION = "aws:region"
"""The stack's setting that names its Region."""


@dataclass(frozen=True, slots=True)
class Words:
    """The parts of a Pulumi command line that are used here. The command is "" if it only asks for help.

    Attributes:
        command: The command: `up`, `config`.
        stack: The stack that is named, by `--stack` or PULUMI_STACK.
        folder: The folder that it runs in.
        arguments: What follows the command and is no option: of `config set key value`, the last three.
        config_file: The file that `--config-file` names.
        creates: Whether it is `stack select --create`.
    """

    command: str
    stack: str | None
    folder: Path
    arguments: tuple[str, ...] = ()
    config_file: Path | None = None
    creates: bool = False


def read_words(words: Sequence[str], environment: Mapping[str, str] = os.environ) -> Words:
    """The command, the stack that it names (`--stack`, or PULUMI_STACK), and the folder that it runs in (`--cwd`)."""
    parser = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("-s", "--stack", default=environment.get("PULUMI_STACK"))
    parser.add_argument("-C", "--cwd", type=Path, default=Path())
    parser.add_argument("--config-file", type=Path)
    parser.add_argument("-h", "--help", action="store_true")
    for option in VALUE_OPTIONS:
        parser.add_argument(*option.split("/"), dest="ignored")
    try:
        known, others = parser.parse_known_args(words)
    except ArgumentError as error:
        raise LocalawsError(str(error)) from None
    plain = [word for word in others if not word.startswith("-")]
    command, *arguments = plain if plain and not known.help else [""]
    creates = (command, *arguments[:1]) == ("stack", "select") and not {"-c", "--create"}.isdisjoint(words)
    return Words(command, known.stack, known.cwd, tuple(arguments), known.config_file, creates)


def with_config_file(words: Sequence[str], file: Path) -> list[str]:
    """A command line with `--config-file`, in place of the one that it has."""
    end = words.index("--") if "--" in words else len(words)
    before, after = list(words[:end]), words[end:]
    kept = [
        word
        for previous, word in zip(["", *before], before, strict=False)
        if not word.startswith("--config-file") and previous != "--config-file"
    ]
    return [*kept, f"--config-file={file}", *after]


def stack_to_create(words: Words, project: Project) -> str | None:
    """The stack that must be created and selected before the command runs, or None."""
    if words.creates and words.arguments[1:]:
        return None if _exists(project, words.arguments[1]) else words.arguments[1]
    if words.command in CREATING_COMMANDS and words.stack:
        return None if _exists(project, words.stack) else words.stack
    if words.command in STACK_COMMANDS and not words.stack and not selected_stack(project):
        return DEFAULT_STACK if stack_file(project, DEFAULT_STACK).is_file() else None
    return None


def selected_stack(project: Project) -> str | None:
    """The stack that `pulumi stack select` chose, whose name may have those of organization and project before it.

    Pulumi notes it by backend, in a file that is named after the path of the project's file.
    """
    for file in project_files(project):
        digest = sha1(str(file).encode(), usedforsecurity=False).hexdigest()
        workspace = project.pulumi_home / "workspaces" / f"{project_name(project)}-{digest}-workspace.json"
        if workspace.is_file():
            noted = json.loads(workspace.read_text())
            return noted.get("stacks", {}).get(project.state.as_uri()) or noted.get("stack")
    return None


def known_stacks(project: Project) -> dict[str, int]:
    """Each stack of the file backend with the number of resources in its state; of another project, with its name."""
    own = project_name(project)
    return {
        file.stem if file.parent.name == own else f"{file.parent.name}/{file.stem}": len(_resources(file))
        for file in sorted(_state_files(project))
    }


def configured_region(project: Project, environment: Mapping[str, str] = os.environ) -> str | None:
    """The `aws:region` of the stack that Pulumi would choose, else that of the project; None where neither says it."""
    stack = environment.get("PULUMI_STACK") or selected_stack(project) or DEFAULT_STACK
    for file in (stack_file(project, stack), *project_files(project)):
        setting = read(file).get("config", {}).get(REGION)
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
    return (_backend(project) / "stacks" / project_name(project) / f"{stack.rpartition('/')[2]}.json").is_file()


def _resources(state_file: Path) -> list[object]:
    latest = json.loads(state_file.read_text())["checkpoint"].get("latest") or {}
    return latest.get("resources", [])
