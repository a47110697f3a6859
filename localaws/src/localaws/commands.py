"""Implements the commands of `pulumilocal`."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from localaws.aws_plugin import choose_plugin, place_plugin
from localaws.console import say
from localaws.engine.installation import being_built, engine_version, found_engine, ready_engine
from localaws.environment import PRIVATE, Project, check_project_file, find_project, for_pulumi, make_folders
from localaws.server_process import ready_server, running_server, stop_server
from localaws.stack_files import PLACEHOLDER, copied, copies, forget_local_value, shared_setting
from localaws.stacks import (
    AWS_COMMANDS,
    FILE_COMMANDS,
    STACK_COMMANDS,
    Words,
    configured_region,
    known_stacks,
    read_words,
    release_dead_locks,
    selected_stack,
    stack_to_create,
    with_config_file,
)

NOT_RUNNING = 3


def setup(folder: Path) -> int:
    """Find or build the engine, which is the same for every folder."""
    del folder
    say(f"Pulumi is {ready_engine()}")
    return 0


def start(folder: Path) -> int:
    """Start the local AWS of the project that a folder is in, unless it is running."""
    os.umask(PRIVATE)
    server = ready_server(find_project(folder))
    say(f"the local AWS is at {server.url} (process {server.pid})")
    return 0


def stop(folder: Path) -> int:
    """End the local AWS."""
    server = stop_server(find_project(folder))
    say(f"the local AWS at {server.url} is stopped" if server else "the local AWS was not running")
    return 0


def env(folder: Path) -> int:
    """Print the environment of a Pulumi command for a shell, with the Region of the selected stack.

    The local AWS is started if needed.
    """
    project = find_project(folder)
    environment = _ready(project, ready_engine(), aws=True)
    if region := configured_region(project):
        environment |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    lines = [f"unset {name}" for name in os.environ if name not in environment]
    lines += [
        f"export {name}={shlex.quote(value)}" for name, value in environment.items() if os.environ.get(name) != value
    ]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def status(folder: Path) -> int:
    """Print the server, engine, plugin and stacks; return 0 if the local AWS is running, otherwise 3."""
    project = find_project(folder)
    server = running_server(project)
    engine = found_engine()
    stacks = ", ".join(f"{name} ({resources} resources)" for name, resources in known_stacks(project).items())
    rows = {
        "server": f"{server.url} (process {server.pid}, version {server.version})" if server else "not running",
        "engine": f"{engine} ({_version(engine)})" if engine else f"{engine_version()}, {_progress()}",
        "plugin": choose_plugin().reason,
        "stacks": stacks or "none",
        "folder": str(project.folder),
    }
    sys.stdout.write("".join(f"{name}: {value}\n" for name, value in rows.items()))
    return 0 if server else NOT_RUNNING


def pulumi(words: list[str]) -> NoReturn:
    """Replace this process by the Pulumi command `words`, run against the local AWS."""
    read = read_words(words)
    project = find_project(read.folder)
    if read.command in STACK_COMMANDS:
        check_project_file(project)
    engine = ready_engine()
    environment = _ready(project, engine, aws=read.command in AWS_COMMANDS)
    environment["PWD"] = str(Path.cwd())  # Pulumi notes the selected stack by this path: no symbolic link in it
    release_dead_locks(project)
    stack = stack_to_create(read, project)
    if stack:
        _create(project, stack, engine, environment)
    if read.command in FILE_COMMANDS and (stack := read.stack or selected_stack(project)):
        words = _with_copy(words, read, project, stack)
    match (read.command, *read.arguments):
        case ("stack", "init", *names):
            words = _initialise(words, project, engine, environment, *names)
        case ("stack", "rm", *_):
            words = [*words, "--preserve-config"]  # the file is the team's
        case _:
            pass
    os.execve(engine, ["pulumi", *words], environment)  # noqa: S606 - signals and exit code are then Pulumi's own


def _initialise(
    words: list[str], project: Project, engine: Path, environment: dict[str, str], *names: str
) -> list[str]:
    """Initialise a stack from the folder of copies; what is left to do is to select it in the project."""
    for name in names:
        copied(project, name)
    done = subprocess.run([engine, *words], check=False, cwd=copies(project), env=environment)
    if done.returncode or "--no-select" in words:
        sys.exit(done.returncode)
    return ["stack", "select", *names]


def _create(project: Project, stack: str, engine: Path, environment: dict[str, str]) -> None:
    """Create a stack from the folder of copies, where its salt is kept, and select it in the project."""
    copied(project, stack)
    for folder, words in ((copies(project), ("--create", stack)), (project.root, (stack,))):
        command = [engine, "stack", "select", *words]
        created = subprocess.run(command, check=False, cwd=folder, env=environment, stdout=sys.stderr)
        if created.returncode:
            sys.exit(created.returncode)


def _with_copy(words: list[str], read: Words, project: Project, stack: str) -> list[str]:
    """The words with the copy of the stack's file, except for a plain setting, which belongs into the file itself."""
    given = read.folder / read.config_file if read.config_file else None
    copy = copied(project, stack, given)
    match (read.command, *read.arguments):
        case ("config", "set" | "rm", key, *_) if "--secret" not in words and shared_setting(project, stack, key):
            forget_local_value(project, copy, key)
            return words
        case ("config", *_):
            pass
        case _:
            if copy.replaced:
                say(
                    f"stack {stack}: another key encrypts {', '.join(copy.replaced)}: replaced by {PLACEHOLDER!r}; "
                    f"set a value for local use with `pulumilocal config set --secret KEY VALUE --stack {stack}`"
                )
            for member in copy.left_out:
                say(f"stack {stack}: `{member}` is left out: it needs Pulumi Cloud")
    return with_config_file(words, copy.path)


def _progress() -> str:
    return "being built by another command: a few minutes" if being_built() else "not built yet"


def _version(engine: Path) -> str:
    # Pulumi writes a log into its home even here, and nobody's home is the place for it.
    with TemporaryDirectory() as home:
        environment = {**os.environ, "PULUMI_HOME": home, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        command = [engine, "version"]
        return subprocess.run(command, capture_output=True, check=False, env=environment, text=True).stdout.strip()


def _ready(project: Project, engine: Path, *, aws: bool) -> dict[str, str]:
    """Prepare the plugin and, with `aws`, start the local AWS; return the environment of a Pulumi command."""
    os.umask(PRIVATE)
    server = ready_server(project) if aws else running_server(project)
    make_folders(project)
    place_plugin(project, choose_plugin())
    return for_pulumi(os.environ, project, server.port if server else None, engine, sys.executable)
