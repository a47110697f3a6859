"""Gives a process a private /opt/ml, by user and mount namespaces of Linux, which need no privileges.

Input: what to show where. Output: nothing; the process and those that it starts see it, and nobody else.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

NEW_USER = 0x10000000
NEW_MOUNTS = 0x00020000
BIND = 4096
RECURSIVE = 16384
PRIVATE = 1 << 18
DETACH = 2
"""Flags of unshare(2), mount(2) and umount2(2)."""

OPT = Path("/opt")
ML = "ml"
HOSTS = "/etc/hosts"


def call(name: str, *arguments: bytes | int | None) -> None:
    """Calls a function of the C library.

    Raises:
        OSError: It failed.
    """
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def mount(source: str | Path, target: str | Path, flags: int, kind: str = "none") -> None:
    """Mounts `source` at `target`."""
    call("mount", str(source).encode(), str(target).encode(), kind.encode(), flags, None)


def enter(mounts: dict[str, str]) -> None:
    """Leaves this process's view of the machine for one of its own.

    Args:
        mounts: `ml`: the folder to show at /opt/ml. `hosts`: the file to show at /etc/hosts. `stage`: an empty folder.

    Raises:
        OSError: The kernel does not permit it, or this is not Linux.
    """
    if sys.platform != "linux":
        raise OSError("there are no namespaces on this system")
    user, group = os.getuid(), os.getgid()
    call("unshare", NEW_USER | NEW_MOUNTS)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    mount("none", "/", RECURSIVE | PRIVATE)
    show(mounts["ml"], OPT / ML, Path(mounts["stage"]))
    if Path(HOSTS).exists():
        mount(mounts["hosts"], HOSTS, BIND)


def show(folder: str, place: Path, stage: Path) -> None:
    """Shows a folder at a place below /opt. Where that does not exist, /opt becomes a copy of itself that has it."""
    if not place.is_dir():
        kept = sorted(OPT.iterdir())
        mount(OPT, stage, BIND | RECURSIVE)
        mount("tmpfs", OPT, 0, "tmpfs")
        for entry in kept:
            original = stage / entry.name
            if original.is_symlink():
                entry.symlink_to(original.readlink())
                continue
            entry.mkdir() if original.is_dir() else entry.touch()
            mount(original, entry, BIND | RECURSIVE)
        place.mkdir(parents=True)
        call("umount2", str(stage).encode(), DETACH)
    mount(folder, place, BIND | RECURSIVE)
