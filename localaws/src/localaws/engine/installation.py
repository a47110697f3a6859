"""Finds the Pulumi executable, and has it built once if there is none."""

import os
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path

from localaws.console import LocalawsError, say
from localaws.engine.build import build_engine
from localaws.launchers import place_launcher
from localaws.lock import held, locked

HERE = Path(__file__).parent
LAUNCHERS = HERE / "launchers"
LANGUAGE_HOST = "pulumi-language-python"


def engine_version(go_mod: Path = HERE / "go.mod") -> str:
    """The version of Pulumi that `go.mod` pins, as Go writes it: `v3.…`."""
    return _pinned(go_mod, r"github\.com/pulumi/pulumi/pkg/v3 (v\S+)")


def built_engine(environment: Mapping[str, str] = os.environ) -> Path:
    """The path of the engine that these pinned modules build, whether it is built yet or not.

    It is under the user's cache folder, or under `LOCALAWS_CACHE` when that is set; never inside the project.
    """
    cache = Path(environment.get("LOCALAWS_CACHE") or user_cache_path("localaws"))
    pinned = sha256((HERE / "go.sum").read_bytes()).hexdigest()[:12]
    return cache.absolute() / "engine" / f"{engine_version()}-{pinned}" / "pulumi"


def found_engine() -> Path | None:
    """The Pulumi executable on PATH, else the one that was built before, else None."""
    built = built_engine()
    return _installed() or (built if built.is_file() else None)


def being_built() -> bool:
    """Whether another command is building the engine at this moment."""
    return held(_lock(built_engine()))


def ready_engine() -> Path:
    """The Pulumi executable, which is built if there is none.

    Raises:
        LocalawsError: There is neither a Pulumi nor a Go to build one with, or the build failed.
    """
    return _installed() or _ready_built_engine()


def _installed() -> Path | None:
    """The `pulumi` on PATH, when its Python language host came with it."""
    found = shutil.which("pulumi")
    if found is None:
        return None
    beside = Path(found).resolve().with_name(LANGUAGE_HOST)
    if beside.is_file() or shutil.which(LANGUAGE_HOST):
        return Path(found)
    say(f"ignoring {found}: there is no {LANGUAGE_HOST} beside it or on PATH")
    return None


def _ready_built_engine() -> Path:
    engine = built_engine()
    if not engine.is_file():
        go = shutil.which("go")
        if go is None:
            minimum = _pinned(HERE / "go.mod", r"^go (\S+)$")
            raise LocalawsError(
                f"there is no Pulumi on PATH and no Go to build it with: install Pulumi, or Go {minimum} or newer"
            )
        with locked(_lock(engine), "another command is building the Pulumi engine; waiting for it"):
            if not engine.is_file():
                build_engine(go, HERE, engine_version(), engine)
    return _equipped(engine)


def _lock(engine: Path) -> Path:
    return engine.parent.with_name(f"{engine.parent.name}.lock")


def _equipped(engine: Path) -> Path:
    """The engine in a folder with the launchers of this release: it looks for them beside itself.

    Another release, in another environment, has other launchers; each release finds its own.
    """
    launchers = {
        launcher.name: launcher.read_text()
        for launcher in sorted(LAUNCHERS.iterdir())
        if launcher.is_file()  # not the bytecode that pip compiles there
    }
    folder = engine.parent / f"launchers-{sha256(repr(launchers).encode()).hexdigest()[:12]}"
    folder.mkdir(exist_ok=True)
    for name, script in launchers.items():
        place_launcher(folder / name, script)
    with suppress(FileExistsError):
        (folder / engine.name).hardlink_to(engine)  # not a symbolic link: the engine would look beside its target
    return folder / engine.name


def _pinned(go_mod: Path, pattern: str) -> str:
    match = re.search(pattern, go_mod.read_text(), re.MULTILINE)
    if match is None:
        raise LocalawsError(f"{go_mod} has no line that matches {pattern!r}: reinstall pulumi-localaws")
    return match[1]
