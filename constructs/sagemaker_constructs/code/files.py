"""Reads the files that are to be packed, and refuses what must not be.

Input: a folder or a file, an entry point, and the files beside the code. Output: the contents by path, or everything
that is wrong, a sentence each. What `.sagemakerignore` names, in gitignore's syntax, is not packed; neither is what
tools leave behind (`IGNORED`), unless a line of that file excepts it with `!`.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

from sagemaker_constructs.api.credential_formats import FILES as CREDENTIAL_FILES
from sagemaker_constructs.api.credential_search import credentials_of_program

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

IGNORE_FILE = ".sagemakerignore"
IGNORED = (
    ".git/", ".hg/", ".svn/", "__pycache__/", "*.pyc", ".ipynb_checkpoints/", "*.egg-info/", ".DS_Store", "Thumbs.db",
    ".venv/", "venv/", "node_modules/", ".mypy_cache/", ".pytest_cache/", ".ruff_cache/", ".tox/", ".nox/", ".cache/",
    ".idea/", ".vscode/", ".pulumi/", ".localaws/", IGNORE_FILE,
)  # fmt: skip
"""What is never part of a program, as patterns of gitignore."""
ENTRY_POINTS = (".py", ".sh")
"""Endings of what a container can start."""

_CREDENTIALS = GitIgnoreSpec.from_lines(CREDENTIAL_FILES)
_SEARCHED = 1024 * 1024
"""Bytes of the longest file that is searched for credentials: a longer one is data, and would take seconds."""
_LARGEST = 3
"""How many files are named where all together are too large."""
_MIB = 1024 * 1024


@dataclass
class Packable:
    """What was found: the files, and what is wrong with them."""

    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    mistakes: list[str] = field(default_factory=list[str])


def read_files(
    source: Path, entry_point: str, dependencies: Iterable[Path], accepted: Iterable[str], limit_in_mib: int
) -> Packable:
    """The files of a program.

    Args:
        source: a folder, or the only file.
        entry_point: the file that is started, by its path in the archive.
        dependencies: files and folders that are packed beside the code, each under its own name.
        accepted: paths in the archive of files that look as if they contained a credential, and do not.
        limit_in_mib: how large all files may be together.
    """
    found = Packable()
    paths: dict[str, Path] = {}
    for root, prefix in ((source, None), *((each, each.name) for each in dependencies)):
        for path, file in _below(root, prefix, found.mistakes):
            if path in paths:
                found.mistakes.append(f"{path} is found twice: {paths[path]} and {file}")
            paths[path] = file
    too_large = list(_wrong_size(paths, limit_in_mib))
    found.mistakes += [*too_large, *_wrong_entry_point(entry_point, paths)]
    if too_large:
        return found  # nothing is read
    accepted = set(accepted)
    for path, file in paths.items():
        found.files[path] = file.read_bytes()
        if path not in accepted and (why := _credential(path, found.files[path])):
            found.mistakes.append(
                f"{path} {why}: whoever may read the bucket can read it; store it in AWS Secrets Manager and name the "
                f"file in {IGNORE_FILE}; if it is no secret, name it in not_secret"
            )
    found.mistakes += [f"not_secret: there is no {path}" for path in sorted(accepted - paths.keys())]
    return found


def _below(root: Path, prefix: str | None, mistakes: list[str]) -> Iterator[tuple[str, Path]]:
    """The files of a folder that are not ignored, or the file itself, with their paths in the archive."""
    if root.is_symlink() or not root.exists():
        mistakes.append(f"{root} is a symbolic link" if root.is_symlink() else f"there is no {root}")
    elif root.is_file():
        yield root.name, root
    else:
        start = f"{prefix}/" if prefix else ""
        for path in _walk(root, "", _ignored(root), mistakes):
            yield f"{start}{path}", root / path


def _ignored(root: Path) -> GitIgnoreSpec:
    own = root / IGNORE_FILE
    return GitIgnoreSpec.from_lines([*IGNORED, *(own.read_text("utf-8").splitlines() if own.is_file() else ())])


def _walk(root: Path, below: str, ignored: GitIgnoreSpec, mistakes: list[str]) -> Iterator[str]:
    """The paths of the files, sorted; an ignored folder is not entered."""
    for entry in sorted(os.scandir(root / below), key=lambda each: each.name):
        path = f"{below}{entry.name}"
        kind = entry.stat(follow_symlinks=False).st_mode
        if ignored.match_file(f"{path}/" if stat.S_ISDIR(kind) else path):
            continue
        if stat.S_ISDIR(kind):
            yield from _walk(root, f"{path}/", ignored, mistakes)
        elif stat.S_ISREG(kind):
            yield path
        else:
            what = "a symbolic link" if stat.S_ISLNK(kind) else "neither a file nor a folder"
            mistakes.append(f"{path} is {what}: replace it by what it stands for, or name it in {IGNORE_FILE}")


def _wrong_size(paths: dict[str, Path], limit_in_mib: int) -> Iterator[str]:
    sizes = {path: file.stat().st_size for path, file in paths.items()}
    if sum(sizes.values()) > limit_in_mib * _MIB:
        largest = sorted(sizes, key=lambda path: -sizes[path])[:_LARGEST]
        named = ", ".join(f"{path} ({sizes[path] / _MIB:.1f} MiB)" for path in largest)
        yield (
            f"the files are {sum(sizes.values()) / _MIB:.1f} MiB, at most {limit_in_mib} MiB are allowed; the largest: "
            f"{named}; name what is not code in {IGNORE_FILE}, pass data as a channel, or set limit_in_mib"
        )


def _wrong_entry_point(entry_point: str, paths: dict[str, Path]) -> Iterator[str]:
    if entry_point not in paths:
        programs = sorted(path for path in paths if path.endswith(ENTRY_POINTS) and "/" not in path)
        yield (
            f"entry_point: got {entry_point!r}, expected the path of a file that is packed"
            + (f", such as {' or '.join(programs[:_LARGEST])}" if programs else "")
        )
    elif not entry_point.endswith(ENTRY_POINTS):
        yield f"entry_point: got {entry_point!r}, expected a file that ends in {' or '.join(ENTRY_POINTS)}"


def _credential(path: str, content: bytes) -> str | None:
    """Why a file is taken for a secret."""
    if _CREDENTIALS.match_file(path):
        return "is a file of credentials by its name"
    if len(content) > _SEARCHED or b"\0" in content:
        return None
    text = content.decode("utf-8", "replace")
    found = next(credentials_of_program(text), None)
    return (
        found
        and f"contains what looks like a credential ({found.kind}, line {text.count(chr(10), 0, found.start) + 1})"
    )
