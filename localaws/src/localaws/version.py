"""Computes the version of the server's code: the release and a hash of its source files."""

from hashlib import sha256
from pathlib import Path

from localaws import __version__


def source_version(folder: Path = Path(__file__).parent / "server") -> str:
    """The release, `+`, and twelve digits of a hash of the names and contents of the Python files under `folder`.

    A server that reports another version runs other code, and is not reused.
    """
    digest = sha256()
    for source in sorted(folder.rglob("*.py")):
        digest.update(source.relative_to(folder).as_posix().encode())
        digest.update(source.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"
