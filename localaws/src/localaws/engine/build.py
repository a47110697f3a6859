"""Builds the Pulumi executable from pinned Go modules, and shows the progress."""

import os
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from localaws.console import LocalawsError, say
from localaws.engine.progress import progress_shown

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"

LINES_OF_A_FAILURE = 12


@dataclass(slots=True)
class Work:
    """The progress of a build, read from Go's output."""

    fetched: int = 0
    planned: int = 0
    compiling: bool = False
    compiled: int = 0
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=LINES_OF_A_FAILURE))

    def __str__(self) -> str:
        if not self.compiling:
            return f"reading its Go modules, {self.fetched} fetched"
        if self.compiled < self.planned:
            return f"{self.compiled} of {self.planned} packages compiled"
        return "packages compiled, linking"

    def plan(self, line: str) -> None:
        """Read a line of `go build -n`, which fetches what is missing and names each package that it would build."""
        if line.startswith("go: downloading "):
            self.fetched += 1
        elif re.fullmatch(r"# \S+", line):
            self.planned += 1
        else:
            self.last_lines.append(line)

    def build(self, line: str) -> None:
        """Read a line of `go build -v`, which names each package that it builds."""
        if " " in line:
            self.last_lines.append(line)
        else:
            self.compiled += 1


def build_engine(go: str, modules: Path, version: str, engine: Path) -> None:
    """Build Pulumi `version` with `go` from the go.mod and go.sum in the folder `modules`, and install it as `engine`.

    The modules are copied first, so that a checkout or a wheel is never written to, and the result is renamed into
    place, so that a half-built engine is never found. The caller holds the lock.

    Raises:
        LocalawsError: Go failed; its last lines are in the message.
    """
    say(f"building the Pulumi engine {version} from its Go module: once, a few minutes")
    work = Work()
    flags = f"-s -w -X {VERSION_VARIABLE}={version}"
    command = [go, "build", "-mod=readonly", "-ldflags", flags, "-o", f"bin/{engine.name}"]
    with _build_folder(engine.parent, modules) as folder, progress_shown(f"Pulumi engine {version}", work):
        _go([*command, "-n", PACKAGE], folder, work.plan, work)
        work.compiling = True
        _go([*command, "-v", PACKAGE], folder, work.build, work)
        shutil.rmtree(engine.parent, ignore_errors=True)
        (folder / "bin").replace(engine.parent)
    say(f"the Pulumi engine {version} is ready in {engine.parent}")


@contextmanager
def _build_folder(destination: Path, modules: Path) -> Generator[Path]:
    """A temporary folder beside `destination` with copies of go.mod and go.sum; what a killed build left is removed."""
    folder = destination.with_name(f"{destination.name}.building")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        for name in ("go.mod", "go.sum"):
            shutil.copyfile(modules / name, folder / name)
        yield folder
    finally:
        shutil.rmtree(folder)


def _go(command: list[str], folder: Path, read: Callable[[str], None], work: Work) -> None:
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "GOWORK": "off"},  # a workspace somewhere above the cache folder has no part in this
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as go:
        for line in go.stdout or ():
            read(line.rstrip("\n"))
    if go.returncode:
        raise LocalawsError("\n  ".join(("Go could not build the Pulumi engine; its last lines:", *work.last_lines)))
