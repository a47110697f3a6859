"""Chooses the `pulumi-resource-aws` of a project: the official plugin where it can work, otherwise the emulated one."""

import os
import shlex
import shutil
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from localaws.console import LocalawsError, say
from localaws.environment import AWS_PLUGIN, FOLDER, FOLDER_VARIABLE, Project
from localaws.launchers import place_launcher
from localaws.plugin import sdk_version

SWITCH = "LOCALAWS_AWS_PLUGIN"
EMULATED = (sys.executable, "-u", "-P", "-m", "localaws.plugin")

ACCOUNT_HOST = "123456789012.localhost"
"""The host to which the official plugin sends S3 Control requests: the account, then the endpoint's host."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The command that serves the `aws` package, and a sentence that says which one it is and why."""

    command: tuple[str, ...]
    reason: str


def choose_plugin(environment: Mapping[str, str] = os.environ) -> Choice:
    """The plugin for the installed `pulumi-aws`.

    `LOCALAWS_AWS_PLUGIN` decides when it is set: `emulated`, or the path of an official plugin or of its folder.
    Otherwise it is the official one that the user has installed, provided that S3 Control can be reached by name.

    Raises:
        LocalawsError: `LOCALAWS_AWS_PLUGIN` names a path without a plugin.
    """
    switch = environment.get(SWITCH)
    if switch == "emulated":
        return Choice(EMULATED, f"the emulated aws plugin ({SWITCH}=emulated)")
    if switch:
        official = _executable(Path(switch).expanduser())
        if official is None:
            raise LocalawsError(f"{SWITCH}={switch}: there is no {AWS_PLUGIN} there; give its path, or `emulated`")
        return Choice((str(official),), f"the official aws plugin {official} ({SWITCH})")
    official = _installed(environment)
    if official is None:
        return Choice(EMULATED, "the emulated aws plugin (the official one is not installed)")
    if not _resolves(ACCOUNT_HOST):
        return Choice(
            EMULATED, f"the emulated aws plugin ({official} needs {ACCOUNT_HOST}, which does not resolve here)"
        )
    return Choice((str(official),), f"the official aws plugin {official}")


def place_plugin(project: Project, choice: Choice) -> None:
    """Put the chosen plugin into the project's own plugin folder, and report it when it has changed.

    It is a launcher script, so that the engine's usage records are kept in the project and not in the user's folder.
    """
    folder = project.pulumi_home / "plugins" / f"resource-aws-v{sdk_version()}"
    script = f'#!/bin/sh\n# {choice.reason}\nexec {shlex.join(choice.command)} "$@"\n'
    if place_launcher(folder / AWS_PLUGIN, script, mode=0o700):
        say(f"using {choice.reason}")


def _installed(environment: Mapping[str, str]) -> Path | None:
    """The official plugin of the installed SDK's version in the user's own Pulumi folder, else the one on PATH."""
    home = Path(environment.get("PULUMI_HOME") or Path.home() / ".pulumi")
    # Inside `pulumilocal env`, what is there was placed by `place_plugin`.
    if {home.parent.name, str(home.parent)} & {FOLDER, environment.get(FOLDER_VARIABLE)}:
        home = Path.home() / ".pulumi"
    found = _executable(home / "plugins" / f"resource-aws-v{sdk_version()}")
    on_path = shutil.which(AWS_PLUGIN, path=environment.get("PATH"))
    return found or (Path(on_path) if on_path else None)


def _executable(path: Path) -> Path | None:
    for candidate in (path, path / AWS_PLUGIN):
        if candidate.is_file():
            return candidate.absolute()
    return None


def _resolves(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        return False
    return True
